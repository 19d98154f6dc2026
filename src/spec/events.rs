//! The events of a case's output, and its spans.

use indexmap::{IndexMap, IndexSet};

use super::names::Names;
use super::reader::{Table, Text, Value};
use super::values::parsed;
use super::{pattern, suggest};
use crate::model::case::{EventKind, Label, Pairing, SpanKind};
use crate::model::pattern::Form;
use crate::model::trace::Stream;

const EVENT: &str = "a pattern in quotes, a table with `match`, or a list of these";

/// Reads `[events]`, and adds the labels to `names`.
pub(crate) fn events(value: &Value<'_>, names: &mut Names) -> IndexMap<Label, EventKind> {
    let mut events = IndexMap::new();
    let Some(table) = value.table("a table of events: `label = \"pattern\"`") else {
        return events;
    };
    for (key, value) in table.entries() {
        let Some(label) = own_label(&key) else {
            continue;
        };
        let (kind, whole) = forms(&value);
        names.add_label(label.clone(), whole.then(|| captures_of(&kind.forms)));
        events.insert(label, kind);
    }
    events
}

/// One event as a program prints it; `None` after a problem.
pub(crate) fn kind(value: &Value<'_>) -> Option<EventKind> {
    let (kind, whole) = forms(value);
    whole.then_some(kind)
}

/// The forms that could be read, and whether all could.
fn forms(value: &Value<'_>) -> (EventKind, bool) {
    let forms = value.one_or_list();
    if forms.is_empty() {
        let hint = "write `label = \"pattern\"`";
        value.report("an event needs a pattern", "none", hint);
    }
    let read: Vec<Option<(Form, bool)>> = forms.iter().map(form).collect();
    let whole = read.iter().all(Option::is_some);
    let (forms, optional): (Vec<Form>, Vec<bool>) = read.into_iter().flatten().unzip();
    let optional = optional.contains(&true);
    (EventKind { forms, optional }, whole)
}

/// A label that an author may define.
fn own_label(key: &Text<'_>) -> Option<Label> {
    let hint = "a label is lower-case letters, digits, `.` and `-`, and begins with a letter";
    let label = Label::parse(key.value);
    match &label {
        None => {
            let message = format!("`{}` cannot be a label", key.value);
            key.report(message, "not a label", hint);
        }
        Some(label) if label.as_str().starts_with('@') => {
            let message = format!("`{label}` is given to every program");
            key.report(message, "cannot be defined", "choose another label");
            return None;
        }
        Some(_) => {}
    }
    label
}

/// The names of all that forms capture.
pub(crate) fn captures_of(forms: &[Form]) -> IndexSet<String> {
    let names = forms.iter().flat_map(|f| f.pattern.regex.capture_names());
    names.flatten().map(String::from).collect()
}

/// One way to print an event, and whether the event is optional.
fn form(value: &Value<'_>) -> Option<(Form, bool)> {
    if value.as_text().is_some() {
        let form = Form {
            pattern: parsed(value, EVENT, pattern::pattern)?,
            stream: None,
            more: None,
        };
        return Some((form, false));
    }
    let mut table = value.table(EVENT)?;
    let matched = table.require("match", "`match = \"pattern\"`");
    let stream = table.take("stream");
    let more = table.take("more");
    let optional = table.take("optional").and_then(|value| value.boolean());
    table.finish("an event");
    let stream = stream.map(|value| stream_of(&value));
    let more = more.map(|value| parsed(&value, "a regular expression", pattern::regex));
    let form = Form {
        pattern: parsed(&matched?, "a pattern in quotes", pattern::pattern)?,
        stream: stream.map_or(Some(None), |found| found.map(Some))?,
        more: more.map_or(Some(None), |found| found.map(|(regex, _)| Some(regex)))?,
    };
    Some((form, optional.unwrap_or(false)))
}

fn stream_of(value: &Value<'_>) -> Option<Stream> {
    let text = value.text("`\"stdout\"` or `\"stderr\"`")?;
    let streams = [Stream::Stdout, Stream::Stderr];
    let found = streams.into_iter().find(|s| s.name() == text.value);
    if found.is_none() {
        let known = suggest::did_you_mean(text.value, streams.map(Stream::name));
        let message = format!("`{}` is no stream", text.value);
        text.report(message, "not a stream", known.unwrap_or_default());
    }
    found
}

/// Reads `[spans]`, and adds them to `names`, which has all labels.
pub(crate) fn spans(value: &Value<'_>, names: &mut Names) -> IndexMap<String, SpanKind> {
    let mut spans = IndexMap::new();
    let example = "a table of spans: `name = { from = \"start\", to = \"done\" }`";
    let Some(table) = value.table(example) else {
        return spans;
    };
    for (key, value) in table.entries() {
        if Label::parse(key.value).is_none_or(|name| name.as_str().starts_with('@')) {
            let hint = "use lower-case letters, digits, `.` and `-`, a letter first";
            key.report(
                format!("`{}` cannot be the name of a span", key.value),
                "bad name",
                hint,
            );
            continue;
        }
        // A span that is wrong in itself is still there: who refers to it makes no second mistake.
        names.spans.insert(key.value.into());
        let kind = value.table(example).and_then(|table| span(table, names));
        if let Some(kind) = kind {
            if kind.pairing == Pairing::Any {
                names.loose.insert(key.value.into());
            }
            names.joined.insert(key.value.into(), kind.by.clone());
            spans.insert(key.value.into(), kind);
        }
    }
    spans
}

fn span(mut table: Table<'_>, names: &Names) -> Option<SpanKind> {
    let from = table.require("from", "`from = \"start\"`");
    let to = table.require("to", "`to = \"done\"`");
    let by = table.take("by");
    let pairing = table.take("pair").map(|value| pairing(&value));
    let open = table.take("open").map(|value| may_stay_open(&value));
    table.finish("a span");
    let wanted = "the label of an event";
    let from = from.and_then(|value| names.label(&value.text(wanted)?));
    let ends = to.map(|value| {
        (
            value,
            value.texts("the label of an event, or a list of them"),
        )
    });
    let to: Option<Vec<Label>> = ends.and_then(|(value, texts)| {
        if texts.is_empty() && value.as_list().is_some() {
            value.report("a span needs an end", "none", "write `to = \"done\"`");
        }
        let count = texts.len();
        let labels: Vec<Label> = texts.iter().filter_map(|text| names.label(text)).collect();
        (count > 0 && labels.len() == count).then_some(labels)
    });
    let (from, to) = (from?, to?);
    let mut keys = Vec::new();
    for text in by
        .map(|value| value.texts("the name of a capture"))
        .unwrap_or_default()
    {
        let mut ends = [&from].into_iter().chain(&to);
        if ends.all(|label| names.check_capture(label, &text, &text.whole())) {
            keys.push(text.value.to_string());
        }
    }
    Some(SpanKind {
        from,
        to,
        by: keys,
        pairing: pairing.unwrap_or(Some(Pairing::Fifo))?,
        may_stay_open: open.unwrap_or(Some(false))?,
    })
}

fn pairing(value: &Value<'_>) -> Option<Pairing> {
    let text = value.text("`\"fifo\"` or `\"any\"`")?;
    match text.value {
        "fifo" => Some(Pairing::Fifo),
        "any" => Some(Pairing::Any),
        other => {
            let hint = "write `fifo`, the first end to the first start, or `any` where that cannot be known";
            text.report(format!("`{other}` is no way to pair"), "not a way", hint);
            None
        }
    }
}

fn may_stay_open(value: &Value<'_>) -> Option<bool> {
    let text = value.text("`\"allow\"`")?;
    if text.value == "allow" {
        return Some(true);
    }
    let hint =
        "write `open = \"allow\"`, or leave it out: then a span that never ends is a violation";
    text.report(
        format!("`{}` says nothing of open spans", text.value),
        "not `allow`",
        hint,
    );
    None
}
