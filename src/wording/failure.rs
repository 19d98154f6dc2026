//! Why an expectation does not hold, or cannot be told.

use super::event::{hint, line, seconds};
use super::{occurrence, order, spans, time, values, world};
use crate::judge::{
    Doubt, EventFault, Events, Excuse, Failure, Fault, Requirement, SpanFault, TimeFault,
    ValueFault,
};

/// Why an expectation does not hold, or cannot be told: one sentence without a full stop.
#[must_use]
pub fn failure(failure: &Failure, events: &Events) -> String {
    let fault = fault(failure, events);
    let doubt = failure.doubt.map(|doubt| rest(doubt, &failure.fault));
    let near = failure.near_miss.as_ref().map(|near| {
        let (line, label, hint) = (line(events.get(near.line)), &near.label, hint(near));
        format!("; there is a line {line}, and {label} {hint}")
    });
    format!(
        "{fault}{}{}",
        doubt.unwrap_or_default(),
        near.unwrap_or_default()
    )
}

/// What must hold, as a case file would have it.
#[must_use]
pub fn requirement(requirement: &Requirement) -> &str {
    match requirement {
        Requirement::Written { text, .. } => text,
        Requirement::ExitZero => "exit = 0",
        Requirement::NoOtherEvents => "no other events",
        Requirement::NoOtherLines => "no other lines",
    }
}

/// What can have made a program look wrong.
#[must_use]
pub fn excuse(excuse: Excuse) -> String {
    match excuse {
        Excuse::LateMachine(ns) => {
            format!("the machine was {} ms late in this trial", ns / 1_000_000)
        }
        Excuse::Stopped(ns) => {
            let ms = ns / 1_000_000;
            format!("somebody had the program stopped for {ms} ms in this trial")
        }
        Excuse::Starved(ns) => {
            let waited = seconds(ns);
            format!("the program waited {waited} for a processor in this trial")
        }
        Excuse::Unmeasured => "how late the program was is not known of this trial".into(),
    }
}

fn fault(failure: &Failure, events: &Events) -> String {
    let open = failure.doubt == Some(Doubt::Stamps);
    match &failure.fault {
        Fault::Events(fault) => occurrence::words(fault, events, open),
        Fault::Order(fault) => order::words(fault, events, open),
        Fault::Spans(fault) => spans::words(fault, events, open),
        Fault::Time(fault) => time::words(fault, events),
        Fault::Values(name, fault) => values::words(name, fault, events),
        Fault::World(fault) => world::words(fault, events),
        Fault::NoAlternative(failures) => {
            let reasons = failures
                .iter()
                .map(|failure| self::failure(failure, events));
            let reasons: Vec<String> = reasons.collect();
            format!("no alternative holds: {}", reasons.join("; or "))
        }
        Fault::Holds(text) => format!("`{text}` holds, and must not"),
        Fault::Graced(text) => format!("`{text}` holds, perhaps by chance"),
    }
}

/// What a doubt adds to a sentence. Faults that are worded otherwise where the stamps leave them open get nothing.
fn rest(doubt: Doubt, fault: &Fault) -> String {
    let numbers = matches!(
        fault,
        Fault::Events(EventFault::CountInSpan(..))
            | Fault::Spans(SpanFault::Number(..))
            | Fault::Time(TimeFault::Rate(..))
    );
    let lengths = matches!(
        fault,
        Fault::Spans(SpanFault::Relation { .. })
            | Fault::Time(
                TimeFault::Length(..)
                    | TimeFault::Ratio(..)
                    | TimeFault::GapRatio(..)
                    | TimeFault::Shape(..)
            )
    );
    match doubt {
        Doubt::Stamps if numbers => ": some of their times overlap".into(),
        Doubt::Stamps if lengths => ": the stamps leave it open".into(),
        Doubt::LostLines => {
            let mere = matches!(
                fault,
                Fault::Events(EventFault::MayOccur(_)) | Fault::Values(_, ValueFault::MayContinue)
            );
            let but = if mere { ":" } else { "; but" };
            format!("{but} the program was ended, and may not have written all")
        }
        Doubt::Excused(excuse) => format!("; but {}", self::excuse(excuse)),
        Doubt::Stamps | Doubt::Undecided => String::new(),
    }
}
