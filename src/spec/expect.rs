//! The behaviours of a case, and their expectations.

use indexmap::{IndexMap, IndexSet};

use super::names::{Names, look_up};
use super::reader::{Flaw, Table, Text, Value};
use super::term::PlacedStep;
use super::values::{amount, check_name, line, parsed};
use super::{duration, quote, shape, suggest, term};
use crate::model::case::Behaviour;
use crate::model::expect::{Amount, ExitRule, Expectation, Spans, Step, Term, What};
use crate::model::signal::{signal_name, signal_number};

const EXPECTATION: &str = "an expectation such as `{ order = \"a < b\" }`";
const KINDS: [&str; 8] = [
    "order", "spans", "count", "never", "exit", "any", "all", "not",
];
/// In the grammar, and without a place in the model so far.
const NOT_YET: [&str; 15] = [
    "relation", "within", "gaps", "rate", "values", "per", "are", "set", "distinct", "each",
    "floor", "open", "edges", "by", "during",
];
const NOT_YET_OF_NEVER: [&str; 3] = ["before", "after", "between"];
/// Nobody reads an expectation that is nested deeper.
const DEEPEST: usize = 12;

/// Reads `[behaviours.*]`; `names` has all labels and spans, and every behaviour's name.
pub(crate) fn behaviours(table: Table<'_>, names: &Names) -> IndexMap<String, Behaviour> {
    let mut behaviours = IndexMap::new();
    for (key, value) in table.entries() {
        let fits = check_name(&key, "a behaviour");
        let Some(table) = value.table("a behaviour with `expect`") else {
            continue;
        };
        let behaviour = behaviour(table, names);
        if fits && let Some(behaviour) = behaviour {
            behaviours.insert(key.value.into(), behaviour);
        }
    }
    behaviours
}

fn behaviour(mut table: Table<'_>, names: &Names) -> Option<Behaviour> {
    let about = table.take("about").map(|value| line(&value));
    let pitfall = table.take("pitfall").and_then(|value| value.boolean());
    let expect = table.require("expect", "`expect = [ { order = \"a < b\" } ]`");
    table.finish("a behaviour");
    let expect = expectations(&expect?, names)?;
    Some(Behaviour {
        about: about.map_or(Some(String::new()), |line| line)?,
        pitfall: pitfall.unwrap_or(false),
        expect,
    })
}

/// Reads one expectation or a list of at least one; `None` after a problem.
pub(crate) fn expectations(value: &Value<'_>, names: &Names) -> Option<Vec<Expectation>> {
    list_of(value, names, 0)
}

fn list_of(value: &Value<'_>, names: &Names, depth: usize) -> Option<Vec<Expectation>> {
    let items = value.one_or_list();
    if items.is_empty() {
        let message = "at least one expectation is needed";
        value.report(
            message,
            "none",
            "what every trace shows tells nothing: say what must hold",
        );
        return None;
    }
    let read: Vec<_> = items.iter().map(|item| one(item, names, depth)).collect();
    read.into_iter().collect()
}

fn one(value: &Value<'_>, names: &Names, depth: usize) -> Option<Expectation> {
    if depth > DEEPEST {
        let message = format!("expectations nest at most {DEEPEST} deep");
        value.report(
            message,
            "too deep",
            "say it with fewer `any`, `all` and `not`",
        );
        return None;
    }
    let mut table = value.table(EXPECTATION)?;
    let text = quote::table(value, 0);
    let whole = table.len();
    table.not_yet(&NOT_YET);
    if table.has("never") {
        table.not_yet(&NOT_YET_OF_NEVER);
    }
    let unsupported = table.len() < whole;
    let count_of_spans = |kind: &str| kind == "count" && table.has("spans");
    let is_there = |kind: &&str| table.has(kind) && !count_of_spans(kind);
    let kinds: Vec<&'static str> = KINDS.into_iter().filter(is_there).collect();
    let what = match kinds.as_slice() {
        [kind] => what(kind, &mut table, names, depth),
        [] => {
            let empty = !unsupported && table.len() == 0;
            if empty {
                let hint = format!("write {EXPECTATION}");
                value.report("this expects nothing", "empty", hint);
            }
            // None is there, but now each is known, and a slip in one gets its hint.
            KINDS.into_iter().find_map(|kind| table.take(kind));
            None
        }
        [first, second, ..] => {
            let message = format!("`{first}` and `{second}` are two expectations");
            value.report(message, "in one table", "give each a table of its own");
            return None;
        }
    };
    table.finish(&match kinds.as_slice() {
        [kind] => format!("an expectation of `{kind}`"),
        _ => "an expectation".into(),
    });
    let what = what.filter(|_| !unsupported)?;
    Some(Expectation { text, what })
}

fn what(kind: &'static str, table: &mut Table<'_>, names: &Names, depth: usize) -> Option<What> {
    let value = table.take(kind)?;
    match kind {
        "order" => {
            let causal = table.take("causal").map(|value| value.boolean());
            let steps = order(&value, names)?;
            let causal = causal.map_or(Some(false), |truth| truth)?;
            Some(What::Order { steps, causal })
        }
        "spans" => spans(&value, table, names).map(What::Spans),
        "count" => count(&value, table, names).map(What::Count),
        "never" => names.term(&value).map(What::Never),
        "exit" => exit(&value).map(What::Exit),
        "any" => list_of(&value, names, depth + 1).map(What::Any),
        "all" => list_of(&value, names, depth + 1).map(What::All),
        _ => Some(What::Not(Box::new(one(&value, names, depth + 1)?))),
    }
}

fn order(value: &Value<'_>, names: &Names) -> Option<Vec<Step>> {
    let steps = parsed(value, "an order such as `\"a < b\"`", term::order)?;
    let text = value.as_text()?;
    let step = |step: PlacedStep| {
        let terms = step.terms.into_iter();
        let terms: Vec<Option<Term>> = terms.map(|t| names.check_term(&text, t)).collect();
        let adjacent = step.adjacent;
        let terms = terms.into_iter().collect::<Option<_>>()?;
        Some(Step { terms, adjacent })
    };
    let steps: Vec<Option<Step>> = steps.into_iter().map(step).collect();
    steps.into_iter().collect()
}

fn spans(value: &Value<'_>, table: &mut Table<'_>, names: &Names) -> Option<Spans> {
    let [count, peak, shape] = ["count", "peak", "shape"].map(|key| table.take(key));
    if count.is_none() && peak.is_none() && shape.is_none() {
        let message = "this says nothing of its spans";
        value.report(
            message,
            "no demand",
            "add `peak = 2`, `count = 4` or a `shape`",
        );
        return None;
    }
    let texts = value.texts("the name of a span, or a list of them");
    if texts.is_empty() && value.as_list().is_some_and(|list| list.is_empty()) {
        value.report(
            "this names no span",
            "none",
            "write `spans = [\"a\", \"b\"]`",
        );
    }
    let named = texts.iter().map(|text| look_up(text, "span", &names.spans));
    let named: Vec<Option<String>> = named.collect();
    let demand = "a shape such as `\"makespan <= 1.3 * longest\"`";
    let count = count.map_or(Some(None), |value| amount(&value).map(Some));
    let peak = peak.map_or(Some(None), |value| amount(&value).map(Some));
    let shape = shape.map_or(Some(None), |value| {
        parsed(&value, demand, shape::shape).map(Some)
    });
    let unique: Option<IndexSet<String>> = named.into_iter().collect();
    let names = unique.filter(|names| !names.is_empty())?;
    Some(Spans {
        names: names.into_iter().collect(),
        count: count?,
        peak: peak?,
        shape: shape?,
    })
}

/// `count = { "T" = CMP, … }`, or `count = "T", is = CMP`.
fn count(value: &Value<'_>, table: &mut Table<'_>, names: &Names) -> Option<Vec<(Term, Amount)>> {
    let wanted = "a table `{ \"done\" = 2 }`, or a label with `is = 2`";
    if value.as_text().is_some() {
        let is = table.require("is", "`is = 2`")?;
        let term = names.term(value);
        return Some(vec![(term?, amount(&is)?)]);
    }
    let entries = value.table(wanted)?.entries();
    if entries.is_empty() {
        value.report(
            "this counts nothing",
            "empty",
            "write `count = { \"done\" = 2 }`",
        );
        return None;
    }
    let counted = |(key, value): &(Text<'_>, Value<'_>)| {
        let placed = term::term(key.value).map_err(|flaw| key.report_flaw(flaw));
        let term = placed.ok().and_then(|t| names.check_term(key, t));
        let amount = amount(value);
        Some((term?, amount?))
    };
    let read: Vec<Option<_>> = entries.iter().map(counted).collect();
    read.into_iter().collect()
}

fn exit(value: &Value<'_>) -> Option<Vec<ExitRule>> {
    let items = value.one_or_list();
    if items.is_empty() {
        let message = "this accepts no exit";
        value.report(message, "empty", "write `exit = 0`, or `exit = \"any\"`");
        return None;
    }
    let rules: Vec<Option<ExitRule>> = items.iter().map(exit_rule).collect();
    rules.into_iter().collect()
}

fn exit_rule(value: &Value<'_>) -> Option<ExitRule> {
    let wanted =
        "an exit code, a signal such as `\"SIGKILL\"`, `\"timeout\"`, `\"nonzero\"` or `\"any\"`";
    let Some(text) = value.as_text() else {
        let code = value.integer(wanted)?;
        let fits = i32::try_from(code).ok().filter(|c| (0..=255).contains(c));
        if fits.is_none() {
            let message = format!("`{code}` is no exit code");
            value.report(message, "not an exit code", "write a number from 0 to 255");
        }
        return fits.map(ExitRule::Code);
    };
    let found = match text.value {
        "timeout" => Some(ExitRule::Timeout),
        "nonzero" => Some(ExitRule::Nonzero),
        "any" => Some(ExitRule::Any),
        name => signal_number(name).map(ExitRule::Signal),
    };
    if found.is_none() {
        let signals: Vec<String> = (1..32).map(signal_name).collect();
        let words = ["timeout", "nonzero", "any"].into_iter();
        let known = words.chain(signals.iter().map(String::as_str));
        let guess = suggest::did_you_mean(text.value, known);
        text.report_flaw(Flaw {
            at: text.whole(),
            message: format!("`{}` is no exit", duration::shortened(text.value)),
            label: "not an exit".into(),
            hint: Some(guess.unwrap_or(format!("write {wanted}"))),
        });
    }
    found
}
