//! Expectations of events: how far apart, how dense, how often, with which values, and where not.

use super::names::Names;
use super::reader::{Table, Text, Value};
use super::sentence::{self, PlacedBound, PlacedDistance};
use super::values::{amount, parsed, positive_time};
use super::{duration, spans, term};
use crate::model::expect::{
    Bound, CountEach, Distance, Expectation, ExpectationKind, Gaps, Never, Numbers, Rate, Scope,
    Sequence, Term, ValuesOf, Within,
};
use crate::model::label::Label;

/// More variables than this are pairs of pairs: nobody can read what would be demanded.
const MOST_VARIABLES: usize = 2;

/// An expectation has no more variables than it may; a problem if not.
pub(crate) fn check_variables(value: Value<'_>, expectation: &Expectation) {
    let terms = expectation.facts().terms;
    let variables = terms.into_iter().flat_map(Term::variables);
    let mut names: Vec<&str> = variables.map(|(_, name, _)| name).collect();
    names.sort_unstable();
    names.dedup();
    if names.len() > MOST_VARIABLES {
        let message = format!("an expectation has at most {MOST_VARIABLES} variables");
        let hint =
            "`[id]` is a variable called `id`: give equal values one name, as in `[from=$id]`";
        value.report(message, format!("{} variables", names.len()), hint);
    }
}

/// `within = "done - start in 1s..2s"`.
pub(crate) fn within(value: Value<'_>, names: &Names) -> Option<Within> {
    let wanted = "a time such as `\"done - start in 1.9s..2.3s\"`";
    let (time, bound) = parsed(value, wanted, sentence::within)?;
    let text = value.as_text()?;
    let distance = |placed: PlacedDistance| {
        let to = names.single(&text, placed.to);
        let from = names.single(&text, placed.from)?;
        Some(Distance { to: to?, from })
    };
    let time = distance(time);
    let bound = match bound {
        PlacedBound::Lengths(lengths) => Bound::Lengths(lengths),
        PlacedBound::Times(ratios, other) => Bound::Times(ratios, distance(*other)?),
    };
    Some(Within { time: time?, bound })
}

/// `gaps = "tick", each = "90ms..110ms"`.
pub(crate) fn gaps(value: Value<'_>, table: &mut Table<'_>, names: &Names) -> Option<Gaps> {
    let example = "`each = \"90ms..110ms\"` or `each = \">= 1.5 * previous\"`";
    let wanted = "lengths such as `\"90ms..110ms\"` or multiples such as `\">= 1.5 * previous\"`";
    let each = table.require("each", example);
    let each = each.and_then(|value| parsed(value, wanted, sentence::gap_bound));
    let during = table.take("during");
    let edges = table.take("edges").and_then(|value| value.boolean());
    Some(Gaps {
        during: during.and_then(|value| spans::during(value, None, names)),
        edges: edges.unwrap_or(false),
        term: names.group(value)?,
        each: each?,
    })
}

/// `rate = "sent", per = "1s", peak = "<= 3"`.
pub(crate) fn rate(value: Value<'_>, table: &mut Table<'_>, names: &Names) -> Option<Rate> {
    let per = table.require("per", "`per = \"1s\"`, the length of a window");
    let peak = table.require("peak", "`peak = \"<= 3\"`, the most in any window");
    let (per, peak) = (per.and_then(positive_time), peak.and_then(amount));
    Some(Rate {
        term: names.group(value)?,
        per: per?,
        peak: peak?,
    })
}

/// `values = "done.id", are = "0..9"`.
pub(crate) fn values(value: Value<'_>, table: &mut Table<'_>, names: &Names) -> Option<ValuesOf> {
    let taken = ["are", "set", "distinct", "each"].map(|key| table.take(key));
    let by = table.take("by");
    if taken.iter().all(Option::is_none) {
        let hint = "add `are = \"0..9\"`, `set = [1, 2]`, `distinct = 2` or `each = \">= 0\"`";
        return value.refuse("this says nothing of the values", "no demand", hint);
    }
    let text = value.text("a label and a capture such as `\"done.id\"`")?;
    let Some((label, capture)) = text.value.rsplit_once('.') else {
        let message = "expected a label, a dot and the name of a capture";
        return text.refuse(message, "no dot", "write `values = \"done.id\"`");
    };
    let dot = label.len();
    let label = names.label_at(&text, &(0..dot))?;
    names.check_capture(&label, &text, &(dot + 1..text.value.len()));
    let [are, set, distinct, each] = taken;
    Some(ValuesOf {
        capture: capture.into(),
        by: by.and_then(|value| capture_of(value, &label, names)),
        label,
        are: are.and_then(sequence),
        set: set.and_then(list),
        distinct: distinct.and_then(amount),
        each: each.and_then(number),
    })
}

fn capture_of(value: Value<'_>, label: &Label, names: &Names) -> Option<String> {
    let text = value.text("the name of a capture")?;
    let found = names.check_capture(label, &text, &text.whole());
    found.then(|| text.value.to_string())
}

fn sequence(value: Value<'_>) -> Option<Sequence> {
    match value.as_text().map(|text| text.value) {
        Some("ascending") => Some(Sequence::Ascending),
        Some("descending") => Some(Sequence::Descending),
        _ => list(value).map(Sequence::Listed),
    }
}

/// Values: a list of strings and numbers, or a range of whole numbers.
fn list(value: Value<'_>) -> Option<Vec<String>> {
    let wanted = "a list of values such as `[1, 2]`, or a range such as `\"0..9\"`";
    if let Some(text) = value.as_text() {
        let Some(range) = sentence::range(text.value) else {
            let message = format!("`{}` is no range", duration::shortened(text.value));
            return text.refuse(message, "not a range", format!("write {wanted}"));
        };
        return range.map_or_else(|flaw| text.refuse_flaw(flaw), Some);
    }
    let item = |item: Value<'_>| match item.as_text() {
        Some(text) => Some(text.value.to_string()),
        None => item
            .float()
            .or_else(|| item.refuse_type("a string or a number")),
    };
    let items = value.list(wanted)?.into_iter();
    Some(items.filter_map(item).collect())
}

fn number(value: Value<'_>) -> Option<Numbers> {
    let wanted = "a number: `2`, `\">= 0.5\"` or `\"-1..1\"`";
    let Some(exactly) = value.float().and_then(|text| text.parse().ok()) else {
        return parsed(value, wanted, sentence::numbers);
    };
    Some(Numbers {
        least: exactly,
        above: false,
        most: exactly,
        below: false,
    })
}

/// `count = { "T" = CMP, … }`, `count = "T", is = CMP`, or that with `by` or `during`.
pub(crate) fn count(
    value: Value<'_>,
    table: &mut Table<'_>,
    names: &Names,
) -> Option<ExpectationKind> {
    if value.as_text().is_some() {
        return count_each(value, table, names);
    }
    let counted = |(key, value): (Text<'_>, Value<'_>)| {
        let amount = amount(value);
        let placed = term::term(key.value);
        let placed = placed.map_or_else(|flaw| key.refuse_flaw(flaw), Some)?;
        Some((names.check_term(&key, placed)?, amount?))
    };
    let wanted = "a table `{ \"done\" = 2 }`, or a label with `is = 2`";
    let table = value.table(wanted)?;
    table.refuse_empty("this counts nothing", "write `count = { \"done\" = 2 }`");
    let entries = table.entries().into_iter();
    Some(ExpectationKind::Count(
        entries.filter_map(counted).collect(),
    ))
}

fn count_each(value: Value<'_>, table: &mut Table<'_>, names: &Names) -> Option<ExpectationKind> {
    let is = table.require("is", "`is = 2`").and_then(amount);
    let (by, during) = (table.take("by"), table.take("during"));
    if by.is_none() && during.is_none() {
        let term = names.term(value);
        return Some(ExpectationKind::Count(vec![(term?, is?)]));
    }
    let term = names.group(value)?;
    let by_text = by.and_then(|value| value.as_text());
    Some(ExpectationKind::CountEach(CountEach {
        by: by.and_then(|value| capture_of(value, &term.label, names)),
        during: during.and_then(|value| spans::during(value, by_text.as_ref(), names)),
        term,
        is: is?,
    }))
}

/// `never = "T"`, with at most one of `before`, `after`, `between` and `during`.
pub(crate) fn never(value: Value<'_>, table: &mut Table<'_>, names: &Names) -> Option<Never> {
    let keys = ["before", "after", "between", "during"].into_iter();
    let given = keys.filter_map(|key| Some((key, table.take(key)?)));
    let given: Vec<_> = given.collect();
    let term = names.term(value);
    let scope = match given.as_slice() {
        [] => Scope::Anywhere,
        [(key, at)] => scope_of(key, *at, names)?,
        [(first, _), (second, at), ..] => {
            let message = format!("`{first}` and `{second}` are two places");
            return at.refuse(message, "another place", "write two expectations");
        }
    };
    Some(Never { term: term?, scope })
}

fn scope_of(key: &str, value: Value<'_>, names: &Names) -> Option<Scope> {
    let bound = |value: Value<'_>| {
        let placed = parsed(value, "a term such as `\"done[id=2]\"`", term::term)?;
        names.single(&value.as_text()?, placed)
    };
    match key {
        "before" => bound(value).map(Scope::Before),
        "after" => bound(value).map(Scope::After),
        "during" => spans::during(value, None, names).map(Scope::During),
        _ => {
            let ends = value.as_list().unwrap_or_default();
            let [from, to] = ends.as_slice() else {
                let message = "expected two terms: after the first, before the second";
                let hint = "write `between = [\"start\", \"done\"]`";
                return value.refuse(message, "not two", hint);
            };
            let (from, to) = (bound(*from), bound(*to));
            Some(Scope::Between(from?, to?))
        }
    }
}
