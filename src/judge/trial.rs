//! From one trial to its verdict.

use super::behaviour::{self, Standing};
use super::buffered::is_buffered;
use super::excuses::Excuses;
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
    let filed = Filed::new(events, trace);
    let excuses = Excuses::new(&trace.conditions, margin_ns);
    let timeline = Timeline::new(&filed, trace, excuses);
    let trial = Trial {
        case,
        program,
        timeline,
    };
    let mut standings = trial.hold_all(excuses);
    let answer = match standings.iter().filter(|s| is_shown(s)).count() {
        0 => trial.none_shown(&mut standings),
        1 => trial.one_shown(&standings),
        _ => several_shown(&standings),
    };
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
}

impl Trial<'_> {
    fn hold_all(&self, excuses: Excuses) -> Vec<Standing> {
        let timeline = self.timeline.excused_by(excuses);
        behaviour::hold_all(self.case, self.program, &timeline)
    }

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
        if let Some(reason) = still_open(None, standings) {
            return Answer::without_behaviour(Verdict::Inconclusive, reason);
        }
        // Before its first event it may have waited too long too: what it shows is nothing known.
        if let Some(excuses) = timeline.excuses.with_starvation()
            && let Some(reason) = still_open(None, &self.hold_all(excuses))
        {
            return Answer::without_behaviour(Verdict::Inconclusive, reason);
        }
        let exit = timeline.trace.exit;
        let ended =
            |verdict, excuse| Answer::without_behaviour(verdict, Reason::Ended(exit, excuse));
        match exit {
            Exit::Timeout { .. } => {
                let lived_ns = timeline.trace.exit_at.earliest_ns;
                match timeline.excuses.timeout_excuse(lived_ns) {
                    None => ended(Verdict::Timeout, None),
                    excuse => ended(Verdict::Inconclusive, excuse),
                }
            }
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
        if let Some(reason) = still_open(Some(shown), all) {
            return Answer::without_behaviour(Verdict::Inconclusive, reason);
        }
        let (verdict, reason) = compare(self.program, shown);
        if verdict == Verdict::Pass {
            return self.expected_shown(shown);
        }
        if let Some(reason) = self.perhaps_expected(shown) {
            return Answer::without_behaviour(Verdict::Inconclusive, reason);
        }
        // What must hold besides is said of the expected behaviour: of another it says nothing.
        Answer {
            verdict,
            behaviour: Some(shown.into()),
            reason,
            lacks: Vec::new(),
        }
    }

    /// The behaviour that is shown is expected: now the program's own expectations must hold too.
    fn expected_shown(&self, shown: &str) -> Answer {
        let hold_also = |timeline| behaviour::hold_also(self.case, self.program, timeline);
        let (mut also, mut lacks) = hold_also(&self.timeline);
        if also.truth() == Truth::Violated
            && let Some(excuses) = self.timeline.excuses.with_starvation_under_way()
        {
            (also, lacks) = hold_also(&self.timeline.excused_by(excuses));
        }
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

    /// A program that shows what is not expected of it may have been kept from the expected for want of a processor: since
    /// its first event, for a wait before that made all of it late alike.
    fn perhaps_expected(&self, shown: &str) -> Option<Reason> {
        let excuses = self.timeline.excuses.with_starvation_under_way()?;
        let mut excused = self.hold_all(excuses);
        excused.retain(|standing| compare(self.program, &standing.name).0 == Verdict::Pass);
        still_open(Some(shown), &excused)
    }
}

fn is_shown(standing: &Standing) -> bool {
    standing.outcome == Outcome::Holds
}

/// The first behaviour of which it cannot be told whether it is shown, beside the one that the trial `looks` like.
fn still_open(looks: Option<&str>, standings: &[Standing]) -> Option<Reason> {
    standings.iter().find_map(|standing| {
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
