//! The claims of a case's source, with their evidence.

use indexmap::IndexSet;

use super::glob::selects;
use super::names::{Names, look_up};
use super::reader::{Table, Value};
use super::values::{one_of, sentence};
use crate::model::case::Claim;
use crate::model::verdict::Finding;

/// Reads `[[claims]]`; `programs` are all programs as `language/variant`.
pub(crate) fn claims(value: Value<'_>, programs: &IndexSet<String>, names: &Names) -> Vec<Claim> {
    let items = value.list("a list of claims: write each under `[[claims]]`");
    let tables = items.unwrap_or_default().into_iter();
    tables
        .filter_map(|item| claim(item.table("a claim")?, programs, names))
        .collect()
}

fn claim(mut table: Table<'_>, programs: &IndexSet<String>, names: &Names) -> Option<Claim> {
    let says = table.require("says", "`says = \"…\"`, the claim in your own words");
    let finding = table.require("finding", "`finding = \"confirmed\"`");
    let mut claim = Claim {
        // One that cannot be read is reported already: the rest is read as evidence of it.
        finding: finding.and_then(finding_of).unwrap_or(Finding::Partly),
        at: table.take("at").and_then(sentence),
        says: says.and_then(sentence).unwrap_or_default(),
        programs: Vec::new(),
        behaviours: Vec::new(),
        why: None,
        witness: Vec::new(),
    };
    if claim.finding == Finding::Untested {
        let why = table.require("why", "`why = \"…\"`, what keeps a program from telling");
        claim.why = why.and_then(sentence);
        table.finish("an untested claim, which has no evidence");
        return Some(claim);
    }
    if let Some(value) = table.require("program", "`program = \"python/listing\"`") {
        claim.programs = evidence(value, programs);
    }
    let example = "`if = \"BEHAVIOUR\"`, what is seen if the claim holds";
    if let Some(value) = table.require("if", example) {
        value.refuse_empty("a claim needs a behaviour", "name at least one");
        let texts = value.texts("the name of a behaviour, or a list of them");
        let found = texts.iter();
        let found = found.filter_map(|text| look_up(text, "behaviour", &names.behaviours));
        claim.behaviours = found.collect::<IndexSet<_>>().into_iter().collect();
    }
    claim.why = table.take("why").and_then(sentence);
    if let Some(value) = table.take("witness") {
        let texts = value.texts("a label, or a list of them");
        claim.witness = texts.iter().filter_map(|text| names.label(text)).collect();
    }
    table.finish("a claim");
    Some(claim)
}

/// The programs that names and globs select, in the order of the file.
fn evidence(value: Value<'_>, programs: &IndexSet<String>) -> Vec<String> {
    let patterns = value.texts("a program such as `\"python/listing\"`, or a list of them");
    value.refuse_empty("a claim needs a program", "name at least one");
    for pattern in &patterns {
        if !programs.iter().any(|name| selects(pattern.value, name)) {
            let known = programs.iter().map(String::as_str);
            pattern.report_unknown(&pattern.whole(), "program", known);
        }
    }
    let selected = |name: &&String| patterns.iter().any(|p| selects(p.value, name));
    programs.iter().filter(selected).cloned().collect()
}

fn finding_of(value: Value<'_>) -> Option<Finding> {
    one_of(value, "finding", Finding::ALL.map(|f| (f.name(), f)))
}
