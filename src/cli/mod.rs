//! Flags in, exit code out: a file for each command, with its flags and what it calls.

mod cases;
mod ci;
mod command_line;
mod compare;
mod completions;
mod execute;
mod exit;
mod explain;
mod failure;
mod flags;
mod help;
mod import;
mod judge;
mod limits;
mod lint;
mod list;
mod mutants;
mod new;
mod outputs;
mod record;
mod report;
mod request;
mod run;
mod run_args;
mod schema;
mod shortage;
mod show;
mod signals;
mod stamp;
mod stdout;
mod stored_traces;
mod terminal_style;
mod timeline;
mod toolchains;
mod why;

pub use command_line::main;
