//! The exit, and what no expectation mentions.

use super::event::{event, hint, line, quoted};
use crate::judge::{Events, WorldFault};
use crate::model::expect::ExitRule;
use crate::model::signal::signal_name;
use crate::model::trace::Exit;

/// What is wrong.
#[must_use]
pub fn words(fault: &WorldFault, events: &Events) -> String {
    match fault {
        WorldFault::Exit(exit, wanted, last_words) => {
            let wanted: Vec<String> = wanted.iter().map(rule).collect();
            let last_words = last_words.map(|index| {
                let text = quoted(events.get(index).text().trim());
                format!("; its last words: {text}")
            });
            format!(
                "{}, expected {}{}",
                ended(*exit),
                wanted.join(" or "),
                last_words.unwrap_or_default()
            )
        }
        WorldFault::Line(line, found, wanted) => {
            let (line, wanted) = (quoted(line), often(*wanted));
            match found {
                0 => format!("the line {line} was never written, expected {wanted}"),
                found => format!(
                    "the line {line} was written {}, expected {wanted}",
                    often(*found)
                ),
            }
        }
        WorldFault::Unseen(index) => {
            let seen = event(events, *index);
            format!("{seen} occurred, though the program lists it as `unseen`")
        }
        WorldFault::Unmentioned(index, behaviour) => {
            let seen = event(events, *index);
            format!("{seen} occurred, of which {behaviour} says nothing")
        }
        WorldFault::ExtraLine(index, near) => {
            let near = near.as_ref().map(|near| {
                let (label, hint) = (&near.label, hint(near));
                format!("; {label} never occurred, and {hint}")
            });
            format!(
                "no event describes the line {}{}",
                line(events.get(*index)),
                near.unwrap_or_default()
            )
        }
    }
}

fn often(times: usize) -> String {
    match times {
        1 => "once".into(),
        n => format!("{n} times"),
    }
}

/// What the kernel sends whose file grows past its limit.
const SIGXFSZ: i32 = 25;

/// How a program ended, as a sentence begins: `it exited 1`, `SIGSEGV ended it`.
#[must_use]
pub fn ended(exit: Exit) -> String {
    match exit {
        Exit::Code(code) => format!("it exited {code}"),
        Exit::Signal(SIGXFSZ) => {
            "SIGXFSZ ended it: it wrote a file beyond its limit (max-file)".into()
        }
        Exit::Signal(signal) => format!("{} ended it", signal_name(signal)),
        Exit::Timeout { ended_by } => {
            format!("its time was up, and {} ended it", signal_name(ended_by))
        }
        Exit::Flooded => "it wrote more than a trial may keep (--max-output), and was ended".into(),
    }
}

fn rule(rule: &ExitRule) -> String {
    match rule {
        ExitRule::Code(code) => format!("exit {code}"),
        ExitRule::Signal(signal) => signal_name(*signal),
        ExitRule::Timeout => "a timeout".into(),
        ExitRule::Nonzero => "an exit other than 0".into(),
        ExitRule::Any => "an exit of its own".into(),
    }
}
