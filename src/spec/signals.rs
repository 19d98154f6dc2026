//! The signals that a program is sent while it runs: `do = [{ after = "ready", send = "SIGTERM" }]`.

use indexmap::{IndexMap, IndexSet};

use super::names::Names;
use super::reader::{Flaw, Value};
use super::suggest::did_you_mean;
use super::term;
use super::values::{parsed, time};
use crate::model::case::{EventKind, Label, SignalStep};
use crate::model::expect::{Position, Term};
use crate::model::signal::{SIGNALS, signal_number};

const ACT: &str = "a table `{ after = \"EVENT\", send = \"SIGTERM\" }`, or a list of them";

/// Adds the labels of the signals that are sent: behaviours may name them before this is read.
pub(crate) fn announce(value: Value<'_>, names: &mut Names) {
    let sent = value.one_or_list().into_iter().filter_map(|act| {
        let send = act.as_table()?.take("send")?;
        signal_number(send.as_text()?.value)
    });
    for label in sent.filter_map(Label::of_signal) {
        names.add_label(label, Some(IndexSet::new()));
    }
}

/// Reads them. `events` are those of the output.
pub(crate) fn signals(
    value: Value<'_>,
    names: &Names,
    events: &IndexMap<Label, EventKind>,
) -> Vec<SignalStep> {
    let acts = value.one_or_list().into_iter();
    acts.filter_map(|act| one(act, names, events)).collect()
}

fn one(value: Value<'_>, names: &Names, events: &IndexMap<Label, EventKind>) -> Option<SignalStep> {
    let mut table = value.table(ACT)?;
    let after = table.require("after", "`after = \"EVENT\"`, the event that it follows");
    let after = after.and_then(|value| trigger(value, names, events));
    let send = table.require("send", "`send = \"SIGTERM\"`");
    let signal = send.and_then(signal);
    let wait = table.take("wait").and_then(time);
    table.finish("what is done to a program");
    Some(SignalStep {
        after: after?,
        wait: wait.unwrap_or_default(),
        signal: signal?,
    })
}

/// A term that can be known while the program still runs.
fn trigger(value: Value<'_>, names: &Names, events: &IndexMap<Label, EventKind>) -> Option<Term> {
    let text = value.text("an event such as `\"ready\"` or `\"start[id=2]\"`")?;
    let placed = parsed(value, "an event", term::term)?;
    let at = placed.at.clone();
    let term = names.check_term(&text, placed)?;
    if term.label.as_str() != "@spawn" && !events.contains_key(&term.label) {
        let message = format!("`{}` is no event of the output", term.label);
        let hint = "name an event of `[events]`, or `@spawn`";
        return text.refuse(message, "not printed", hint);
    }
    let open = matches!(term.position, Position::Last | Position::Every)
        || term.variables().next().is_some();
    if open {
        let hint =
            "choose one with `[first]`, `[N]` or `[name=value]`; without any, the first is meant";
        let message = "which event this is cannot be known while the program runs";
        return text.refuse_flaw(Flaw::new(at, message, "one event is meant here", hint));
    }
    Some(term)
}

fn signal(value: Value<'_>) -> Option<i32> {
    let text = value.text("the name of a signal: `\"SIGTERM\"`")?;
    signal_number(text.value).or_else(|| {
        let known = SIGNALS.iter().map(|(_, name)| *name);
        let hint = did_you_mean(&text.value.to_uppercase(), known);
        let hint =
            hint.unwrap_or_else(|| "write one such as `SIGTERM`, `SIGINT` or `SIGUSR1`".into());
        text.refuse(
            format!("`{}` is no signal", text.value),
            "not a signal",
            hint,
        )
    })
}
