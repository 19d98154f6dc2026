//! Labels that nobody can tell apart: a line that two patterns describe with equal right.

use crate::model::case::{Case, Label};

/// Labels between which a line that one of them describes cannot be told, with the line.
#[must_use]
pub fn overlapping(case: &Case) -> Vec<(&Label, &Label, String)> {
    let mut found = Vec::new();
    let forms = || {
        case.events
            .iter()
            .flat_map(|(label, kind)| kind.forms.iter().map(move |form| (label, form)))
    };
    for (one, form) in forms() {
        for line in examples(&form.pattern.text) {
            if form.pattern.captures(&line).is_none() {
                continue;
            }
            let ties = |(other, rival): &(&Label, &crate::model::pattern::Form)| {
                let streams = (form.stream, rival.stream);
                let apart = matches!(streams, (Some(a), Some(b)) if a != b);
                one < *other
                    && !apart
                    && rival.pattern.literals == form.pattern.literals
                    && rival.pattern.captures(&line).is_some()
            };
            let rival = forms().find(ties);
            if let Some((other, _)) = rival
                && !found.iter().any(|(a, b, _)| (*a, *b) == (one, other))
            {
                found.push((one, other, line));
            }
        }
    }
    found
}

/// Lines that a pattern with holes describes; none for a regular expression.
fn examples(pattern: &str) -> Vec<String> {
    if pattern.starts_with('/') {
        return Vec::new();
    }
    ["1", "x"]
        .into_iter()
        .map(|value| {
            let mut line = String::new();
            let mut rest = pattern;
            while let Some(at) = rest.find('{') {
                line.push_str(&rest[..at]);
                if rest[at..].starts_with("{{") {
                    line.push('{');
                    rest = &rest[at + 2..];
                    continue;
                }
                let end = rest[at..]
                    .find('}')
                    .map_or(rest.len(), |length| at + length);
                let kind = rest[at + 1..end]
                    .split_once(':')
                    .map_or("", |(_, kind)| kind);
                line.push_str(match kind {
                    "int" | "num" => "1",
                    choices if choices.contains('|') => choices.split('|').next().unwrap_or(""),
                    _ => value,
                });
                rest = rest.get(end + 1..).unwrap_or("");
            }
            line + rest
        })
        .collect()
}
