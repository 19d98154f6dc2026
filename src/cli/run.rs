//! `repro run`.

use clap::ColorChoice;

use crate::model::shard::Shard;
use crate::pipeline::{self, Plan, Profile, plan};
use crate::terminal::text::commas;

use super::cases;
use super::execute::execute;
use super::exit::Exit;
use super::failure::{Failure, notice};
use super::outputs::Outputs;
use super::report::read;
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
    let shard = args.shard.shard()?;
    let workplace = cases::workplace(&args.cases.trust)?;
    let suite = cases::load(args.cases.cases.as_ref(), &workplace, outputs.on_stderr)?;
    let broken = cases::report_broken(&suite, &args.programs, outputs.on_stderr)?;
    let (request, refused) = request(args, suite, outputs.on_stderr)?;
    cases::tell_of_killed_runs();
    let listener = outputs.listener();
    // The plan asks tools who they are, which may take until somebody loses patience.
    let listening = SignalRuntime::start(&workplace.surroundings.stop, &listener)?;
    let plan = divided(args, shard, plan(request, &workplace.surroundings))?;
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

/// The part of the plan that this machine does.
fn divided(args: &RunArgs, shard: Option<Shard>, plan: Plan) -> Result<Plan, Failure> {
    let Some(shard) = shard else {
        return Ok(plan);
    };
    let profile = args.shard_by.as_deref().map(read).transpose()?;
    let profile = profile.as_ref().map(Profile::of);
    let (plan, unknown) = plan.part(shard, profile.as_ref());
    if !unknown.is_empty() && !args.loudness.quiet {
        notice(format_args!(
            "taken for as long as their language's median, since the report of --shard-by does not know them: {}",
            commas(unknown)
        ));
    }
    Ok(plan)
}
