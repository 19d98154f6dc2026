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
use super::signals::SignalRuntime;
use super::stdout::print;

/// Builds and runs programs, judges them and reports.
///
/// # Errors
/// If there is nothing to run, or something cannot be read, started or written.
pub fn run(args: &RunArgs, color: ColorChoice) -> Result<Exit, Failure> {
    let outputs = Outputs::new(args, color)?;
    let workplace = cases::workplace(&args.cases.trust)?;
    let suite = cases::load(args.cases.cases.as_ref(), &workplace, outputs.on_stderr)?;
    let broken = cases::report_broken(&suite, &args.programs, outputs.on_stderr)?;
    let (request, refused) = request(args, suite, outputs.on_stderr)?;
    cases::tell_of_killed_runs();
    let listener = outputs.listener();
    // The plan asks tools who they are, which may take until somebody loses patience.
    let listening = SignalRuntime::start(&workplace.surroundings.stop, &listener)?;
    let plan = plan(request, &workplace.surroundings);
    if args.dry_run {
        if let Some(signal) = listening.first() {
            return Err(Failure::signal(signal));
        }
        let commands = pipeline::dry_run(&plan, &workplace.cache, &workplace.surroundings);
        print(|out| commands.iter().try_for_each(|line| writeln!(out, "{line}")))?;
        return Ok(broken.max(refused));
    }
    let executed = execute(&plan, &workplace, &listener, listening)?;
    let found = outputs.report(&plan, &executed)?;
    Ok(found.max(broken).max(refused))
}
