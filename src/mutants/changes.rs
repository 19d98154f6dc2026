//! Everything that is done to one trace.

use super::change::{Change, Delay};
use super::script::{Happening, Script, Source, Stretch};
use crate::model::case::{Case, EventKind, Label, Program};
use crate::model::trace::{Exit, Service, Stream, Values};

/// More places of one trace than this are not broken by one operator: so many of them, evenly spread.
const MOST_PLACES: usize = 100;

/// Everything that is done to a script of this program, operator by operator. A change without an effect is left out.
#[must_use]
pub fn changes(case: &Case, program: &Program, script: &Script) -> Vec<Change> {
    let events = script.events();
    let each = |make: fn(usize) -> Change| events.iter().copied().map(make).collect();
    let kinds: [Vec<Change>; 6] = [
        neighbours(script, &events),
        each(Change::Drop),
        each(Change::Double),
        strangers(case, program, script),
        delayed(&events, Change::Late),
        delayed(&events, Change::Stall),
    ];
    let ends = [
        Exit::Code(0),
        Exit::Code(1),
        Exit::Signal(9),
        Exit::Timeout { ended_by: 15 },
    ];
    let ends = ends.into_iter().filter(|end| *end != script.exit);
    let ends: Vec<Change> = ends.map(Change::Exit).collect();
    let kinds = kinds
        .into_iter()
        .chain(changes_to_spans(case, script))
        .chain([ends]);
    let mut all: Vec<Change> = kinds.flat_map(spread).collect();
    all.retain(|change| change.apply(script) != *script);
    all
}

fn delayed<T: Clone>(all: &[T], make: fn(T, Delay) -> Change) -> Vec<Change> {
    let both = |one: &T| Delay::BOTH.map(|by| make(one.clone(), by));
    all.iter().flat_map(both).collect()
}

/// Events that follow one another, and those that do so among the events of their label.
fn neighbours(script: &Script, events: &[usize]) -> Vec<Change> {
    let label = |place: usize| &script.happenings[place].label;
    let pairs = events.iter().enumerate().flat_map(|(rank, one)| {
        let after = &events[rank + 1..];
        let alike = after.iter().find(|other| label(**other) == label(*one));
        let next = after.first().filter(|next| Some(*next) != alike);
        next.into_iter().chain(alike).map(|other| (*one, *other))
    });
    pairs.map(|(one, other)| Change::Swap(one, other)).collect()
}

/// What is done to spans, operator by operator.
fn changes_to_spans(case: &Case, script: &Script) -> [Vec<Change>; 5] {
    let stretches = script.stretches(case);
    let [mut serialise, mut overlap, mut exchange] = [Vec::new(), Vec::new(), Vec::new()];
    for (place, one) in stretches.iter().enumerate() {
        for other in &stretches[place + 1..] {
            let shared = [one.start, one.end].contains(&other.start) || one.end == other.end;
            let pair = || (one.clone(), other.clone());
            match (shared, other.start < one.end) {
                (true, _) => {}
                (false, true) => serialise.push(pair()),
                (false, false) => {
                    overlap.push(pair());
                    exchange.push(pair());
                }
            }
        }
    }
    let pairs = |pairs: Vec<_>, make: fn(Stretch, Stretch) -> Change| {
        let pairs = pairs.into_iter();
        pairs.map(|(one, other)| make(one, other)).collect()
    };
    [
        stretches.iter().cloned().map(Change::Omit).collect(),
        delayed(&stretches, Change::Shift),
        pairs(serialise, Change::Serialise),
        pairs(overlap, Change::Overlap),
        pairs(exchange, Change::Exchange),
    ]
}

/// At most [`MOST_PLACES`] of them, evenly spread.
fn spread(all: Vec<Change>) -> Vec<Change> {
    let count = all.len();
    if count <= MOST_PLACES {
        return all;
    }
    let chosen =
        |place: &usize| (place * MOST_PLACES) / count != ((place + 1) * MOST_PLACES) / count;
    let kept = all.into_iter().enumerate();
    kept.filter(|(place, _)| chosen(place))
        .map(|(_, change)| change)
        .collect()
}

/// Events that the case knows, the program can print, and the trace has not, each halfway between the two in the middle.
fn strangers(case: &Case, program: &Program, script: &Script) -> Vec<Change> {
    let events = script.events();
    let time_ns = |rank: usize| {
        events
            .get(rank)
            .map(|place| script.happenings[*place].at_ns)
    };
    let half = events.len() / 2;
    let after_ns = time_ns(half).unwrap_or(script.exit_ns);
    let before_ns = half.checked_sub(1).and_then(time_ns).unwrap_or(0);
    let at_ns = before_ns.midpoint(after_ns);
    let new = |label: &Label| {
        let occurs = script
            .happenings
            .iter()
            .any(|h| h.label.as_ref() == Some(label));
        !occurs && !program.unseen.contains(label)
    };
    let kinds = program.events.as_ref().unwrap_or(&case.events);
    let lines = kinds.iter().filter(|(label, _)| new(label));
    let lines = lines.filter_map(|(label, kind)| line(label, kind, at_ns));
    let routes = program
        .stand_in
        .iter()
        .flat_map(|stand_in| stand_in.routes.keys());
    let served = routes.flat_map(|route| {
        Service::ALL.map(|service| Happening {
            label: service.label(route),
            values: Values::new(),
            at_ns,
            source: Source::Served {
                route: route.clone(),
                service,
            },
        })
    });
    let served = served.filter(|h| h.label.as_ref().is_some_and(new));
    let found = lines.chain(served);
    found
        .map(|happening| Change::Add(Box::new(happening)))
        .collect()
}

/// A line that is this event, made up.
fn line(label: &Label, kind: &EventKind, at_ns: u64) -> Option<Happening> {
    let mut forms = kind.forms.iter();
    forms.find_map(|form| {
        let text = form.pattern.example(&|_| None)?;
        Some(Happening {
            label: Some(label.clone()),
            values: form.pattern.captures(&text)?,
            at_ns,
            source: Source::Output {
                stream: form.stream.unwrap_or(Stream::Stdout),
                text,
                lossy: false,
            },
        })
    })
}
