//! `on`: how a program differs on some versions of its toolchain.

use super::details;
use super::reader::{Table, Value};
use super::scope::Scope;
use super::values::{line, needs_of};
use crate::model::case::{Amendment, Program};

/// Reads `on = [{ if = ">=3.14", …, why = "…" }]`, each over what the program is elsewhere.
pub(crate) fn read(value: Value<'_>, elsewhere: &Program, around: &Scope<'_>) -> Vec<Amendment> {
    let example = "`{ if = \">=3.14\", shows = \"BEHAVIOUR\", why = \"…\" }`";
    let items = value.list(&format!("a list of {example}"));
    let amended = |item: Value<'_>| one(item.table(example)?, item, elsewhere, around);
    let items = items.unwrap_or_default().into_iter();
    items.filter_map(amended).collect()
}

fn one(
    mut table: Table<'_>,
    item: Value<'_>,
    elsewhere: &Program,
    around: &Scope<'_>,
) -> Option<Amendment> {
    let versions = "`if = \">=3.14\"`, the versions on which it is otherwise";
    let versions = table.require("if", versions);
    let why = table.require("why", "`why = \"…\"`, so that a reader knows what changed");
    if table.len() == 0 {
        let hint = "add `shows`, `also`, `args`, …";
        item.report("nothing is otherwise here", "changes nothing", hint);
    }
    let mut program = elsewhere.clone();
    details::read(&mut program, &mut table, around);
    table.finish("`on`");
    program.otherwise = Some(why.and_then(line)?);
    let on = needs_of(versions?)?;
    Some(Amendment { on, program })
}
