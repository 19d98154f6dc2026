//! How exact each way of stamping a program's output is, and how fast: side by side in one run.
//!
//!     cargo bench --bench capture                  # everything, some minutes
//!     cargo bench --bench capture -- accuracy      # one part: accuracy, own (that of `repro` alone), intervals,
//!                                                  # throughput, cost (of a supervisor)
//!
//! A generator writes lines on stdout and stderr and reads its clock before and after each write, so that the truth is
//! known to a microsecond. Beside `repro` stand the tools that are installed: ts, annotate-output, strace, script, and a
//! reader with a thread a pipe. Prints Markdown.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_types,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a benchmark that cannot go on has failed, and starts the tools it measures"
)]

mod accuracy;
mod cost;
mod generator;
mod load;
mod throughput;
mod ways;

use ways::Way;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args.first().is_some_and(|arg| arg == generator::ENTRY) {
        return generator::main(&args[1..]);
    }
    let wanted = |part: &str| {
        let mut parts = args.iter().filter(|arg| !arg.starts_with("--")).peekable();
        parts.peek().is_none() || parts.any(|arg| arg == part)
    };
    if wanted("accuracy") {
        accuracy::table(&ways::WAYS);
    } else if wanted("own") {
        accuracy::table(&[Way::Stamped, Way::Piped]);
    }
    if wanted("intervals") {
        accuracy::intervals();
    }
    if wanted("cost") {
        cost::table();
    }
    if wanted("throughput") {
        throughput::table();
    }
}
