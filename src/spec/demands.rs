//! Expectations of events: how far apart, how dense, how often, with which values, and where not.

use super::names::Names;
use super::reader::{Table, Text, Value};
use super::sentence::{self, PlacedBound, PlacedDistance};
use super::values::{amount, parsed, positive_time};
use super::{duration, spans, term};
use crate::model::expect::{
    Amount, Bound, CountEach, Distance, Expectation, ExpectationKind, Gaps, Never, Numbers, Rate,
    Scope, Sequence, Term, ValuesOf, Within,
};

/// More variables than this are pairs of pairs: nobody can read what would be demanded.
const MOST_VARIABLES: usize = 2;

/// Whether an expectation has no more variables than it may; a problem if not.
pub(crate) fn check_variables(value: &Value<'_>, expectation: &Expectation) -> Option<()> {
    let mut names: Vec<&str> = Vec::new();
    for term in expectation.facts().terms {
        for (_, name, _) in term.variables() {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    if names.len() > MOST_VARIABLES {
        let message = format!("an expectation has at most {MOST_VARIABLES} variables");
        let hint =
            "`[id]` is a variable called `id`: give equal values one name, as in `[from=$id]`";
        value.report(message, format!("{} variables", names.len()), hint);
        return None;
    }
    Some(())
}

/// `within = "done - start in 1s..2s"`.
pub(crate) fn within(value: &Value<'_>, names: &Names) -> Option<Within> {
    let wanted = "a time such as `\"done - start in 1.9s..2.3s\"`";
    let (time, bound) = parsed(value, wanted, sentence::within)?;
    let text = value.as_text()?;
    let distance = |placed: PlacedDistance| {
        let to = names.single(&text, placed.to);
        let from = names.single(&text, placed.from);
        Some(Distance {
            to: to?,
            from: from?,
        })
    };
    let time = distance(time);
    let bound = match bound {
        PlacedBound::Lengths(lengths) => Some(Bound::Lengths(lengths)),
        PlacedBound::Times(ratios, other) => distance(*other).map(|d| Bound::Times(ratios, d)),
    };
    Some(Within {
        time: time?,
        bound: bound?,
    })
}

/// `gaps = "tick", each = "90ms..110ms"`.
pub(crate) fn gaps(value: &Value<'_>, table: &mut Table<'_>, names: &Names) -> Option<Gaps> {
    let each = table.require(
        "each",
        "`each = \"90ms..110ms\"` or `each = \">= 1.5 * previous\"`",
    );
    let during = table
        .take("during")
        .map(|value| spans::during(&value, None, names));
    let edges = table.take("edges").map(|value| value.boolean());
    let term = names.group(value);
    let wanted = "lengths such as `\"90ms..110ms\"` or multiples such as `\">= 1.5 * previous\"`";
    Some(Gaps {
        term: term?,
        each: parsed(&each?, wanted, sentence::gap_bound)?,
        during: during.map_or(Some(None), |found| found.map(Some))?,
        edges: edges.unwrap_or(Some(false))?,
    })
}

/// `rate = "sent", per = "1s", peak = "<= 3"`.
pub(crate) fn rate(value: &Value<'_>, table: &mut Table<'_>, names: &Names) -> Option<Rate> {
    let per = table.require("per", "`per = \"1s\"`, the length of a window");
    let peak = table.require("peak", "`peak = \"<= 3\"`, the most in any window");
    let term = names.group(value);
    let per = per.and_then(|value| positive_time(&value));
    let peak = peak.and_then(|value| amount(&value));
    Some(Rate {
        term: term?,
        per: per?,
        peak: peak?,
    })
}

/// `values = "done.id", are = "0..9"`.
pub(crate) fn values(value: &Value<'_>, table: &mut Table<'_>, names: &Names) -> Option<ValuesOf> {
    let keys = ["are", "set", "distinct", "each"];
    let [are, set, distinct, each] = keys.map(|key| table.take(key));
    let by = table.take("by");
    let causal = table.take("causal").map(|value| value.boolean());
    if [&are, &set, &distinct, &each]
        .iter()
        .all(|key| key.is_none())
    {
        let hint = "add `are = \"0..9\"`, `set = [1, 2]`, `distinct = 2` or `each = \">= 0\"`";
        value.report("this says nothing of the values", "no demand", hint);
        return None;
    }
    let text = value.text("a label and a capture such as `\"done.id\"`")?;
    let Some(dot) = text.value.rfind('.') else {
        let message = "expected a label, a dot and the name of a capture";
        text.report(message, "no dot", "write `values = \"done.id\"`");
        return None;
    };
    let label = names.label_at(&text, &(0..dot))?;
    let captured = names.check_capture(&label, &text, &(dot + 1..text.value.len()));
    let by = by.map(|value| capture(&value, &label, names));
    let listed = set.map(|value| list(&value));
    let are = are.map(|value| sequence(&value));
    let distinct = distinct.map(|value| amount(&value));
    let each = each.map(|value| number(&value));
    captured.then_some(())?;
    Some(ValuesOf {
        capture: text.value[dot + 1..].to_string(),
        label,
        by: by.map_or(Some(None), |found| found.map(Some))?,
        are: are.map_or(Some(None), |found| found.map(Some))?,
        set: listed.map_or(Some(None), |found| found.map(Some))?,
        distinct: distinct.map_or(Some(None), |found| found.map(Some))?,
        each: each.map_or(Some(None), |found| found.map(Some))?,
        causal: causal.unwrap_or(Some(false))?,
    })
}

fn capture(value: &Value<'_>, label: &crate::model::label::Label, names: &Names) -> Option<String> {
    let text = value.text("the name of a capture")?;
    let found = names.check_capture(label, &text, &text.whole());
    found.then(|| text.value.to_string())
}

fn sequence(value: &Value<'_>) -> Option<Sequence> {
    match value.as_text().map(|text| text.value) {
        Some("ascending") => Some(Sequence::Ascending),
        Some("descending") => Some(Sequence::Descending),
        _ => list(value).map(Sequence::Listed),
    }
}

/// Values: a list of strings and numbers, or a range of whole numbers.
fn list(value: &Value<'_>) -> Option<Vec<String>> {
    let wanted = "a list of values such as `[1, 2]`, or a range such as `\"0..9\"`";
    if let Some(text) = value.as_text() {
        let Some(range) = sentence::range(text.value) else {
            let message = format!("`{}` is no range", duration::shortened(text.value));
            text.report(message, "not a range", format!("write {wanted}"));
            return None;
        };
        return range.map_err(|flaw| text.report_flaw(flaw)).ok();
    }
    let Some(items) = value.as_list() else {
        value.report_type(wanted);
        return None;
    };
    let item = |item: &Value<'_>| {
        if let Some(text) = item.as_text() {
            return Some(text.value.to_string());
        }
        item.float().or_else(|| {
            item.report_type("a string or a number");
            None
        })
    };
    let read: Vec<Option<String>> = items.iter().map(item).collect();
    read.into_iter().collect()
}

fn number(value: &Value<'_>) -> Option<Numbers> {
    if value.as_text().is_some() {
        let wanted = "a number: `2`, `\">= 0.5\"` or `\"-1..1\"`";
        return parsed(value, wanted, sentence::numbers);
    }
    let found = value.float().and_then(|text| text.parse().ok());
    let Some(exactly) = found else {
        value.report_type("a number: `2`, `\">= 0.5\"` or `\"-1..1\"`");
        return None;
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
    value: &Value<'_>,
    table: &mut Table<'_>,
    names: &Names,
) -> Option<ExpectationKind> {
    if value.as_text().is_some() {
        return count_each(value, table, names);
    }
    let wanted = "a table `{ \"done\" = 2 }`, or a label with `is = 2`";
    let entries = value.table(wanted)?.entries();
    if entries.is_empty() {
        let hint = "write `count = { \"done\" = 2 }`";
        value.report("this counts nothing", "empty", hint);
        return None;
    }
    let counted = |(key, value): &(Text<'_>, Value<'_>)| {
        let placed = term::term(key.value).map_err(|flaw| key.report_flaw(flaw));
        let term = placed.ok().and_then(|t| names.check_term(key, t));
        let amount = amount(value);
        Some((term?, amount?))
    };
    let read: Vec<Option<(Term, Amount)>> = entries.iter().map(counted).collect();
    read.into_iter()
        .collect::<Option<_>>()
        .map(ExpectationKind::Count)
}

fn count_each(value: &Value<'_>, table: &mut Table<'_>, names: &Names) -> Option<ExpectationKind> {
    let is = table.require("is", "`is = 2`");
    let (by, during) = (table.take("by"), table.take("during"));
    if by.is_none() && during.is_none() {
        let term = names.term(value);
        return Some(ExpectationKind::Count(vec![(term?, amount(&is?)?)]));
    }
    let term = names.group(value)?;
    let by_text = by.and_then(|value| value.as_text());
    let by = by.map(|value| capture(&value, &term.label, names));
    let during = during.map(|value| spans::during(&value, by_text.as_ref(), names));
    let is = amount(&is?);
    Some(ExpectationKind::CountEach(CountEach {
        term,
        by: by.map_or(Some(None), |found| found.map(Some))?,
        during: during.map_or(Some(None), |found| found.map(Some))?,
        is: is?,
    }))
}

/// `never = "T"`, with at most one of `before`, `after`, `between` and `during`.
pub(crate) fn never(value: &Value<'_>, table: &mut Table<'_>, names: &Names) -> Option<Never> {
    let keys = ["before", "after", "between", "during"];
    let given: Vec<_> = keys
        .into_iter()
        .filter_map(|key| Some((key, table.take(key)?)))
        .collect();
    let causal = table.take("causal").map(|value| value.boolean());
    let term = names.term(value);
    let scope = match given.as_slice() {
        [] => Some(Scope::Anywhere),
        [(key, at)] => scope_of(key, at, names),
        [(first, _), (second, at), ..] => {
            let message = format!("`{first}` and `{second}` are two places");
            at.report(message, "another place", "write two expectations");
            None
        }
    };
    Some(Never {
        term: term?,
        scope: scope?,
        causal: causal.unwrap_or(Some(false))?,
    })
}

fn scope_of(key: &str, value: &Value<'_>, names: &Names) -> Option<Scope> {
    let bound = |value: &Value<'_>| {
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
                value.report(
                    message,
                    "not two",
                    "write `between = [\"start\", \"done\"]`",
                );
                return None;
            };
            let (from, to) = (bound(from), bound(to));
            Some(Scope::Between(from?, to?))
        }
    }
}
