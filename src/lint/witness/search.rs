//! The search itself: random orders of the events that two behaviours demand, each judged.

use indexmap::IndexMap;

use super::participants::{Item, TOO_MANY};
use super::sketch::Sketch;
use crate::judge::judge;
use crate::model::case::{Behaviour, Case, Label, Program};
use crate::model::conditions::Conditions;
use crate::model::interval::Interval;
use crate::model::signal::signal_name;
use crate::model::trace::{Capture, Exit, Line, Sent, Served, Service, Stream, Trace, Values};
use crate::random::Random;

/// How many orders are tried of two behaviours.
const ATTEMPTS: u32 = 200;
/// How many that contradict themselves, before the two are taken for a contradiction.
const CONTRADICTIONS: u32 = 60;
/// A case with more pairs than this would take too long.
const MOST_PAIRS: usize = 60;

/// A trace that shows two behaviours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// The behaviours.
    pub shows: [String; 2],
    /// Its events in order, a line each: `0.100 s  quick.start  id=2`.
    pub lines: Vec<String>,
}

/// A witness for each two behaviours of a case for which one is found. The same case has the same ones.
#[must_use]
pub fn witnesses(case: &Case) -> Vec<Witness> {
    let all: Vec<(&String, &Behaviour)> = case.behaviours.iter().collect();
    let pairs = all.iter().enumerate();
    let pairs =
        pairs.flat_map(|(place, one)| all[place + 1..].iter().map(move |other| (one, other)));
    let found = pairs.take(MOST_PAIRS);
    found
        .filter_map(|(one, other)| search(case, [*one, *other]))
        .collect()
}

fn search(case: &Case, pair: [(&String, &Behaviour); 2]) -> Option<Witness> {
    let program = Program::unnamed(case, "", "");
    let two = Case {
        behaviours: pair
            .iter()
            .map(|(name, b)| ((*name).clone(), (*b).clone()))
            .collect(),
        programs: Vec::new(),
        claims: Vec::new(),
        ..case.clone()
    };
    let mut random = Random::named(pair.map(|(name, _)| name.as_str()));
    let (mut attempts, mut contradictions) = (0, 0);
    while attempts < ATTEMPTS && contradictions < CONTRADICTIONS {
        let drawn = Sketch::new(&two, &mut random).filter(|sketch| sketch.items.len() < TOO_MANY);
        let ordered = drawn.and_then(|sketch| Some((sketch.ordered(&mut random)?, sketch)));
        let Some((order, sketch)) = ordered else {
            contradictions += 1;
            continue;
        };
        attempts += 1;
        let timed = sketch.timed(&order, &mut random);
        let Some(trace) = trace(&two, &timed, sketch.exit) else {
            contradictions += 1;
            continue;
        };
        let judged = judge(&two, &program, &trace);
        // Whatever a behaviour lacks is listed, and one that lacks nothing is shown.
        if judged.lacks.is_empty() && judged.events.len() > 2 {
            return Some(Witness {
                shows: pair.map(|(name, _)| name.clone()),
                lines: lines(&timed, sketch.exit),
            });
        }
    }
    None
}

/// The trace in which these events happen at these nanoseconds; `None` where no line can be made up for one.
fn trace(case: &Case, timed: &[(&Item, u64)], exit: Exit) -> Option<Trace> {
    let mut trace = Trace {
        lines: Vec::new(),
        served: Vec::new(),
        sent: Vec::new(),
        exit,
        exit_at: Interval::default(),
        capture: Capture::Stamped,
        conditions: Conditions::ideal(),
    };
    for (item, at_ns) in timed {
        let at = Interval::exactly(*at_ns);
        match item.label.as_str() {
            "@spawn" => {}
            "@exit" => trace.exit_at = at,
            given if given.starts_with('@') => {
                let mut signals = 1..=31;
                let signal =
                    signals.find(|n| Label::of_signal(*n).as_ref() == Some(&item.label))?;
                trace.sent.push(Sent { signal, at });
            }
            _ => match case.events.get(&item.label) {
                Some(kind) => {
                    let value = |name: &str| item.values.get(name).cloned();
                    let mut forms = kind.forms.iter();
                    let (form, text) =
                        forms.find_map(|form| Some((form, form.pattern.example(&value)?)))?;
                    trace.lines.push(Line {
                        stream: form.stream.unwrap_or(Stream::Stdout),
                        bytes: text.into_bytes(),
                        first: at,
                        last: at,
                        read: u32::try_from(trace.lines.len()).unwrap_or(u32::MAX),
                        terminated: true,
                        cut: false,
                        seams: Vec::new(),
                    });
                }
                None => trace.served.push(served(&item.label, &item.values, at)?),
            },
        }
    }
    Some(trace)
}

fn served(label: &Label, values: &IndexMap<String, String>, at: Interval) -> Option<Served> {
    let (route, was) = label.as_str().rsplit_once('.')?;
    Some(Served {
        route: route.into(),
        service: Service::named(was)?,
        at,
        values: Values::from(values.clone()),
    })
}

fn lines(timed: &[(&Item, u64)], exit: Exit) -> Vec<String> {
    let line = |(item, at_ns): &(&Item, u64)| {
        let seconds = std::time::Duration::from_nanos(*at_ns).as_secs_f64();
        let what = match (item.label.as_str(), exit) {
            ("@exit", Exit::Code(code)) => format!("exit {code}"),
            ("@exit", Exit::Signal(signal)) => signal_name(signal),
            ("@exit", Exit::Timeout { .. }) => "timeout".into(),
            (label, _) => label.to_string(),
        };
        let values = item
            .values
            .iter()
            .map(|(name, value)| format!(" {name}={value}"));
        format!("{seconds:.3} s  {what}{}", values.collect::<String>())
    };
    let told = timed
        .iter()
        .filter(|(item, _)| item.label.as_str() != "@spawn");
    told.map(line).collect()
}
