//! Expectations of spans: how many, how many at once, how long, and how they stand to each other.

use indexmap::IndexSet;

use super::names::{Names, look_up};
use super::reader::{Table, Text, Value};
use super::sentence::{self, PlacedRelation};
use super::shape;
use super::values::{amount, lengths, parsed};
use crate::model::expect::{Quantity, Relation, Spans, Stand};

/// Reads what stands beside `spans = […]`.
pub(crate) fn demands(value: &Value<'_>, table: &mut Table<'_>, names: &Names) -> Option<Spans> {
    let keys = ["count", "peak", "floor", "open", "each", "shape"];
    let taken = keys.map(|key| table.take(key));
    if taken.iter().all(Option::is_none) {
        let hint = "add `peak = 2`, `count = 4`, `each = \"<= 2s\"` or a `shape`";
        value.report("this says nothing of its spans", "no demand", hint);
        return None;
    }
    let [count, peak, floor, open, each, shaped] = taken;
    let named = named(value, names);
    let [count, peak, floor, open] = [count, peak, floor, open]
        .map(|value| value.map_or(Some(None), |value| amount(&value).map(Some)));
    let demand = "a shape such as `\"makespan <= 1.3 * longest\"`";
    let shape = shaped.map_or(Some(None), |value| {
        parsed(&value, demand, shape::shape).map(Some)
    });
    let lengths = each.map_or(Some(None), |value| lengths(&value).map(Some));
    let found = Spans {
        names: named?,
        count: count?,
        peak: peak?,
        floor: floor?,
        open: open?,
        each: lengths?,
        shape: shape?,
    };
    let longest = found
        .shape
        .is_some_and(|s| s.left == Quantity::Longest || s.right == Quantity::Longest);
    let rests_on_lengths = shaped.filter(|_| longest).or(each);
    match rests_on_lengths {
        Some(place) if !are_joined(&place, &found.names, names) => None,
        _ => Some(found),
    }
}

/// Whether it is known which end belongs to which start; a problem if not.
fn are_joined(place: &Value<'_>, spans: &[String], names: &Names) -> bool {
    let loose = spans.iter().find(|name| names.loose.contains(*name));
    if let Some(name) = loose {
        let message = format!("how long one `{name}` lasts cannot be known");
        let hint = "it is paired with `any`: join it with `by = \"…\"`, or demand `count`, `peak`, `makespan` or `sum`";
        place.report(message, "rests on one length", hint);
    }
    loose.is_none()
}

/// The names of a list of spans: at least one, each once.
fn named(value: &Value<'_>, names: &Names) -> Option<Vec<String>> {
    let texts = value.texts("the name of a span, or a list of them");
    if texts.is_empty() && value.as_list().is_some_and(|list| list.is_empty()) {
        let hint = "write `spans = [\"a\", \"b\"]`";
        value.report("this names no span", "none", hint);
    }
    let found = texts.iter().map(|text| look_up(text, "span", &names.spans));
    let found: Vec<Option<String>> = found.collect();
    let unique: Option<IndexSet<String>> = found.into_iter().collect();
    let unique = unique.filter(|names| !names.is_empty())?;
    Some(unique.into_iter().collect())
}

/// Reads `relation = "…"`, with the `spans` of `none overlap` and `all overlap`.
pub(crate) fn relation(
    value: &Value<'_>,
    table: &mut Table<'_>,
    names: &Names,
) -> Option<Relation> {
    let placed = parsed(
        value,
        "a relation such as `\"a excludes b\"`",
        sentence::relation,
    );
    let given = table.take("spans");
    let overlap = |names: Vec<String>, all: bool| {
        if all {
            Relation::AllOverlap(names)
        } else {
            Relation::NoneOverlap(names)
        }
    };
    let found = match (placed?, given) {
        (PlacedRelation::Pair(left, how, right), None) => {
            let text = value.as_text()?;
            let span = |at| {
                let name = &text.value[std::ops::Range::clone(at)];
                if !names.spans.contains(name) {
                    text.report_unknown(at, "span", names.spans.iter().map(String::as_str));
                }
                names.spans.contains(name).then(|| name.to_string())
            };
            let (left, right) = (span(&left), span(&right));
            pair(left?, how, right?)
        }
        (PlacedRelation::Pair(..), Some(spans)) => {
            let message = "the relation names its spans itself";
            spans.report(message, "named twice", "leave `spans` out");
            return None;
        }
        (kind, Some(spans)) => overlap(named(&spans, names)?, matches!(kind, PlacedRelation::All)),
        (kind, None) => {
            let all: Vec<String> = names.spans.iter().cloned().collect();
            if all.is_empty() {
                let message = "the case has no spans";
                value.report(message, "of what?", "define some under `[spans]`");
                return None;
            }
            overlap(all, matches!(kind, PlacedRelation::All))
        }
    };
    let rests_on_pairs = match &found {
        Relation::Pair {
            how: Stand::Before, ..
        }
        | Relation::NoneOverlap(_)
        | Relation::AllOverlap(_) => Vec::new(),
        Relation::Pair { left, right, .. } => vec![left.clone(), right.clone()],
    };
    are_joined(value, &rests_on_pairs, names).then_some(found)
}

fn pair(left: String, how: Stand, right: String) -> Relation {
    Relation::Pair { left, how, right }
}

/// The span that `during` names, and whether events of a label can be told to share its values.
pub(crate) fn during(value: &Value<'_>, by: Option<&Text<'_>>, names: &Names) -> Option<String> {
    let span = names.span(value)?;
    let joined = names.joined.get(&span).map_or(&[][..], Vec::as_slice);
    match by {
        Some(by) if !joined.iter().any(|capture| capture == by.value) => {
            let message = format!("`{span}` is not joined by `{}`", by.value);
            let hint = format!(
                "write `{span} = {{ …, by = \"{}\" }}`, or leave `by` out here",
                by.value
            );
            by.report(message, "not what joins it", hint);
            None
        }
        _ => are_joined(value, std::slice::from_ref(&span), names).then_some(span),
    }
}
