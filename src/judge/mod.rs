//! From a trace to a behaviour and a verdict. Pure: no clock, file or process is touched here.
//!
//! The steps: label the lines, hold every behaviour's expectations against the events, choose the one
//! behaviour that is shown, compare it with what the program is expected to show.

mod behaviour;
mod buffered;
mod density;
mod distance;
mod events;
mod excuses;
mod expectation;
mod explain;
mod extremes;
mod groups;
mod inside;
mod instance;
mod label;
mod marks;
mod near;
mod never;
mod order;
mod pairing;
mod reach;
mod ready;
mod relation;
mod shift;
mod spans;
mod statistics;
mod timeline;
mod trials;
mod truth;
mod values;
mod variables;

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod listing_three;
#[cfg(test)]
mod naive;
#[cfg(test)]
mod tests;

pub use behaviour::Lack;
pub use events::{Channel, Event, Events};
pub use instance::Instance;
pub use statistics::{bound_of_none, wilson};
pub use trials::{Conclusion, Outcome, conclude};

use behaviour::Standing;
use excuses::Excuses;
use expectation::name_of_exit;
use timeline::{Filed, Timeline};
use truth::Truth;

use crate::model::case::{Case, Program};
use crate::model::trace::{Exit, Trace};
use crate::model::verdict::Verdict;

/// What was made of one trial.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// The trial's own verdict.
    pub verdict: Verdict,
    /// The behaviour it certainly showed.
    pub behaviour: Option<String>,
    /// One sentence, where it is not a pass.
    pub reason: Option<String>,
    /// The most spans of the case that were open at once, where that is certain.
    pub peak: Option<u64>,
    /// The spans of each kind of which it can be told which end belongs to which start, by the kind's name.
    pub spans: Vec<(String, Vec<Instance>)>,
    /// The events in order of time.
    pub events: Events,
    /// What the behaviours not shown lack, the nearest behaviour first.
    pub lacks: Vec<Lack>,
}

/// Judges one trial of `program`.
#[must_use]
pub fn judge(case: &Case, program: &Program, trace: &Trace) -> Judgement {
    let events = match label::events(case, program, trace) {
        Ok(events) => events,
        Err(tie) => return ambiguous_line(&tie),
    };
    let margin_ns = case
        .margin
        .map(|margin| u64::try_from(margin.as_nanos()).unwrap_or(u64::MAX));
    let filed = Filed::new(events, trace);
    let excuses = Excuses::new(&trace.conditions, margin_ns);
    let timeline = Timeline::new(&filed, trace, excuses);
    let mut standings = behaviour::hold_all(case, program, &timeline);
    let shown = |s: &Standing| s.outcome.truth == Truth::Holds;
    let answer = match standings.iter().filter(|s| shown(s)).count() {
        0 => none_shown(case, program, &timeline, &mut standings),
        1 => one_shown(case, program, &timeline, &standings),
        _ => several_shown(&standings),
    };
    // The nearest behaviour first; of those as near, the one expected.
    standings.sort_by_key(|s| (s.lacks.len(), !program.shows.contains_key(&s.name)));
    let lacks = standings.into_iter().flat_map(|standing| standing.lacks);
    Judgement {
        verdict: answer.verdict,
        behaviour: answer.behaviour,
        reason: answer.reason,
        peak: behaviour::peak(case, &timeline),
        spans: spans::paired(case, &timeline),
        lacks: answer.lacks.into_iter().chain(lacks).collect(),
        events: filed.into_events(),
    }
}

struct Answer {
    verdict: Verdict,
    behaviour: Option<String>,
    reason: Option<String>,
    lacks: Vec<Lack>,
}

impl Answer {
    fn without_behaviour(verdict: Verdict, reason: String) -> Answer {
        Answer {
            verdict,
            behaviour: None,
            reason: Some(reason),
            lacks: Vec::new(),
        }
    }
}

fn none_shown(
    case: &Case,
    program: &Program,
    timeline: &Timeline,
    standings: &mut [Standing],
) -> Answer {
    standings.sort_by_key(|s| (s.lacks.len(), !program.shows.contains_key(&s.name)));
    if let Some(cure) = buffered::cure(&program.language, timeline) {
        return Answer::without_behaviour(Verdict::Buffered, cure);
    }
    // A behaviour that is still open accepts the way it ended.
    if let Some(reason) = still_open(standings) {
        return Answer::without_behaviour(Verdict::Inconclusive, reason);
    }
    // Before its first event it may have waited too long too: what it shows is nothing known.
    if let Some(excuses) = timeline.excuses.with_starvation()
        && let excused = behaviour::hold_all(case, program, &timeline.excused_by(excuses))
        && let Some(reason) = still_open(&excused)
    {
        return Answer::without_behaviour(Verdict::Inconclusive, reason);
    }
    let exit = name_of_exit(timeline.trace.exit);
    match timeline.trace.exit {
        Exit::Timeout { .. } => {
            let lived_ns = timeline.trace.exit_at.earliest_ns;
            let timed_out = timeline.excuses.timed_out(lived_ns, exit);
            let verdict = match timed_out.truth {
                Truth::Unknown => Verdict::Inconclusive,
                Truth::Holds | Truth::Violated => Verdict::Timeout,
            };
            Answer::without_behaviour(verdict, timed_out.why)
        }
        Exit::Signal(_) => Answer::without_behaviour(Verdict::Crash, exit),
        Exit::Flooded => Answer::without_behaviour(Verdict::OutputLimit, exit),
        Exit::Code(_) => {
            let nearest = standings.first().map_or_else(String::new, |nearest| {
                format!("; nearest to {}: {}", nearest.name, nearest.outcome.why)
            });
            let reason = format!("unrecognised: it shows none of the behaviours{nearest}");
            Answer::without_behaviour(Verdict::Fail, reason)
        }
    }
}

fn still_open(standings: &[Standing]) -> Option<String> {
    let mut all = standings.iter();
    let open = all.find(|s| s.outcome.truth == Truth::Unknown)?;
    let (name, why) = (&open.name, &open.outcome.why);
    Some(format!("whether it is {name} cannot be told: {why}"))
}

fn one_shown(case: &Case, program: &Program, timeline: &Timeline, all: &[Standing]) -> Answer {
    let mut names = all
        .iter()
        .filter(|s| s.outcome.truth == Truth::Holds)
        .map(|s| s.name.clone());
    let shown = names.next().unwrap_or_default();
    if let Some(open) = all.iter().find(|s| s.outcome.truth == Truth::Unknown) {
        let reason = format!(
            "it looks {shown}, but whether it is {} cannot be told: {}",
            open.name, open.outcome.why
        );
        return Answer::without_behaviour(Verdict::Inconclusive, reason);
    }
    let (verdict, reason) = trials::compare(program, &shown);
    if verdict != Verdict::Pass {
        if let Some(reason) = perhaps_expected(case, program, timeline, &shown) {
            return Answer::without_behaviour(Verdict::Inconclusive, reason);
        }
        // What must hold besides is said of the expected behaviour: of another it says nothing.
        return Answer {
            verdict,
            behaviour: Some(shown),
            reason,
            lacks: Vec::new(),
        };
    }
    let mut held = behaviour::hold_also(case, program, timeline);
    if held.0.truth == Truth::Violated
        && let Some(excuses) = timeline.excuses.with_starvation_under_way()
    {
        held = behaviour::hold_also(case, program, &timeline.excused_by(excuses));
    }
    let (also, lacks) = held;
    let (verdict, reason) = match also.truth {
        Truth::Holds => (verdict, reason),
        Truth::Violated => (
            Verdict::Fail,
            Some(format!("{shown}, but not as it should: {}", also.why)),
        ),
        Truth::Unknown => (Verdict::Inconclusive, Some(also.why)),
    };
    Answer {
        verdict,
        behaviour: Some(shown),
        reason,
        lacks,
    }
}

/// A program that shows what is not expected of it may have been kept from the expected for want of a processor: since its
/// first event, for what it waited before that made all of it late alike.
fn perhaps_expected(
    case: &Case,
    program: &Program,
    timeline: &Timeline,
    shown: &str,
) -> Option<String> {
    let excuses = timeline.excuses.with_starvation_under_way()?;
    let mut excused = behaviour::hold_all(case, program, &timeline.excused_by(excuses));
    excused.retain(|standing| trials::compare(program, &standing.name).0 == Verdict::Pass);
    Some(format!("it looks {shown}, but {}", still_open(&excused)?))
}

fn several_shown(standings: &[Standing]) -> Answer {
    let shown = standings.iter().filter(|s| s.outcome.truth == Truth::Holds);
    let names: Vec<&str> = shown.map(|s| s.name.as_str()).collect();
    let reason = format!(
        "the case is ambiguous: this trial shows {}; tighten their expectations until no trace fits both",
        names.join(" and ")
    );
    Answer::without_behaviour(Verdict::Error, reason)
}

fn ambiguous_line(tie: &label::Tie) -> Judgement {
    let [one, other] = &tie.labels;
    let line = explain::quoted(&tie.text);
    Judgement {
        verdict: Verdict::Error,
        behaviour: None,
        reason: Some(format!(
            "the case is ambiguous: the line {line} is as much {one} as {other}; make one pattern more literal"
        )),
        peak: None,
        spans: Vec::new(),
        events: Events::default(),
        lacks: Vec::new(),
    }
}
