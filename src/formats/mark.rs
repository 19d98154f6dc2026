//! The sign by which a program is known where many stand together: whether it showed a pitfall, or did not pass.

use crate::model::report::ProgramResult;
use crate::model::verdict::Verdict;
use crate::terminal::style::Tone;
use crate::timeline::Role;

/// A sign, and what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// It passes and shows a pitfall.
    Pitfall,
    /// It passes and shows another behaviour.
    Remedy,
    /// It passes, in a case without pitfalls.
    Good,
    /// It was not run, and that is no news.
    Quiet,
    /// It did not pass.
    Odd(Tone),
}

impl Mark {
    /// The mark of a row that showed a behaviour of this role.
    pub(super) fn of(row: &ProgramResult, role: Role) -> Mark {
        match (row.verdict, role) {
            (Verdict::Pass, Role::Pitfall) => Mark::Pitfall,
            (Verdict::Pass, Role::Remedy) => Mark::Remedy,
            (Verdict::Pass, Role::Neither) => Mark::Good,
            (verdict, _) if !verdict.is_news() => Mark::Quiet,
            (verdict, _) => Mark::Odd(Tone::of_verdict(verdict)),
        }
    }

    /// The class in style sheets.
    pub(super) fn class(self) -> &'static str {
        match self {
            Mark::Pitfall => "pitfall",
            Mark::Remedy => "remedy",
            Mark::Good => "good",
            Mark::Quiet => "quiet",
            Mark::Odd(tone) => tone.name(),
        }
    }

    /// The sign, and one of ASCII alone.
    pub(super) fn signs(self) -> (&'static str, &'static str) {
        match self {
            Mark::Pitfall => ("▲", "^"),
            Mark::Remedy | Mark::Good => ("●", "o"),
            Mark::Quiet => ("○", "-"),
            Mark::Odd(_) => ("✕", "x"),
        }
    }

    /// What a program with it did, in a few words.
    pub(super) fn says(self) -> &'static str {
        match self {
            Mark::Pitfall => "shows a pitfall",
            Mark::Remedy => "is free of it",
            Mark::Good => "passed",
            Mark::Quiet => "was not run",
            Mark::Odd(_) => "did not pass",
        }
    }

    /// The tone in a terminal: what is as expected needs none.
    pub(super) fn tone(self) -> Tone {
        match self {
            Mark::Pitfall | Mark::Remedy | Mark::Good => Tone::Plain,
            Mark::Quiet => Tone::Quiet,
            Mark::Odd(tone) => tone,
        }
    }
}
