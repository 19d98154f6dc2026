//! The events of a case's output, and its spans.

use indexmap::{IndexMap, IndexSet};

use super::names::Names;
use super::pattern;
use super::reader::{Table, Text, Value};
use super::values::{one_of, parsed};
use crate::model::case::{EventKind, Label, Pairing, SpanKind};
use crate::model::pattern::Form;
use crate::model::trace::Stream;

const EVENT: &str = "a pattern in quotes, a table with `match`, or a list of these";

/// Reads `[events]`, and adds the labels to `names`.
pub(crate) fn events(value: Value<'_>, names: &mut Names) -> IndexMap<Label, EventKind> {
    let mut events = IndexMap::new();
    let table = value.table("a table of events: `label = \"pattern\"`");
    for (key, value) in table.map(Table::entries).unwrap_or_default() {
        let Some(label) = own_label(&key) else {
            continue;
        };
        let kind = kind(value);
        names.add_label(
            label.clone(),
            kind.as_ref().map(|kind| captures_of(&kind.forms)),
        );
        events.insert(label, kind.unwrap_or_default());
    }
    events
}

/// One event as a program prints it; `None` if any of its forms cannot be read.
pub(crate) fn kind(value: Value<'_>) -> Option<EventKind> {
    value.refuse_empty("an event needs a pattern", "write `label = \"pattern\"`");
    let forms = value.one_or_list();
    let read: Vec<(Form, bool)> = forms.iter().copied().filter_map(form).collect();
    let whole = read.len() == forms.len();
    let (forms, optional): (Vec<Form>, Vec<bool>) = read.into_iter().unzip();
    let optional = optional.contains(&true);
    whole.then_some(EventKind { forms, optional })
}

/// A label that an author may define.
fn own_label(key: &Text<'_>) -> Option<Label> {
    let hint = "a label is lower-case letters, digits, `.` and `-`, and begins with a letter";
    match Label::parse(key.value) {
        None => {
            let message = format!("`{}` cannot be a label", key.value);
            key.refuse(message, "not a label", hint)
        }
        Some(label) if label.as_str().starts_with('@') => {
            let message = format!("`{label}` is given to every program");
            key.refuse(message, "cannot be defined", "choose another label")
        }
        label => label,
    }
}

/// The names of all that forms capture.
pub(crate) fn captures_of(forms: &[Form]) -> IndexSet<String> {
    let names = forms.iter().flat_map(|f| f.pattern.regex.capture_names());
    names.flatten().map(String::from).collect()
}

/// One way to print an event, and whether the event is optional.
fn form(value: Value<'_>) -> Option<(Form, bool)> {
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
    let streams = Stream::ALL.map(|stream| (stream.name(), stream));
    let stream = table.take("stream");
    let stream = stream.and_then(|value| one_of(value, "stream", streams));
    let more = table.take("more");
    let more = more.and_then(|value| parsed(value, "a regular expression", pattern::regex));
    let optional = table.take("optional").and_then(|value| value.boolean());
    table.finish("an event");
    let form = Form {
        pattern: parsed(matched?, "a pattern in quotes", pattern::pattern)?,
        stream,
        more: more.map(|(regex, _)| regex),
    };
    Some((form, optional.unwrap_or(false)))
}

/// Reads `[spans]`, and adds them to `names`, which has all labels.
pub(crate) fn spans(value: Value<'_>, names: &mut Names) -> IndexMap<String, SpanKind> {
    let mut spans = IndexMap::new();
    let example = "a table of spans: `name = { from = \"start\", to = \"done\" }`";
    for (key, value) in value.table(example).map(Table::entries).unwrap_or_default() {
        if Label::parse(key.value).is_none_or(|name| name.as_str().starts_with('@')) {
            let hint = "use lower-case letters, digits, `.` and `-`, a letter first";
            let message = format!("`{}` cannot be the name of a span", key.value);
            key.report(message, "bad name", hint);
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
    let from = from.and_then(|value| names.label(&value.text("the label of an event")?));
    let to = table.require("to", "`to = \"done\"`");
    let by = table.take("by");
    let pairings = [("fifo", Pairing::Fifo), ("any", Pairing::Any)];
    let pairing = table.take("pair");
    let pairing = pairing.and_then(|value| one_of(value, "way to pair", pairings));
    let open = table.take("open");
    let open = open.and_then(|value| one_of(value, "way to end", [("allow", true)]));
    table.finish("a span");
    let to: Vec<Label> = to.map_or_else(Vec::new, |value| {
        value.refuse_empty("a span needs an end", "write `to = \"done\"`");
        let texts = value.texts("the label of an event, or a list of them");
        texts.iter().filter_map(|text| names.label(text)).collect()
    });
    let from = from?;
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
        pairing: pairing.unwrap_or(Pairing::Fifo),
        may_stay_open: open.unwrap_or(false),
    })
}
