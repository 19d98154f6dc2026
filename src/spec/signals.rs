//! What is done to a program while it runs: `do = [{ after = "ready", send = "SIGTERM" }]`.

use indexmap::{IndexMap, IndexSet};

use super::names::Names;
use super::reader::Value;
use super::suggest::did_you_mean;
use super::term;
use super::values::{parsed, time};
use crate::model::case::{EventKind, Label, SignalStep};
use crate::model::expect::{Position, Term, Wanted};
use crate::model::signal::{SIGNALS, signal_number};

const ACT: &str = "a table `{ after = \"EVENT\", send = \"SIGTERM\" }`, or a list of them";

/// Adds the labels of the signals that are sent: behaviours may name them before this is read.
pub(crate) fn announce(value: &Value<'_>, names: &mut Names) {
    let sent = value.one_or_list().into_iter().filter_map(|act| {
        let send = act.as_table()?.take("send")?;
        signal_number(send.as_text()?.value)
    });
    for label in sent.filter_map(Label::of_signal) {
        names.add_label(label, Some(IndexSet::new()));
    }
}

/// Reads them; `None` after a problem. `events` are those of the output.
pub(crate) fn signals(
    value: &Value<'_>,
    names: &Names,
    events: &IndexMap<Label, EventKind>,
) -> Option<Vec<SignalStep>> {
    let read = value.one_or_list();
    let read: Vec<Option<SignalStep>> = read.iter().map(|act| one(act, names, events)).collect();
    read.into_iter().collect()
}

fn one(
    value: &Value<'_>,
    names: &Names,
    events: &IndexMap<Label, EventKind>,
) -> Option<SignalStep> {
    let mut table = value.table(ACT)?;
    let after = table.require("after", "`after = \"EVENT\"`, the event that it follows");
    let send = table.require("send", "`send = \"SIGTERM\"`");
    let wait = table.take("wait");
    table.finish("what is done to a program");
    let after = after.and_then(|value| trigger(&value, names, events));
    let signal = send.and_then(|value| signal(&value));
    let wait = wait.map_or(Some(std::time::Duration::ZERO), |value| time(&value));
    Some(SignalStep {
        after: after?,
        wait: wait?,
        signal: signal?,
    })
}

/// A term that can be known while the program still runs.
fn trigger(value: &Value<'_>, names: &Names, events: &IndexMap<Label, EventKind>) -> Option<Term> {
    let text = value.text("an event such as `\"ready\"` or `\"start[id=2]\"`")?;
    let placed = parsed(value, "an event", term::term)?;
    let at = placed.at.clone();
    let term = names.check_term(&text, placed)?;
    if term.label.as_str() != "@spawn" && !events.contains_key(&term.label) {
        let message = format!("`{}` is no event of the output", term.label);
        text.report(
            message,
            "not printed",
            "name an event of `[events]`, or `@spawn`",
        );
        return None;
    }
    let open = matches!(term.position, Position::Last | Position::Every)
        || term
            .filters
            .iter()
            .any(|f| matches!(f.wanted, Wanted::Variable { .. }));
    if open {
        let hint =
            "choose one with `[first]`, `[N]` or `[name=value]`; without any, the first is meant";
        let message = "which event this is cannot be known while the program runs";
        text.report_flaw(super::reader::Flaw::new(
            at,
            message,
            "one event is meant here",
            hint,
        ));
        return None;
    }
    Some(term)
}

fn signal(value: &Value<'_>) -> Option<i32> {
    let text = value.text("the name of a signal: `\"SIGTERM\"`")?;
    let number = signal_number(text.value);
    if number.is_none() {
        let known = SIGNALS.iter().map(|(_, name)| *name);
        let hint = did_you_mean(&text.value.to_uppercase(), known);
        let hint =
            hint.unwrap_or_else(|| "write one such as `SIGTERM`, `SIGINT` or `SIGUSR1`".into());
        text.report(
            format!("`{}` is no signal", text.value),
            "not a signal",
            hint,
        );
    }
    number
}
