//! A program's own commands, for a language that has no recipe.

use super::reader::{Table, Value};
use super::values::args_of;
use crate::model::case::Commands;

const RUN: &str = "`run = [\"COMMAND\", \"{source}\"]`";
const NO_COMMAND: &str = "this names no command";

/// Takes `build` and `run` out of a program's table: none, or `run` with or without `build`.
pub(crate) fn commands_of(table: &mut Table<'_>) -> Option<Commands> {
    let (build, run) = (table.take("build"), table.take("run"));
    if let (Some(build), None) = (build, run) {
        let hint = format!("write {RUN}, or leave `build` out");
        let message = "what is built has no command that runs it";
        return build.refuse(message, "no `run`", hint);
    }
    Some(Commands {
        build: build.and_then(command),
        run: command(run?)?,
    })
}

fn command(value: Value<'_>) -> Option<Vec<String>> {
    let hint = format!("write {RUN}");
    value.refuse_empty(NO_COMMAND, &hint);
    let words = args_of(value)?;
    let unknown = |word: &&String| {
        let rest = word.replace("{source}", "").replace("{out}", "");
        rest.contains(['{', '}'])
    };
    if words.first().is_some_and(String::is_empty) {
        return value.refuse(NO_COMMAND, "no command", hint);
    }
    if let Some(word) = words.iter().find(unknown) {
        let message = format!("`{word}` holds a brace that means nothing here");
        let hint = "`{source}` is the source's name and `{out}` the folder for what is built";
        return value.refuse(message, "unknown hole", hint);
    }
    Some(words)
}
