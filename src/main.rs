//! The `repro` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    // A supervisor is this same binary: it must be one before there are threads or flags to read.
    repro::process::supervisor::main_if_asked();
    repro::process::burners::main_if_asked();
    repro::capture_probe::main_if_asked();
    repro::cli::main()
}
