//! An answer as SARIF 2.1.0, which code scanners and editors read.
//!
//! Source: the OASIS standard, sections 3.13 (log), 3.14 (run), 3.20 (invocation), 3.27 (result) and 3.36 (code flow).

use std::io::{self, Write};

use serde_json::{Value, json};

use super::facts::{untold, victim};
use crate::glossary::entries;
use crate::model::answer::{Answer, Cause, Certainty, CodePlace, Finding, RelatedPlace};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Writes one log of one run.
pub(super) fn write(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &log(answer))?;
    out.write_all(b"\n")
}

fn log(answer: &Answer) -> Value {
    let results: Vec<Value> = answer.findings.iter().map(result).collect();
    let rules: Vec<Value> = Cause::ALL.iter().map(|cause| rule(*cause)).collect();
    let not_checked = answer.not_checked.iter();
    let mut notes: Vec<Value> = not_checked
        .map(|one| note(&format!("{} was not checked: {}", one.cause, one.why)))
        .collect();
    notes.extend(untold(answer).map(|why| note(&why)));
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "repro why",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "commandLine": answer.command.join(" "),
                "executionSuccessful": true,
                "toolExecutionNotifications": notes,
            }],
            "results": results,
        }],
    })
}

fn note(text: &str) -> Value {
    json!({ "level": "warning", "message": { "text": text } })
}

/// What a cause means, in the words of the documents.
fn rule(cause: Cause) -> Value {
    let entries = entries();
    let entry = entries.iter().find(|entry| entry.is_called(cause.name()));
    let text = entry.map_or(cause.name(), |entry| entry.text);
    let first = text.split("\n\n").next().unwrap_or_default();
    json!({ "id": cause.name(), "shortDescription": { "text": first }, "fullDescription": { "text": text } })
}

fn result(finding: &Finding) -> Value {
    let victims: Vec<String> = finding.victims.iter().map(victim).collect();
    let mut text = finding.message.clone();
    if !finding.remedy.is_empty() {
        text = format!("{text}. Remedy: {}", finding.remedy);
    }
    let steps: Vec<Value> = finding
        .path
        .iter()
        .map(|place| json!({ "location": location(place) }))
        .collect();
    let related: Vec<Value> = finding.related.iter().map(related).collect();
    json!({
        "ruleId": finding.cause.name(),
        "ruleIndex": Cause::ALL.iter().position(|cause| *cause == finding.cause),
        "level": match finding.certainty {
            Certainty::Certain => "error",
            Certainty::Hint => "warning",
            Certainty::Info => "note",
        },
        "message": { "text": text },
        "locations": [location(&finding.place)],
        "relatedLocations": related,
        "codeFlows": [{ "threadFlows": [{ "locations": steps }] }],
        "partialFingerprints": { "causeAndFunction/v1": super::baseline::fingerprint(finding) },
        "properties": { "seconds": finding.seconds, "meanwhile": victims, "case": finding.case },
    })
}

fn related(one: &RelatedPlace) -> Value {
    let mut place = location(&one.place);
    place["message"] = json!({ "text": one.role });
    place
}

fn location(place: &CodePlace) -> Value {
    json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(&place.file) },
            "region": { "startLine": place.line.max(1) },
        },
        "logicalLocations": [{ "name": place.function, "kind": "function" }],
    })
}

/// A path as RFC 3986 has it: relative ones stay so, since the folder of the run is the scanner's own.
fn uri(file: &str) -> String {
    let mut uri = String::from(if file.starts_with('/') { "file://" } else { "" });
    for byte in file.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
                uri.push(char::from(byte));
            }
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_reference_of_a_uri() {
        assert_eq!(uri("src/a b.py"), "src/a%20b.py");
        assert_eq!(uri("/x/é.js"), "file:///x/%C3%A9.js");
    }
}
