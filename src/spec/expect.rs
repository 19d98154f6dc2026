//! The behaviours of a case, and their expectations.

use indexmap::IndexMap;

use super::names::Names;
use super::reader::{Flaw, Table, Text, Value};
use super::term::PlacedStep;
use super::values::{check_name, line, parsed, whole_number};
use super::{demands, duration, quote, spans, suggest, term};
use crate::model::case::Behaviour;
use crate::model::expect::{ExitRule, Expectation, ExpectationKind, Order, Step, Transcript};
use crate::model::signal::{signal_name, signal_number};

const EXPECTATION: &str = "an expectation such as `{ order = \"a < b\" }`";
const KINDS: [&str; 14] = [
    "order",
    "spans",
    "relation",
    "within",
    "gaps",
    "rate",
    "values",
    "count",
    "never",
    "transcript",
    "exit",
    "any",
    "all",
    "not",
];
/// Nobody reads an expectation that is nested deeper.
const DEEPEST: usize = 12;

/// Reads `[behaviours.*]`; `names` has all labels and spans, and every behaviour's name.
pub(crate) fn behaviours(table: Table<'_>, names: &Names) -> IndexMap<String, Behaviour> {
    let entry = |(key, value): (Text<'_>, Value<'_>)| {
        check_name(&key, "a behaviour");
        let table = value.table("a behaviour with `expect`")?;
        Some((key.value.to_string(), behaviour(table, names)?))
    };
    table.entries().into_iter().filter_map(entry).collect()
}

fn behaviour(mut table: Table<'_>, names: &Names) -> Option<Behaviour> {
    let about = table.take("about").and_then(line);
    let pitfall = table.take("pitfall").and_then(|value| value.boolean());
    let expect = table.require("expect", "`expect = [ { order = \"a < b\" } ]`");
    table.finish("a behaviour");
    Some(Behaviour {
        about: about.unwrap_or_default(),
        pitfall: pitfall.unwrap_or(false),
        expect: expectations(expect?, names),
    })
}

/// Reads one expectation or a list of at least one.
pub(crate) fn expectations(value: Value<'_>, names: &Names) -> Vec<Expectation> {
    list_of(value, names, 0)
}

fn list_of(value: Value<'_>, names: &Names, depth: usize) -> Vec<Expectation> {
    let hint = "what every trace shows tells nothing: say what must hold";
    value.refuse_empty("at least one expectation is needed", hint);
    let items = value.one_or_list().into_iter();
    items.filter_map(|item| one(item, names, depth)).collect()
}

fn one(value: Value<'_>, names: &Names, depth: usize) -> Option<Expectation> {
    if depth > DEEPEST {
        let message = format!("expectations nest at most {DEEPEST} deep");
        return value.refuse(
            message,
            "too deep",
            "say it with fewer `any`, `all` and `not`",
        );
    }
    let mut table = value.table(EXPECTATION)?;
    let text = quote::table(value, 0);
    // What stands within another expectation cannot stay alone.
    let why = (depth == 0).then(|| table.take("why")).flatten();
    let why = why.and_then(line);
    let causal = table.take("causal");
    // Some keys are an expectation of their own, and a part of another.
    let part_of = |kind: &str| match kind {
        "spans" => table.has("relation"),
        "count" => table.has("spans"),
        _ => false,
    };
    let is_there = |kind: &&str| table.has(kind) && !part_of(kind);
    let kinds: Vec<&'static str> = KINDS.into_iter().filter(is_there).collect();
    let kind = match kinds.as_slice() {
        [name] => kind(name, &mut table, names, depth),
        [] => {
            if table.len() == 0 {
                let hint = format!("write {EXPECTATION}");
                value.report("this expects nothing", "empty", hint);
            }
            // None is there, but now each is known, and a slip in one gets its hint.
            KINDS.into_iter().find_map(|kind| table.take(kind));
            None
        }
        [first, second, ..] => {
            let message = format!("`{first}` and `{second}` are two expectations");
            return value.refuse(message, "in one table", "give each a table of its own");
        }
    };
    table.finish(&match kinds.as_slice() {
        [kind] => format!("an expectation of `{kind}`"),
        _ => "an expectation".into(),
    });
    let kind = kind?;
    let causal = causal.is_some_and(|value| is_causal(value, &kind));
    let expectation = Expectation {
        text,
        kind,
        causal,
        why,
    };
    demands::check_variables(value, &expectation);
    Some(expectation)
}

fn kind(
    name: &'static str,
    table: &mut Table<'_>,
    names: &Names,
    depth: usize,
) -> Option<ExpectationKind> {
    let value = table.take(name)?;
    match name {
        "order" => order(value, names).map(ExpectationKind::Order),
        "spans" => spans::demands(value, table, names).map(ExpectationKind::Spans),
        "relation" => spans::relation(value, table, names).map(ExpectationKind::Relation),
        "within" => demands::within(value, names).map(ExpectationKind::Within),
        "gaps" => demands::gaps(value, table, names).map(ExpectationKind::Gaps),
        "rate" => demands::rate(value, table, names).map(ExpectationKind::Rate),
        "values" => demands::values(value, table, names).map(ExpectationKind::Values),
        "count" => demands::count(value, table, names),
        "never" => demands::never(value, table, names).map(ExpectationKind::Never),
        "transcript" => transcript(value).map(ExpectationKind::Transcript),
        "exit" => Some(ExpectationKind::Exit(exit(value))),
        "any" => Some(ExpectationKind::Any(list_of(value, names, depth + 1))),
        "all" => Some(ExpectationKind::All(list_of(value, names, depth + 1))),
        _ => one(value, names, depth + 1).map(|nested| ExpectationKind::Not(Box::new(nested))),
    }
}

/// What `causal` says; a problem if no program could keep what it promises.
fn is_causal(value: Value<'_>, kind: &ExpectationKind) -> bool {
    let causal = value.boolean().unwrap_or(false);
    if causal && !kind.may_be_causal() {
        let message = "a delay can always change the answer of this";
        let hint = "leave `causal` out, or say what cannot change in an expectation of its own: an order, a number, a lower bound";
        value.report(message, "cannot be causal", hint);
    }
    causal
}

fn transcript(value: Value<'_>) -> Option<Transcript> {
    let text = value.text("lines in `\'\'\'…\'\'\'`")?;
    Transcript::parse(text.value).or_else(|| {
        let hint = "write the lines that the program prints";
        text.refuse("this has no line", "blank", hint)
    })
}

fn order(value: Value<'_>, names: &Names) -> Option<Order> {
    let steps = parsed(value, "an order such as `\"a < b\"`", term::order)?;
    let text = value.as_text()?;
    let step = |step: PlacedStep| {
        let terms = step.terms.into_iter();
        Step {
            terms: terms.filter_map(|t| names.check_term(&text, t)).collect(),
            adjacent: step.adjacent,
        }
    };
    let steps = steps.into_iter().map(step).collect();
    Some(Order { steps })
}

fn exit(value: Value<'_>) -> Vec<ExitRule> {
    let hint = "write `exit = 0`, or `exit = \"any\"`";
    value.refuse_empty("this accepts no exit", hint);
    let items = value.one_or_list().into_iter();
    items.filter_map(exit_rule).collect()
}

fn exit_rule(value: Value<'_>) -> Option<ExitRule> {
    let wanted =
        "an exit code, a signal such as `\"SIGKILL\"`, `\"timeout\"`, `\"nonzero\"` or `\"any\"`";
    let Some(text) = value.as_text() else {
        return whole_number(value, wanted, "exit code", 0..=255).map(ExitRule::Code);
    };
    let found = match text.value {
        "timeout" => Some(ExitRule::Timeout),
        "nonzero" => Some(ExitRule::Nonzero),
        "any" => Some(ExitRule::Any),
        name => signal_number(name).map(ExitRule::Signal),
    };
    found.or_else(|| {
        let signals: Vec<String> = (1..32).map(signal_name).collect();
        let words = ["timeout", "nonzero", "any"].into_iter();
        let known = words.chain(signals.iter().map(String::as_str));
        let hint = suggest::did_you_mean(text.value, known);
        let hint = hint.unwrap_or(format!("write {wanted}"));
        let message = format!("`{}` is no exit", duration::shortened(text.value));
        text.refuse_flaw(Flaw::new(text.whole(), message, "not an exit", hint))
    })
}
