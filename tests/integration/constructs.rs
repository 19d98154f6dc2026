//! Each construct of the case language is used by a built-in case or by an example of the guide, all of which are run or
//! judged by the tests: nothing in the grammar is there without somebody who needs it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use regex::Regex;
use serde_json::Value;

use crate::guide::{HEAD, blocks};
use crate::harness::case_folders;

/// The texts of all built-in cases and of the guide's.
fn texts() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = case_folders().into_iter();
    let mut texts: Vec<String> = folders
        .map(|folder| fs::read_to_string(folder.join("case.toml")).unwrap())
        .collect();
    let guide = fs::read_to_string(root.join("docs/guide.md")).unwrap();
    for word in ["case", "do", "given", "graded"] {
        let cases = blocks(&guide, "toml", word).into_iter();
        texts.extend(cases.map(|(_, _, text)| format!("{HEAD}{text}")));
    }
    texts
}

/// Where a reference leads to, and the schema there.
fn resolved<'s>(root: &'s Value, schema: &'s Value, place: String) -> (&'s Value, String) {
    match schema.get("$ref").and_then(Value::as_str) {
        Some(reference) => {
            let place = reference.trim_start_matches('#').to_string();
            let schema = root.pointer(&place).expect("a reference leads somewhere");
            resolved(root, schema, place)
        }
        None => (schema, place),
    }
}

fn alternatives(schema: &Value) -> Vec<(String, &Value)> {
    let kinds = ["anyOf", "oneOf", "allOf"].into_iter();
    let lists = kinds.filter_map(|kind| Some((kind, schema.get(kind)?.as_array()?)));
    let each = lists.flat_map(|(kind, list)| {
        let numbered = list.iter().enumerate();
        numbered.map(move |(n, schema)| (format!("/{kind}/{n}"), schema))
    });
    each.collect()
}

/// Whether a value may be meant by a schema: told by its type and its keys.
fn may_be(root: &Value, schema: &Value, value: &Value) -> bool {
    let (schema, _) = resolved(root, schema, String::new());
    let right_type = match schema.get("type").and_then(Value::as_str) {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        _ => true,
    };
    let is_listed = |name: &str| {
        let list = schema.get(name);
        list.is_none_or(|list| list.as_array().map_or(list == value, |l| l.contains(value)))
    };
    let has = |key: &Value| value.get(key.as_str().unwrap_or_default()).is_some();
    let required = schema.get("required").and_then(Value::as_array);
    let complete = required.is_none_or(|keys| keys.iter().all(has));
    let closed = schema.get("additionalProperties") == Some(&Value::Bool(false));
    let known = |key: &String| schema["properties"].get(key).is_some();
    let fits = !closed
        || value
            .as_object()
            .is_none_or(|table| table.keys().all(known));
    let inner = alternatives(schema);
    let inner = inner.is_empty() || inner.iter().any(|(_, inner)| may_be(root, inner, value));
    right_type && is_listed("enum") && is_listed("const") && complete && fits && inner
}

/// Notes the place of every key of the schema that a value uses.
fn visit(root: &Value, schema: &Value, place: String, value: &Value, used: &mut BTreeSet<String>) {
    let (schema, place) = resolved(root, schema, place);
    for (at, inner) in alternatives(schema) {
        if may_be(root, inner, value) {
            visit(root, inner, format!("{place}{at}"), value, used);
        }
    }
    match value {
        Value::Array(items) => {
            if let Some(inner) = schema.get("items") {
                for item in items {
                    visit(root, inner, format!("{place}/items"), item, used);
                }
            }
        }
        Value::Object(table) => {
            for (key, value) in table {
                let own = schema.get("properties").and_then(|keys| keys.get(key));
                if let Some(inner) = own {
                    let place = format!("{place}/properties/{key}");
                    used.insert(place.clone());
                    visit(root, inner, place, value, used);
                } else if let Some(inner) = schema.get("additionalProperties") {
                    visit(
                        root,
                        inner,
                        format!("{place}/additionalProperties"),
                        value,
                        used,
                    );
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The place of every key that the schema knows.
fn keys(schema: &Value, place: &str, found: &mut BTreeSet<String>) {
    if let Some(own) = schema.get("properties").and_then(Value::as_object) {
        found.extend(own.keys().map(|key| format!("{place}/properties/{key}")));
    }
    let children: Vec<(String, &Value)> = match schema {
        Value::Object(table) => table.iter().map(|(k, v)| (k.clone(), v)).collect(),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .map(|(n, v)| (n.to_string(), v))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    for (name, child) in children {
        keys(child, &format!("{place}/{name}"), found);
    }
}

#[test]
fn every_key_of_a_case_file_is_used_by_a_case_or_by_the_guide() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let schema = fs::read_to_string(root.join("docs/schema/case-1.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let mut used = BTreeSet::new();
    for text in texts() {
        let case: Value = toml::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        visit(&schema, &schema, String::new(), &case, &mut used);
    }
    let mut known = BTreeSet::new();
    keys(&schema, "", &mut known);
    assert!(known.len() > 60, "{}", known.len());
    // What `on` may change is what the program itself may state, and any expectation may say why it stays.
    let again = "/$defs/program/properties/on/items/properties/";
    let is_why = |place: &&String| {
        place.starts_with("/$defs/expectation/oneOf/") && place.ends_with("/properties/why")
    };
    assert!(used.iter().any(|place| is_why(&place)));
    let unused = known.difference(&used);
    let unused: Vec<&String> = unused
        .filter(|place| !is_why(place))
        .filter(|place| {
            !place.starts_with(again) || ["if", "why"].iter().any(|key| place.ends_with(key))
        })
        .collect();
    assert!(unused.is_empty(), "nobody uses {unused:#?}");
}

/// What is written within the strings of a case file.
const WITHIN_STRINGS: [(&str, &str); 66] = [
    ("a hole", r#""[^"]*\{[a-z]+\}[^"]*""#),
    ("a hole of whole numbers", r"\{[a-z]+:int\}"),
    ("a hole of numbers", r"\{[a-z]+:num\}"),
    ("a hole of words", r"\{[a-z]+:word\}"),
    ("a hole of alternatives", r"\{[a-z]+:[a-z]+\|[a-z]+\}"),
    ("a hole that captures nothing", r"\{_\}"),
    ("a brace", r"\{\{"),
    ("a regular expression", r"= '/[^']*/'"),
    ("one that captures", r"'/[^']*\(\?<[a-z]+>[^']*/'"),
    ("continuation lines", r"more = '/"),
    ("a step", r#"order = "[^"]* < "#),
    ("a step with nothing between", r" <! "),
    ("a set", r#"order = "[^"]*\{[^"}]*, [^"}]*\}"#),
    ("the spawn", r"@spawn"),
    ("the exit", r"@exit"),
    ("a signal that was sent", r"@sig[a-z]+"),
    ("a request", r"\.asked"),
    ("an answer", r"\.answered"),
    ("a request given up", r"\.dropped"),
    (
        "an event of the stand-in with a captured value",
        r"\.asked\[id",
    ),
    ("the first", r"\[first\]"),
    ("the last", r"\[last\]"),
    ("one by its number", r"\[[0-9]+\]"),
    ("each", r"\[\*\]"),
    ("a variable", r"[a-z]\[(id|n|name)\]"),
    ("the next value", r"\[(id|n)\+1\]"),
    ("a literal", r"\[[a-z]+=[a-z0-9]+\]"),
    ("a named variable", r"\[[a-z]+=\$[a-z]+\]"),
    ("its next value", r"\[[a-z]+=\$[a-z]+\+1\]"),
    ("a filter and a position", r"\[[a-z]+=[0-9]+, first\]"),
    ("the makespan", r#"shape = "makespan [<>]"#),
    ("a band", r#"shape = "[a-z]+ in [0-9.]+\.\.[0-9.]+ \* "#),
    ("the longest", r"\* longest"),
    ("the sum", r"\* sum"),
    ("the gap", r#"shape = "gap "#),
    ("no overlap", r#""none overlap""#),
    ("all overlap", r#""all overlap""#),
    ("excludes", r#"relation = "[a-z]+ excludes [a-z]+""#),
    ("overlaps", r#"relation = "[a-z]+ overlaps [a-z]+""#),
    ("during", r#"relation = "[a-z]+ during [a-z]+""#),
    ("before", r#"relation = "[a-z]+ before [a-z]+""#),
    (
        "a time within a band",
        r#"within = "[^"]* - [^"]* in [0-9.]+m?s\.\.[0-9.]+m?s""#,
    ),
    (
        "a bounded time",
        r#"within = "[^"]* - [^"]* <= [0-9.]+m?s""#,
    ),
    (
        "a time and another",
        r#"within = "[^"]* >= [0-9.]+ \* \([^"]* - [^"]*\)""#,
    ),
    (
        "gaps of a length",
        r#"gaps = "[a-z]+", each = "<= [0-9]+ms""#,
    ),
    (
        "gaps and the one before",
        r#"each = "[0-9.]+\.\.[0-9.]+ \* previous""#,
    ),
    ("values one by one", r#"are = \["#),
    ("values of a range", r#"are = "[0-9]+\.\.[0-9]+""#),
    ("rising values", r#"are = "ascending""#),
    ("falling values", r#"are = "descending""#),
    ("values in any order", r"set = \["),
    ("an exit by a signal", r#"exit = [^}]*"SIG[A-Z]+""#),
    ("an exit by a timeout", r#"exit = [^}]*"timeout""#),
    ("an exit that is not 0", r#"exit = [^}]*"nonzero""#),
    ("an exit code", r"exit = [^}]*[0-9]"),
    ("any exit", r#"exit = "any""#),
    ("an exact amount", r"(peak|count|is) = [0-9]"),
    ("a least amount", r#"= ">= [0-9]+""#),
    ("a range of amounts", r#"= "[0-9]+\.\.[0-9]+""#),
    ("must", r#"= "must""#),
    ("may", r#"= "may""#),
    ("never", r#"= "never""#),
    ("versions", r#"needs +=.*">=[0-9]"#),
    ("versions of an implementation", r#"needs +=.*deno = ">="#),
    ("every version", r#""?deno"? = "\*""#),
    ("programs by a glob or a list", r#"program += \["#),
];

#[test]
fn what_is_written_within_strings_is_used_by_a_case_or_by_the_guide() {
    let all = texts().join("\n");
    let unused = WITHIN_STRINGS
        .iter()
        .filter(|(_, sign)| !Regex::new(sign).unwrap().is_match(&all));
    let unused: Vec<&str> = unused.map(|(what, _)| *what).collect();
    assert!(unused.is_empty(), "nobody uses {unused:#?}");
}
