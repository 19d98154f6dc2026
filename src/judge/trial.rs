//! From one trial to its verdict.

use super::behaviour::{self, Standing};
use super::buffered::is_buffered;
use super::failure::Failure;
use super::filed::Filed;
use super::judgement::{Judgement, Reason};
use super::label;
use super::lack::Lack;
use super::spans;
use super::timeline::Timeline;
use super::truth::{Outcome, Truth};
use crate::model::case::{Case, Grade, Program};
use crate::model::trace::{Exit, Trace};
use crate::model::verdict::Verdict;

/// Judges one trial of `program`.
///
/// Labels its lines, holds every behaviour of the case against the events, and compares the one that is shown with what
/// the program is expected to show.
#[must_use]
pub fn judge(case: &Case, program: &Program, trace: &Trace) -> Judgement {
    let events = match label::events(case, program, trace) {
        Ok(events) => events,
        Err(tie) => return ambiguous_line(tie),
    };
    let margin_ns = case
        .margin
        .map(|margin| u64::try_from(margin.as_nanos()).unwrap_or(u64::MAX));
    let filed = Filed::new(events, trace, margin_ns);
    let timeline = Timeline::new(&filed, trace);
    let trial = Trial {
        case,
        program,
        timeline,
    };
    let mut standings = behaviour::hold_all(case, program, &timeline);
    let answer = match standings.iter().filter(|s| is_shown(s)).count() {
        0 => trial.none_shown(&mut standings),
        1 => trial.one_shown(&standings),
        _ => several_shown(&standings),
    };
    let answer = answer.unless_disturbed(trace);
    trial.sort(&mut standings);
    let lacks = standings.into_iter().flat_map(|standing| standing.lacks);
    Judgement {
        verdict: answer.verdict,
        behaviour: answer.behaviour,
        reason: answer.reason,
        peak: spans::most_at_once(case, &timeline),
        spans: spans::paired(case, &timeline),
        lacks: answer.lacks.into_iter().chain(lacks).collect(),
        events: filed.into_events(),
    }
}

/// Whether a behaviour that was shown is one that the program may show.
#[must_use]
pub fn compare(program: &Program, shown: &str) -> (Verdict, Option<Reason>) {
    match program.shows.get(shown) {
        Some(Grade::Must | Grade::May | Grade::Times(_) | Grade::Share(_)) => (Verdict::Pass, None),
        Some(Grade::Never) => (Verdict::Fail, Some(Reason::MustNever(shown.into()))),
        None => {
            let grades = program.shows.iter();
            let expected = grades.filter(|(_, grade)| **grade != Grade::Never);
            let expected = expected.map(|(name, _)| name.clone()).collect();
            (
                Verdict::Fail,
                Some(Reason::Unexpected(shown.into(), expected)),
            )
        }
    }
}

/// One trial of a program.
struct Trial<'t> {
    case: &'t Case,
    program: &'t Program,
    timeline: Timeline<'t>,
}

/// What is made of a trial, once its behaviours are held.
struct Answer {
    verdict: Verdict,
    behaviour: Option<String>,
    reason: Option<Reason>,
    lacks: Vec<Lack>,
}

impl Answer {
    fn without_behaviour(verdict: Verdict, reason: Reason) -> Answer {
        Answer {
            verdict,
            behaviour: None,
            reason: Some(reason),
            lacks: Vec::new(),
        }
    }

    /// What others asked of the stand-in may have changed what it answered, and when: nothing is told of such a trial.
    fn unless_disturbed(self, trace: &Trace) -> Answer {
        let unexpected = &trace.conditions.unexpected_requests;
        if unexpected.is_empty() || self.verdict == Verdict::Ambiguous {
            return self;
        }
        let reason = Reason::Neighbours(unexpected.clone());
        Answer::without_behaviour(Verdict::Inconclusive, reason)
    }
}

impl Trial<'_> {
    /// The nearest behaviour first; of those as near, the one expected.
    fn sort(&self, standings: &mut [Standing]) {
        let expected = |standing: &Standing| self.program.shows.contains_key(&standing.name);
        standings.sort_by_key(|s| (s.lacks.len(), !expected(s)));
    }

    fn none_shown(&self, standings: &mut [Standing]) -> Answer {
        self.sort(standings);
        let timeline = &self.timeline;
        if is_buffered(timeline) {
            let lines = timeline.trace.lines.len();
            let reason = Reason::Buffered(lines, self.program.language.clone());
            return Answer::without_behaviour(Verdict::Buffered, reason);
        }
        // A behaviour that is still open accepts the way it ended.
        if let Some(reason) = still_open(None, standings.iter()) {
            return Answer::without_behaviour(Verdict::Inconclusive, reason);
        }
        let exit = timeline.trace.exit;
        let ended =
            |verdict, excuse| Answer::without_behaviour(verdict, Reason::Ended(exit, excuse));
        match exit {
            Exit::Timeout { .. } => match timeline.choices_in_doubt() {
                None => ended(Verdict::Timeout, None),
                excuse => ended(Verdict::Inconclusive, excuse),
            },
            Exit::Signal(_) => ended(Verdict::Crash, None),
            Exit::Flooded => ended(Verdict::OutputLimit, None),
            Exit::Code(_) => {
                let nearest = standings
                    .first()
                    .and_then(|nearest| match &nearest.outcome {
                        Outcome::Holds => None,
                        Outcome::Fails(failure) => {
                            Some((nearest.name.clone(), (**failure).clone()))
                        }
                    });
                Answer::without_behaviour(Verdict::Fail, Reason::Unrecognised(nearest))
            }
        }
    }

    fn one_shown(&self, all: &[Standing]) -> Answer {
        let shown = all.iter().find(|s| is_shown(s));
        let shown = shown.map_or("", |standing| &standing.name);
        if let Some(reason) = self.still_open_beside(shown, all) {
            return Answer::without_behaviour(Verdict::Inconclusive, reason);
        }
        let (verdict, reason) = compare(self.program, shown);
        if verdict == Verdict::Pass {
            return self.expected_shown(shown);
        }
        // What must hold besides is said of the expected behaviour: of another it says nothing.
        Answer {
            verdict,
            behaviour: Some(shown.into()),
            reason,
            lacks: Vec::new(),
        }
    }

    /// The first behaviour that may be shown beside the one that certainly is. One that delays alone leave open is not shown
    /// beside an expected one, nor as long as the program made no other choice than without delay: no run of a sound case
    /// shows two.
    fn still_open_beside(&self, shown: &str, all: &[Standing]) -> Option<Reason> {
        let is_expected = self.program.shows.contains_key(shown);
        let is_sound = is_expected || self.timeline.choices_in_doubt().is_none();
        let is_moved = |standing: &&Standing| {
            let open = standing.outcome.open();
            is_sound && open.is_some_and(Failure::is_excused)
        };
        let rivals = all.iter().filter(|standing| !is_moved(standing));
        still_open(Some(shown), rivals)
    }

    /// The behaviour that is shown is expected: now the program's own expectations must hold too.
    fn expected_shown(&self, shown: &str) -> Answer {
        let (also, lacks) = behaviour::hold_also(self.case, self.program, &self.timeline);
        let verdict = match also.truth() {
            Truth::Holds => Verdict::Pass,
            Truth::Violated => Verdict::Fail,
            Truth::Unknown => Verdict::Inconclusive,
        };
        let reason = match also {
            Outcome::Holds => None,
            Outcome::Fails(failure) => Some(Reason::Also(shown.into(), *failure)),
        };
        Answer {
            verdict,
            behaviour: Some(shown.into()),
            reason,
            lacks,
        }
    }
}

fn is_shown(standing: &Standing) -> bool {
    standing.outcome == Outcome::Holds
}

/// The first behaviour of which it cannot be told whether it is shown, beside the one that the trial `looks` like.
fn still_open<'s>(
    looks: Option<&str>,
    mut standings: impl Iterator<Item = &'s Standing>,
) -> Option<Reason> {
    standings.find_map(|standing| {
        Some(Reason::Open {
            looks: looks.map(Into::into),
            behaviour: standing.name.clone(),
            failure: standing.outcome.open()?.clone(),
        })
    })
}

fn several_shown(standings: &[Standing]) -> Answer {
    let shown = standings.iter().filter(|s| is_shown(s));
    let names = shown.map(|standing| standing.name.clone()).collect();
    Answer::without_behaviour(Verdict::Ambiguous, Reason::SeveralBehaviours(names))
}

fn ambiguous_line(tie: label::Tie) -> Judgement {
    Judgement {
        verdict: Verdict::Ambiguous,
        behaviour: None,
        reason: Some(Reason::SameLine(tie.text, tie.labels)),
        peak: None,
        spans: Vec::new(),
        events: Default::default(),
        lacks: Vec::new(),
    }
}
