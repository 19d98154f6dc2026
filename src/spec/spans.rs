//! Expectations of spans: how many, how many at once, how long, and how they stand to each other.

use indexmap::IndexSet;

use super::names::{Names, look_up, look_up_at};
use super::reader::{Table, Text, Value};
use super::sentence::{self, PlacedRelation};
use super::shape;
use super::values::{amount, lengths, parsed};
use crate::model::expect::{Quantity, Relation, Spans, Stand};

/// Reads what stands beside `spans = […]`.
pub(crate) fn demands(value: Value<'_>, table: &mut Table<'_>, names: &Names) -> Option<Spans> {
    let keys = ["count", "peak", "floor", "open", "each", "shape"];
    let taken = keys.map(|key| table.take(key));
    if taken.iter().all(Option::is_none) {
        let hint = "add `peak = 2`, `count = 4`, `each = \"<= 2s\"` or a `shape`";
        return value.refuse("this says nothing of its spans", "no demand", hint);
    }
    let [count, peak, floor, open, each, shaped] = taken;
    let demand = "a shape such as `\"makespan <= 1.3 * longest\"`";
    let found = Spans {
        names: named(value, names),
        count: count.and_then(amount),
        peak: peak.and_then(amount),
        floor: floor.and_then(amount),
        open: open.and_then(amount),
        each: each.and_then(lengths),
        shape: shaped.and_then(|value| parsed(value, demand, shape::shape)),
    };
    let longest = found
        .shape
        .is_some_and(|s| s.left == Quantity::Longest || s.right == Quantity::Longest);
    if let Some(place) = shaped.filter(|_| longest).or(each) {
        check_joined(place, &found.names, names);
    }
    Some(found)
}

/// It is known which end belongs to which start; a problem if not.
fn check_joined(place: Value<'_>, spans: &[String], names: &Names) {
    if let Some(name) = spans.iter().find(|name| names.loose.contains(*name)) {
        let message = format!("how long one `{name}` lasts cannot be known");
        let hint = "it is paired with `any`: join it with `by = \"…\"`, or demand `count`, `peak`, `makespan` or `sum`";
        place.report(message, "rests on one length", hint);
    }
}

/// The names of a list of spans: at least one, each once.
fn named(value: Value<'_>, names: &Names) -> Vec<String> {
    value.refuse_empty("this names no span", "write `spans = [\"a\", \"b\"]`");
    let texts = value.texts("the name of a span, or a list of them");
    let found = texts.iter();
    let found = found.filter_map(|text| look_up(text, "span", &names.spans));
    let unique: IndexSet<String> = found.collect();
    unique.into_iter().collect()
}

/// Reads `relation = "…"`, with the `spans` of `none overlap` and `all overlap`.
pub(crate) fn relation(value: Value<'_>, table: &mut Table<'_>, names: &Names) -> Option<Relation> {
    let wanted = "a relation such as `\"a excludes b\"`";
    let placed = parsed(value, wanted, sentence::relation);
    let given = table.take("spans");
    let overlap: fn(Vec<String>) -> Relation = match placed? {
        PlacedRelation::Pair(left, how, right) => {
            if let Some(spans) = given {
                let message = "the relation names its spans itself";
                return spans.refuse(message, "named twice", "leave `spans` out");
            }
            let text = value.as_text()?;
            let [left, right] =
                [left, right].map(|at| look_up_at(&text, &at, "span", &names.spans));
            let (left, right) = (left?, right?);
            if how != Stand::Before {
                check_joined(value, &[left.clone(), right.clone()], names);
            }
            return Some(Relation::Pair { left, how, right });
        }
        PlacedRelation::None => Relation::NoneOverlap,
        PlacedRelation::All => Relation::AllOverlap,
    };
    if let Some(spans) = given {
        return Some(overlap(named(spans, names)));
    }
    if names.spans.is_empty() {
        let message = "the case has no spans";
        return value.refuse(message, "of what?", "define some under `[spans]`");
    }
    Some(overlap(names.spans.iter().cloned().collect()))
}

/// The span that `during` names, and whether events of a label can be told to share its values.
pub(crate) fn during(value: Value<'_>, by: Option<&Text<'_>>, names: &Names) -> Option<String> {
    let span = look_up(&value.text("the name of a span")?, "span", &names.spans)?;
    let joined = names.joined.get(&span).map_or(&[][..], Vec::as_slice);
    match by {
        Some(by) if !joined.iter().any(|capture| capture == by.value) => {
            let message = format!("`{span}` is not joined by `{}`", by.value);
            let hint = format!(
                "write `{span} = {{ …, by = \"{}\" }}`, or leave `by` out here",
                by.value
            );
            by.report(message, "not what joins it", hint);
        }
        _ => check_joined(value, std::slice::from_ref(&span), names),
    }
    Some(span)
}
