//! Drives the real command line.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod absent;
mod acting;
mod bad_cases;
mod beside;
mod catalogue;
mod command_line;
mod comparing;
mod constructs;
mod everything;
mod fault_table;
mod faults;
mod flow;
mod formats;
mod guide;
mod habits;
mod harness;
mod hostile;
mod implementations;
mod itself;
mod lanes;
mod lint;
mod many;
mod mutants;
mod mutations;
mod observe;
mod ordinary;
mod own_commands;
mod page;
mod readme;
mod sandbox;
mod schema;
mod signals;
mod stamp;
mod teeth;
