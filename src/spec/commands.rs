//! A program's own commands, for a language that has no recipe.

use super::reader::{Table, Value};
use super::values::args_of;
use crate::model::case::Commands;

const RUN: &str = "`run = [\"COMMAND\", \"{source}\"]`";

/// Takes `build` and `run` out of a program's table: none, or `run` with or without `build`. `None` after a
/// problem.
pub(crate) fn commands_of(table: &mut Table<'_>) -> Option<Option<Commands>> {
    let build = table.take("build");
    let run = match (table.take("run"), &build) {
        (None, None) => return Some(None),
        (None, Some(build)) => {
            let hint = format!("write {RUN}, or leave `build` out");
            build.report(
                "what is built has no command that runs it",
                "no `run`",
                hint,
            );
            return None;
        }
        (Some(run), _) => run,
    };
    let (build, run) = match build {
        Some(build) => (command(&build).map(Some), command(&run)),
        None => (Some(None), command(&run)),
    };
    let commands = Commands {
        build: build?,
        run: run?,
    };
    Some(Some(commands))
}

fn command(value: &Value<'_>) -> Option<Vec<String>> {
    let words = args_of(value)?;
    let unknown = |word: &&String| {
        let rest = word.replace("{source}", "").replace("{out}", "");
        rest.contains('{') || rest.contains('}')
    };
    if words.first().is_none_or(String::is_empty) {
        value.report(
            "this names no command",
            "no command",
            format!("write {RUN}"),
        );
        return None;
    }
    if let Some(word) = words.iter().find(unknown) {
        let message = format!("`{word}` holds a brace that means nothing here");
        let hint = "`{source}` is the source's name and `{out}` the folder for what is built";
        value.report(message, "unknown hole", hint);
        return None;
    }
    Some(words)
}
