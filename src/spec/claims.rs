//! The claims of a case's source, with their evidence.

use indexmap::IndexSet;

use super::glob::selects;
use super::names::{Names, look_up};
use super::reader::{Table, Value};
use super::suggest::did_you_mean;
use super::values::sentence;
use crate::model::case::{Claim, Label};
use crate::model::verdict::Finding;

/// Reads `[[claims]]`; `programs` are all programs as `language/variant`.
pub(crate) fn claims(value: &Value<'_>, programs: &IndexSet<String>, names: &Names) -> Vec<Claim> {
    let Some(items) = value.as_list() else {
        value.report_type("a list of claims: write each under `[[claims]]`");
        return Vec::new();
    };
    let tables = items.iter().filter_map(|item| item.table("a claim"));
    let read = tables.map(|table| claim(table, programs, names));
    read.collect::<Vec<_>>().into_iter().flatten().collect()
}

fn claim(mut table: Table<'_>, programs: &IndexSet<String>, names: &Names) -> Option<Claim> {
    let says = table.require("says", "`says = \"…\"`, the claim in your own words");
    let at = table.take("at").map(|value| sentence(&value));
    let finding = table.require("finding", "`finding = \"confirmed\"`");
    let finding = finding.and_then(|value| finding_of(&value));
    if finding == Some(Finding::Untested) {
        return untested(table, says, at);
    }
    let program = table.require("program", "`program = \"python/listing\"`");
    let shown = table.require(
        "if",
        "`if = \"BEHAVIOUR\"`, what is seen if the claim holds",
    );
    let why = table.take("why").map(|value| sentence(&value));
    let witness = table.take("witness").map(|value| labels(&value, names));
    table.finish("a claim");
    let says = says.and_then(|value| sentence(&value));
    let evidence = program.and_then(|value| evidence(&value, programs));
    let behaviours = shown.and_then(|value| {
        let texts = value.texts("the name of a behaviour, or a list of them");
        refuse_none(&value, "a claim needs a behaviour");
        let found = texts
            .iter()
            .map(|text| look_up(text, "behaviour", &names.behaviours));
        let found: Vec<Option<String>> = found.collect();
        found.into_iter().collect::<Option<IndexSet<String>>>()
    });
    Some(Claim {
        says: says?,
        at: at.map_or(Some(None), |place| place.map(Some))?,
        programs: evidence?,
        behaviours: behaviours?.into_iter().collect(),
        finding: finding?,
        why: why.map_or(Some(None), |sentence| sentence.map(Some))?,
        witness: witness.unwrap_or_else(|| Some(Vec::new()))?,
    })
}

/// A claim that no program can tell.
fn untested(
    mut table: Table<'_>,
    says: Option<Value<'_>>,
    at: Option<Option<String>>,
) -> Option<Claim> {
    let why = table.require("why", "`why = \"…\"`, what keeps a program from telling");
    table.finish("an untested claim, which has no evidence");
    let says = says.and_then(|value| sentence(&value));
    let why = why.and_then(|value| sentence(&value));
    Some(Claim {
        says: says?,
        at: at.map_or(Some(None), |place| place.map(Some))?,
        programs: Vec::new(),
        behaviours: Vec::new(),
        finding: Finding::Untested,
        why: Some(why?),
        witness: Vec::new(),
    })
}

/// The events that show what was found.
fn labels(value: &Value<'_>, names: &Names) -> Option<Vec<Label>> {
    let texts = value.texts("a label, or a list of them");
    let found: Vec<Option<Label>> = texts.iter().map(|text| names.label(text)).collect();
    found.into_iter().collect()
}

fn refuse_none(value: &Value<'_>, message: &str) {
    if value.as_list().is_some_and(|items| items.is_empty()) {
        value.report(message, "none", "name at least one");
    }
}

/// The programs that names and globs select, in the order of the file.
fn evidence(value: &Value<'_>, programs: &IndexSet<String>) -> Option<Vec<String>> {
    let patterns = value.texts("a program such as `\"python/listing\"`, or a list of them");
    refuse_none(value, "a claim needs a program");
    let mut whole = true;
    for pattern in &patterns {
        if !programs.iter().any(|name| selects(pattern.value, name)) {
            let known = programs.iter().map(String::as_str);
            pattern.report_unknown(&pattern.whole(), "program", known);
            whole = false;
        }
    }
    let selected = |name: &&String| patterns.iter().any(|p| selects(p.value, name));
    let found = programs.iter().filter(selected).cloned();
    whole.then(|| found.collect())
}

fn finding_of(value: &Value<'_>) -> Option<Finding> {
    let known = [
        Finding::Confirmed,
        Finding::Refuted,
        Finding::Partly,
        Finding::Untested,
    ];
    let text = value.text("`\"confirmed\"`, `\"refuted\"`, `\"partly\"` or `\"untested\"`")?;
    let found = known.into_iter().find(|f| f.name() == text.value);
    if found.is_none() {
        let hint = did_you_mean(text.value, known.map(Finding::name));
        let message = format!("`{}` is no finding", text.value);
        text.report(message, "not a finding", hint.unwrap_or_default());
    }
    found
}
