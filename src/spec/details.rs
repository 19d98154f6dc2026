//! What a program states of itself and may state otherwise on some versions.

use indexmap::{IndexMap, IndexSet};

use super::allowance::allowance_of;
use super::expect::expectations;
use super::names::Names;
use super::reader::{Table, Text, Value};
use super::scope::Scope;
use super::values::{args_of, argument, capture_wish, positive_time};
use super::{duration, events, grades, pattern, signals};
use crate::model::allowance::Allowance;
use crate::model::case::{CaptureWish, EventKind, Grade, Label, Lane, Program, SignalStep};
use crate::model::expect::Expectation;

/// The keys of a program that `on` may change; `None` where one is not stated.
#[derive(Clone)]
pub(crate) struct Details {
    shows: Option<IndexMap<String, Grade>>,
    also: Option<Vec<Expectation>>,
    unseen: Option<Vec<Label>>,
    events: Option<IndexMap<Label, EventKind>>,
    args: Option<Vec<String>>,
    env: Option<IndexMap<String, String>>,
    stdin: Option<String>,
    timeout: Option<std::time::Duration>,
    allowance: Allowance,
    capture: Option<CaptureWish>,
    trials: Option<u32>,
    cpus: Option<u32>,
    lane: Option<Lane>,
    startup: Option<std::time::Duration>,
    signals: Option<Vec<SignalStep>>,
}

/// Nothing if the key is not there, `None` after a problem.
fn stated<'a, T>(
    table: &mut Table<'a>,
    key: &'static str,
    read: impl FnOnce(&Value<'a>) -> Option<T>,
) -> Option<Option<T>> {
    match table.take(key) {
        Some(value) => read(&value).map(Some),
        None => Some(None),
    }
}

impl Details {
    /// Takes these keys from the table of a program; `None` after a problem.
    pub(crate) fn take(table: &mut Table<'_>, around: &Scope<'_>) -> Option<Details> {
        let names = around.names;
        let shows = stated(table, "shows", |value| grades::shows_of(value, names));
        let also = stated(table, "also", |value| expectations(value, names));
        let unseen = stated(table, "unseen", |value| unseen_of(value, names));
        let events = stated(table, "events", |value| events_of(value, around));
        let args = stated(table, "args", args_of);
        let env = stated(table, "env", env_of);
        let input = |value: &Value<'_>| {
            let text = value.text("what the program reads from its standard input, in quotes")?;
            Some(text.value.to_string())
        };
        let stdin = stated(table, "stdin", input);
        let timeout = stated(table, "timeout", positive_time);
        let allowance = allowance_of(table);
        let capture = stated(table, "capture", capture_wish);
        let trials = stated(table, "trials", |value| {
            at_least_one(value, "trials", 100_000)
        });
        let signals = stated(table, "do", |value| {
            signals::signals(value, names, around.events)
        });
        let cpus = stated(table, "cpus", |value| at_least_one(value, "cpus", 1024));
        let lane = stated(table, "lane", lane_of);
        let startup = stated(table, "startup", positive_time);
        Some(Details {
            shows: shows?,
            also: also?,
            unseen: unseen?,
            events: events?,
            args: args?,
            env: env?,
            stdin: stdin?,
            timeout: timeout?,
            allowance: allowance?,
            capture: capture?,
            trials: trials?,
            cpus: cpus?,
            lane: lane?,
            startup: startup?,
            signals: signals?,
        })
    }

    /// These, and where one is not stated, that of `base`.
    pub(crate) fn over(self, base: Details) -> Details {
        Details {
            shows: self.shows.or(base.shows),
            also: self.also.or(base.also),
            unseen: self.unseen.or(base.unseen),
            events: self.events.or(base.events),
            args: self.args.or(base.args),
            env: self.env.or(base.env),
            stdin: self.stdin.or(base.stdin),
            timeout: self.timeout.or(base.timeout),
            allowance: self.allowance.or(base.allowance),
            capture: self.capture.or(base.capture),
            trials: self.trials.or(base.trials),
            cpus: self.cpus.or(base.cpus),
            lane: self.lane.or(base.lane),
            startup: self.startup.or(base.startup),
            signals: self.signals.or(base.signals),
        }
    }

    /// A program without a name and a source; `None` without `shows`.
    pub(crate) fn program(self) -> Option<Program> {
        Some(Program {
            shows: self.shows?,
            also: self.also.unwrap_or_default(),
            unseen: self.unseen.unwrap_or_default(),
            args: self.args.unwrap_or_default(),
            env: self.env.unwrap_or_default(),
            timeout: self.timeout,
            allowance: self.allowance,
            capture: self.capture,
            events: self.events,
            stdin: self.stdin,
            cpus: self.cpus,
            lane: self.lane.unwrap_or_default(),
            startup: self.startup,
            signals: self.signals.unwrap_or_default(),
            trials: self.trials,
            ..Program::default()
        })
    }
}

fn lane_of(value: &Value<'_>) -> Option<Lane> {
    let wanted = "`\"alone\"`, or `\"shared\"` as where nothing is said";
    let text = value.text(wanted)?;
    match text.value {
        "alone" => Some(Lane::Alone),
        "shared" => Some(Lane::Shared),
        other => {
            let message = format!("there is no lane called `{}`", duration::shortened(other));
            text.report(message, "unknown", format!("write {wanted}"));
            None
        }
    }
}

fn at_least_one(value: &Value<'_>, key: &str, most: u32) -> Option<u32> {
    let number = value.integer(&format!("a whole number such as `{key} = 2`"))?;
    let fits = u32::try_from(number)
        .ok()
        .filter(|n| (1..=most).contains(n));
    if fits.is_none() {
        let message = format!("`{number}` is no number of {key}");
        value.report(message, "out of range", format!("write 1 to {most}"));
    }
    fits
}

/// The events of the case, with those in the table in place of the case's own.
fn events_of(value: &Value<'_>, around: &Scope<'_>) -> Option<IndexMap<Label, EventKind>> {
    let mut all = around.events.clone();
    let mut whole = true;
    for (key, value) in value
        .table("a table of events: `label = \"pattern\"`")?
        .entries()
    {
        let label = around.names.label(&key);
        let own = label.filter(|label| around.events.contains_key(label));
        let Some(label) = own else {
            // Those of the stand-in are not printed.
            if around.names.label(&key).is_some() {
                let message = format!("`{}` is no event of the output", key.value);
                key.report(message, "not printed", "name an event of `[events]`");
            }
            whole = false;
            continue;
        };
        let other = value.as_text().and_then(|text| Label::parse(text.value));
        let other = other.filter(|other| around.events.contains_key(other));
        if let Some(other) = other {
            // What the case calls by another label has that label's forms, and leaves it none.
            let kind = around.events.get(&other).cloned();
            all.extend(kind.map(|kind| (label, kind)));
            if let Some(left) = all.get_mut(&other) {
                left.forms.clear();
            }
            continue;
        }
        match events::kind(&value) {
            Some(kind) => {
                whole &= captures_agree(&key, &label, &kind, around);
                let optional = all.get(&label).is_some_and(|kind| kind.optional);
                let optional = optional || kind.optional;
                all.insert(label, EventKind { optional, ..kind });
            }
            None => whole = false,
        }
    }
    whole.then_some(all)
}

/// Whether a program's own pattern captures all that the case's does; a problem if not.
fn captures_agree(key: &Text<'_>, label: &Label, kind: &EventKind, around: &Scope<'_>) -> bool {
    let own = events::captures_of(&kind.forms);
    let of_case = around
        .events
        .get(label)
        .map(|kind| events::captures_of(&kind.forms));
    let missing = of_case
        .unwrap_or_default()
        .into_iter()
        .find(|name| !own.contains(name));
    if let Some(name) = &missing {
        let message = format!("this pattern captures no `{name}`, which the case's `{label}` does");
        key.report(
            message,
            "lacks a capture",
            format!("give it a hole `{{{name}}}`"),
        );
    }
    missing.is_none()
}

fn unseen_of(value: &Value<'_>, names: &Names) -> Option<Vec<Label>> {
    let texts = value.texts("a label, or a list of them");
    let label = |text: &Text<'_>| {
        if text.value.starts_with('@') {
            let message = format!("`{}` is given to every program", text.value);
            text.report(message, "never unseen", "name events of the output");
            return None;
        }
        names.label(text)
    };
    let labels: Vec<Option<Label>> = texts.iter().map(label).collect();
    let unique: Option<IndexSet<Label>> = labels.into_iter().collect();
    Some(unique?.into_iter().collect())
}

fn env_of(value: &Value<'_>) -> Option<IndexMap<String, String>> {
    let wanted = "a table of strings: `{ NAME = \"value\" }`";
    let entry = |(key, value): &(Text<'_>, Value<'_>)| {
        let named = pattern::is_capture(key.value);
        if !named {
            let message = format!("`{}` cannot name an environment variable", key.value);
            key.report(
                message,
                "bad name",
                "use letters, digits and `_`, a letter first",
            );
        }
        let value = argument(&value.text("a string")?)?;
        named.then(|| (key.value.to_string(), value))
    };
    let entries = value.table(wanted)?.entries();
    let env: Vec<Option<_>> = entries.iter().map(entry).collect();
    env.into_iter().collect()
}
