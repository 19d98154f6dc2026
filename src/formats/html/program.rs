//! A program of a case: what it showed, folded; inside, its trials over time, how often it did what, its events and its
//! source. What would make the page too large is cut, and says so.

use std::collections::HashMap;

use crate::formats::highlight::highlight;
use crate::formats::mark::Mark;
use crate::formats::rows::seen;
use crate::formats::svg::draw;
use crate::model::report::{EventRow, ProgramAbout, ProgramResult, Report, Trial};
use crate::model::verdict::Verdict;
use crate::terminal::style::Tone;
use crate::terminal::text::{counted, milliseconds, visible};
use crate::timeline::{Figure, Panel, Role, Scale};

/// Orders that are listed.
pub(super) const ORDERS: usize = 8;
/// Characters of an order or a line.
const LONG: usize = 400;
/// Bytes that a row of the events takes, about.
const EVENT: usize = 160;
/// How wide the bar of all trials is, in pixels.
const WHOLE: f64 = 200.0;

/// One program on one toolchain, with what the template cannot look up in its row.
pub(super) struct ProgramArticle<'r> {
    /// Its row in the report, and the number of that.
    pub(super) row: &'r ProgramResult,
    pub(super) n: usize,
    /// What a link to it names.
    pub(super) id: String,
    /// What the behaviour that it showed stands for.
    pub(super) role: Role,
    pub(super) about: Option<&'r ProgramAbout>,
    /// Its trials over time.
    pub(super) picture: Option<String>,
    /// The trial whose events are listed, and those of them that fit.
    pub(super) trial: Option<&'r Trial>,
    pub(super) events: &'r [EventRow],
    /// The beginning of its source as HTML, and what is left out.
    pub(super) source: Option<(String, String)>,
}

impl<'r> ProgramArticle<'r> {
    /// At most about `allowance` bytes of HTML.
    pub(super) fn new(
        report: &'r Report,
        (n, id): (usize, String),
        row: &'r ProgramResult,
        allowance: usize,
    ) -> ProgramArticle<'r> {
        let shown = row.behaviours.keys().next().map(String::as_str);
        let about = report.about.get(&row.case);
        let about = about.and_then(|about| about.programs.get(&row.program()));
        let trials = told(row);
        let picture = own_picture(report, row, &trials);
        let picture = picture.filter(|picture| picture.len() <= allowance / 2 + 2_000);
        let left = allowance.saturating_sub(picture.as_ref().map_or(0, String::len));
        let trial = trials.last().copied();
        ProgramArticle {
            row,
            n,
            id,
            role: Role::of(report, &row.case, shown),
            about,
            picture,
            trial,
            events: trial.map_or(&[], |trial| fitting(&trial.events, left / 3)),
            source: about.and_then(|about| source(row, about, left / 2)),
        }
    }

    pub(super) fn tone(&self) -> &'static str {
        Tone::of_verdict(self.row.verdict).name()
    }

    /// The class and the sign by which it is known at a glance.
    pub(super) fn mark(&self) -> (&'static str, &'static str) {
        let mark = Mark::of(self.row, self.role);
        (mark.class(), mark.signs().0)
    }

    /// What screen readers say in place of the sign.
    pub(super) fn says(&self) -> String {
        if self.row.verdict == Verdict::Pass {
            seen(self.row)
        } else {
            self.row.verdict.name().into()
        }
    }

    /// How its output was captured, and how late the machine was.
    pub(super) fn capture(&self) -> Option<String> {
        let trials = self.row.trials.iter();
        let late = trials.filter_map(|trial| trial.conditions.canary_delay_ns);
        let late = late.max().map(milliseconds);
        let late = late.map(|ms| format!(", the machine at most {ms:.1} ms late"));
        let capture = &self.row.trials.first()?.capture;
        Some(format!("capture {capture}{}", late.unwrap_or_default()))
    }
}

/// The link target of each row: the first row of a program has its name, its others have their toolchain's name as well.
pub(super) fn ids(report: &Report) -> Vec<String> {
    let mut taken: HashMap<String, usize> = HashMap::new();
    let ids = report.results.iter().map(|row| {
        let program = visible(&format!("{}/{}", row.case, row.program()));
        let times = taken.entry(program.clone()).or_default();
        *times += 1;
        match (&row.toolchain, *times) {
            (_, 1) => program,
            (Some(toolchain), _) => {
                let name = toolchain.split(' ').skip(1).collect::<Vec<_>>().join("-");
                visible(&format!("{program}@{name}"))
            }
            (None, times) => format!("{program}@{times}"),
        }
    });
    ids.collect()
}

/// The first trial that passed and the first that did not, as far as they were kept.
fn told(row: &ProgramResult) -> Vec<&Trial> {
    let kept = row.trials.iter().filter(|trial| trial.is_kept());
    let passes = |trial: &&Trial| trial.verdict == Verdict::Pass;
    let passed = kept.clone().find(passes);
    let other = kept.clone().find(|trial| !passes(trial));
    passed.into_iter().chain(other).collect()
}

fn own_picture(report: &Report, row: &ProgramResult, trials: &[&Trial]) -> Option<String> {
    let panels = trials.iter().map(|trial| Panel::of(report, row, trial));
    let panels: Vec<Panel<'_>> = panels.collect();
    (!panels.is_empty()).then(|| {
        let figure = Figure {
            case: &row.case,
            title: None,
            scale: Scale::of(panels.iter().map(|panel| &panel.timeline)),
            panels,
        };
        draw(&figure).element()
    })
}

/// The pixels that a share of all trials takes.
pub(super) fn pixels(share: f64) -> String {
    format!("{:.1}", share.clamp(0.0, 1.0) * WHOLE)
}

/// As many events as fit into about `allowance` bytes.
fn fitting(events: &[EventRow], allowance: usize) -> &[EventRow] {
    let mut left = allowance.max(4 * EVENT);
    let fits = |event: &&EventRow| {
        let fits = left > 0;
        left = left.saturating_sub(EVENT + event.text.len().min(LONG));
        fits
    };
    &events[..events.iter().take_while(fits).count()]
}

/// The label of an event with what its pattern captured.
pub(super) fn label(event: &EventRow) -> String {
    let values = event.values.iter();
    let values: String = values
        .map(|(name, value)| format!(" {name}={value}"))
        .collect();
    let label = event.label.as_deref().unwrap_or_default();
    short(&format!("{label}{values}"))
}

fn source(row: &ProgramResult, about: &ProgramAbout, allowance: usize) -> Option<(String, String)> {
    let text = about.text.as_deref()?;
    // Highlighted it is about twice as long.
    let mut left = (allowance / 2).max(700);
    let fits = |line: &&str| {
        let fits = line.len() <= left;
        left = left.saturating_sub(line.len());
        fits
    };
    let kept: usize = text
        .split_inclusive('\n')
        .take_while(fits)
        .map(str::len)
        .sum();
    let (kept, left_out) = text.split_at(kept);
    let more = match (left_out.lines().count(), about.left_out_bytes) {
        (0, 0) => String::new(),
        (0, bytes) => format!("… {bytes} bytes more"),
        (lines, 0) => format!("… {}", counted(lines, "more line")),
        (lines, bytes) => format!("… {lines} lines and {bytes} bytes more"),
    };
    Some((highlight(&row.language, kept), more))
}

/// The beginning of a text, on one line.
pub(super) fn short(text: &str) -> String {
    let shown: String = text.chars().take(LONG).collect();
    let more = if shown.len() < text.len() { "…" } else { "" };
    format!("{}{more}", visible(&shown))
}
