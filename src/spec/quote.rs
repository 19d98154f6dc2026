//! Quotes a part of a case file in one line, for failures to name it by.

use std::fmt::Write;

use toml::de::DeValue;

use super::reader::{Table, Value};

/// Deeper nesting is left out.
const DEEPEST: usize = 24;

/// The keys and values of an expectation as a failure quotes it, in the order of the file. `why` demands nothing.
pub(crate) fn table(value: Value<'_>, depth: usize) -> String {
    let mut text = String::new();
    let entries = value.as_table().map(Table::entries).unwrap_or_default();
    for (key, value) in entries.into_iter().filter(|(key, _)| key.value != "why") {
        let between = if text.is_empty() { "" } else { ", " };
        let bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let key = if key.value.chars().all(bare) {
            key.value.to_string()
        } else {
            quoted(key.value)
        };
        // Writing to a string cannot fail.
        let _ = write!(text, "{between}{key} = {}", value_of(value, depth + 1));
    }
    text
}

fn value_of(value: Value<'_>, depth: usize) -> String {
    match value.raw() {
        _ if depth > DEEPEST => "…".into(),
        DeValue::String(text) => quoted(text),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(truth) => truth.to_string(),
        DeValue::Datetime(time) => time.to_string(),
        DeValue::Array(_) => {
            let items = value.one_or_list().into_iter();
            let items: Vec<String> = items.map(|item| value_of(item, depth + 1)).collect();
            format!("[{}]", items.join(", "))
        }
        DeValue::Table(_) => format!("{{ {} }}", table(value, depth)),
    }
}

fn quoted(text: &str) -> String {
    let as_it_is =
        text.contains(['"', '\\']) && !text.contains(|c: char| c == '\'' || c.is_control());
    if as_it_is {
        format!("'{text}'")
    } else {
        format!("\"{}\"", text.escape_debug())
    }
}
