//! `repro run`.

use clap::ColorChoice;

use crate::pipeline::{self, plan};

use super::cases;
use super::execute::execute;
use super::exit::Exit;
use super::failure::Failure;
use super::outputs::Outputs;
use super::request::request;
use super::run_args::RunArgs;
use super::stdout::print;

/// Builds and runs programs, judges them and reports.
///
/// # Errors
/// If there is nothing to run, or something cannot be read, started or written.
pub fn run(args: &RunArgs, color: ColorChoice) -> Result<Exit, Failure> {
    let outputs = Outputs::new(args, color)?;
    let workplace = cases::workplace()?;
    let suite = cases::load(args.cases.cases.as_ref(), &workplace, outputs.on_stderr)?;
    let request = request(args, suite, outputs.on_stderr)?;
    let plan = plan(request, &workplace.surroundings);
    if args.dry_run {
        let commands = pipeline::dry_run(&plan, &workplace.cache, &workplace.surroundings);
        print(|out| commands.iter().try_for_each(|line| writeln!(out, "{line}")))?;
        return Ok(Exit::Passed);
    }
    let executed = execute(&plan, &workplace, &outputs.listener())?;
    outputs.report(&plan, &executed)
}
