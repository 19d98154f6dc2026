//! `on`: what is otherwise in a program on some versions of its toolchain.

use super::details::Details;
use super::reader::{Table, Value};
use super::scope::Scope;
use super::values::{line, needs_of};
use crate::model::case::Needs;

/// What one entry of `on` states.
pub(crate) struct Amended {
    /// The versions.
    pub(crate) on: Needs,
    /// What is otherwise there.
    pub(crate) details: Details,
    /// Why.
    pub(crate) why: String,
}

/// Reads `on = [{ if = ">=3.14", …, why = "…" }]`; `None` after a problem.
pub(crate) fn read(value: &Value<'_>, around: &Scope<'_>) -> Option<Vec<Amended>> {
    let example = "`{ if = \">=3.14\", shows = \"BEHAVIOUR\", why = \"…\" }`";
    let Some(items) = value.as_list() else {
        value.report_type(&format!("a list of {example}"));
        return None;
    };
    let draft = |item: &Value<'_>| one(item.table(example)?, item, around);
    let read: Vec<Option<Amended>> = items.iter().map(draft).collect();
    read.into_iter().collect()
}

fn one(mut table: Table<'_>, item: &Value<'_>, around: &Scope<'_>) -> Option<Amended> {
    let versions = table.require(
        "if",
        "`if = \">=3.14\"`, the versions on which it is otherwise",
    );
    let why = table.require("why", "`why = \"…\"`, so that a reader knows what changed");
    let before = table.len();
    let details = Details::take(&mut table, around);
    if before == 0 {
        item.report(
            "nothing is otherwise here",
            "changes nothing",
            "add `shows`, `also`, `args`, …",
        );
    }
    table.finish("`on`");
    Some(Amended {
        on: needs_of(&versions?)?,
        details: details?,
        why: line(&why?)?,
    })
}
