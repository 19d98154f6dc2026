//! The behaviours of a case, and their expectations.

use indexmap::IndexMap;

use super::names::Names;
use super::reader::{Flaw, Table, Value};
use super::term::PlacedStep;
use super::values::{check_name, line, parsed};
use super::{demands, duration, quote, spans, suggest, term};
use crate::model::case::Behaviour;
use crate::model::expect::{ExitRule, Expectation, ExpectationKind, Order, Step, Term};
use crate::model::signal::{signal_name, signal_number};

const EXPECTATION: &str = "an expectation such as `{ order = \"a < b\" }`";
const KINDS: [&str; 13] = [
    "order", "spans", "relation", "within", "gaps", "rate", "values", "count", "never", "exit",
    "any", "all", "not",
];
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
    // What stands within another expectation cannot stay alone.
    let why = (depth == 0).then(|| table.take("why")).flatten();
    let why = why.map(|value| line(&value));
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
            value.report(message, "in one table", "give each a table of its own");
            return None;
        }
    };
    table.finish(&match kinds.as_slice() {
        [kind] => format!("an expectation of `{kind}`"),
        _ => "an expectation".into(),
    });
    let kind = kind?;
    let why = why.map_or(Some(None), |line| line.map(Some))?;
    let expectation = Expectation { text, kind, why };
    demands::check_variables(value, &expectation)?;
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
        "order" => {
            let causal = table.take("causal").map(|value| value.boolean());
            let steps = order(&value, names)?;
            let causal = causal.map_or(Some(false), |truth| truth)?;
            Some(ExpectationKind::Order(Order { steps, causal }))
        }
        "spans" => spans::demands(&value, table, names).map(ExpectationKind::Spans),
        "relation" => spans::relation(&value, table, names).map(ExpectationKind::Relation),
        "within" => demands::within(&value, names).map(ExpectationKind::Within),
        "gaps" => demands::gaps(&value, table, names).map(ExpectationKind::Gaps),
        "rate" => demands::rate(&value, table, names).map(ExpectationKind::Rate),
        "values" => demands::values(&value, table, names).map(ExpectationKind::Values),
        "count" => demands::count(&value, table, names),
        "never" => demands::never(&value, table, names).map(ExpectationKind::Never),
        "exit" => exit(&value).map(ExpectationKind::Exit),
        "any" => list_of(&value, names, depth + 1).map(ExpectationKind::Any),
        "all" => list_of(&value, names, depth + 1).map(ExpectationKind::All),
        _ => Some(ExpectationKind::Not(Box::new(one(
            &value,
            names,
            depth + 1,
        )?))),
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
