//! The `repro` command.

use std::process::ExitCode;

use repro::clock::Clock;
use repro::toolchain::background_threads;

fn main() -> ExitCode {
    // A supervisor is this same binary: it must be one before there are threads or flags to read.
    repro::process::main_if_asked(Clock::Real, background_threads);
    repro::capture_probe::main_if_asked();
    repro::cli::main()
}
