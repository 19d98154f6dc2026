//! The keys of a program that may have other values on some versions.

use indexmap::{IndexMap, IndexSet};

use super::allowance::allowance_of;
use super::expect::expectations;
use super::names::Names;
use super::reader::{Table, Text, Value};
use super::scope::Scope;
use super::values::{args_of, argument, capture_wish, one_of, positive_time, whole_number};
use super::{events, grades, pattern, signals};
use crate::model::case::{EventKind, Label, Lane, Program};

/// Reads the keys of a program that `on` may change, and puts what is stated in place of what `program` has.
pub(crate) fn read(program: &mut Program, table: &mut Table<'_>, around: &Scope<'_>) {
    let names = around.names;
    let mut stated = |key| table.take(key);
    put(&mut program.shows, stated("shows"), |value| {
        grades::shows_of(value, names)
    });
    put(&mut program.also, stated("also"), |value| {
        Some(expectations(value, names))
    });
    put(&mut program.unseen, stated("unseen"), |value| {
        Some(unseen_of(value, names))
    });
    put(&mut program.args, stated("args"), args_of);
    put(&mut program.env, stated("env"), env_of);
    put(&mut program.signals, stated("do"), |value| {
        Some(signals::signals(value, names, around.events))
    });
    let lanes = [("alone", Lane::Alone), ("shared", Lane::Shared)];
    put(&mut program.lane, stated("lane"), |value| {
        one_of(value, "lane", lanes)
    });
    put_some(&mut program.events, stated("events"), |value| {
        events_of(value, around)
    });
    put_some(&mut program.stdin, stated("stdin"), |value| {
        let text = value.text("what the program reads from its standard input, in quotes")?;
        Some(text.value.to_string())
    });
    put_some(&mut program.timeout, stated("timeout"), positive_time);
    put_some(&mut program.capture, stated("capture"), capture_wish);
    put_some(&mut program.startup, stated("startup"), positive_time);
    put_some(&mut program.trials, stated("trials"), |value| {
        at_least_one(value, "trials", 100_000)
    });
    put_some(&mut program.cpus, stated("cpus"), |value| {
        at_least_one(value, "cpus", 1024)
    });
    program.allowance = allowance_of(table).or(program.allowance);
}

/// Puts what is stated, if it is and can be read, in place of what was there.
fn put<'a, T>(place: &mut T, stated: Option<Value<'a>>, read: impl FnOnce(Value<'a>) -> Option<T>) {
    if let Some(found) = stated.and_then(read) {
        *place = found;
    }
}

/// As [`put`], where nothing need be there.
fn put_some<'a, T>(
    place: &mut Option<T>,
    stated: Option<Value<'a>>,
    read: impl FnOnce(Value<'a>) -> Option<T>,
) {
    put(place, stated, |value| read(value).map(Some));
}

fn at_least_one(value: Value<'_>, key: &str, most: i64) -> Option<u32> {
    let wanted = format!("a whole number such as `{key} = 2`");
    whole_number(value, &wanted, &format!("number of {key}"), 1..=most)
}

/// The events of the case, with those in the table in place of the case's own.
fn events_of(value: Value<'_>, around: &Scope<'_>) -> Option<IndexMap<Label, EventKind>> {
    let mut all = around.events.clone();
    let table = value.table("a table of events: `label = \"pattern\"`")?;
    for (key, value) in table.entries() {
        let Some(label) = around.names.label(&key) else {
            continue;
        };
        if !around.events.contains_key(&label) {
            // Those of the stand-in are not printed.
            let message = format!("`{label}` is no event of the output");
            key.report(message, "not printed", "name an event of `[events]`");
            continue;
        }
        let other = value.as_text().and_then(|text| Label::parse(text.value));
        let other = other.and_then(|other| Some((around.events.get(&other)?.clone(), other)));
        if let Some((kind, other)) = other {
            // What the case calls by another label has that label's forms, and leaves it none.
            all.insert(label, kind);
            if let Some(left) = all.get_mut(&other) {
                left.forms.clear();
            }
        } else if let Some(mut kind) = events::kind(value) {
            check_captures(&key, &label, &kind, around);
            kind.optional |= all.get(&label).is_some_and(|kind| kind.optional);
            all.insert(label, kind);
        }
    }
    Some(all)
}

/// A program's own pattern captures all that the case's does; a problem if not.
fn check_captures(key: &Text<'_>, label: &Label, kind: &EventKind, around: &Scope<'_>) {
    let own = events::captures_of(&kind.forms);
    let of_case = around.events.get(label).into_iter();
    let of_case = of_case.flat_map(|kind| events::captures_of(&kind.forms));
    if let Some(name) = of_case.into_iter().find(|name| !own.contains(name)) {
        let message = format!("this pattern captures no `{name}`, which the case's `{label}` does");
        let hint = format!("give it a hole `{{{name}}}`");
        key.report(message, "lacks a capture", hint);
    }
}

fn unseen_of(value: Value<'_>, names: &Names) -> Vec<Label> {
    let texts = value.texts("a label, or a list of them");
    let label = |text: &Text<'_>| {
        if text.value.starts_with('@') {
            let message = format!("`{}` is given to every program", text.value);
            return text.refuse(message, "never unseen", "name events of the output");
        }
        names.label(text)
    };
    let unique: IndexSet<Label> = texts.iter().filter_map(label).collect();
    unique.into_iter().collect()
}

fn env_of(value: Value<'_>) -> Option<IndexMap<String, String>> {
    let entry = |(key, value): (Text<'_>, Value<'_>)| {
        if !pattern::is_capture(key.value) {
            let message = format!("`{}` cannot name an environment variable", key.value);
            let hint = "use letters, digits and `_`, a letter first";
            key.report(message, "bad name", hint);
        }
        Some((key.value.to_string(), argument(&value.text("a string")?)?))
    };
    let entries = value
        .table("a table of strings: `{ NAME = \"value\" }`")?
        .entries();
    Some(entries.into_iter().filter_map(entry).collect())
}
