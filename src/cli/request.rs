//! From the flags of `repro run` to what is wanted of the run.

use std::collections::BTreeSet;

use crate::authoring::known_languages;
use crate::discover::{Selected, Suite};
use crate::model::toolchain::Selector;
use crate::pipeline::{Perturbation, RunRequest, ToolchainChoice};
use crate::process::{SandboxRules, can_limit_cpus};
use crate::terminal::TerminalStyle;
use crate::toolchain::recipe;

use super::exit::Exit;
use super::failure::{Failure, notice};
use super::run_args::{RunArgs, SandboxArg, Which};
use super::{cases, lint};

/// What the flags ask for, without cases that can never be judged; if there are some, the exit code says so.
///
/// # Errors
/// If a name selects nothing or only cases that can never be judged, or this host lacks a required sandbox rule.
pub fn request(
    args: &RunArgs,
    suite: Suite,
    on_stderr: TerminalStyle,
) -> Result<(RunRequest, Exit), Failure> {
    let mut programs = cases::select(&suite, &args.programs)?;
    if !args.loudness.quiet {
        let (built_in, own): (Vec<&Selected>, Vec<&Selected>) = programs
            .iter()
            .partition(|program| suite.is_built_in(program.case));
        let sources = suite.sources(!own.is_empty(), !built_in.is_empty());
        notice(format_args!("cases: {sources}"));
    }
    refuse_unknown(&args.toolchain, &suite)?;
    if args.perturb.contains(&Perturbation::OneCpu) && !can_limit_cpus() {
        return Err(Failure::environment(
            "`--perturb one-cpu` needs a limit to the processors of a program, which this backend has not; nothing was run",
        ));
    }
    let cases: BTreeSet<usize> = programs.iter().map(|selected| selected.case).collect();
    let (refused, exit) = lint::refuse_impossible(&suite, &cases, on_stderr)?;
    programs.retain(|selected| !refused.contains(&selected.case));
    let request = RunRequest {
        toolchains: match args.toolchains {
            Some(Which::All) => ToolchainChoice::All,
            None => ToolchainChoice::Named(args.toolchain.clone()),
        },
        required: args.require.clone(),
        trials: args.trials,
        lasting: args.lasting,
        least_told: args.least_told.share,
        perturbations: args.perturb.clone(),
        jobs: args.jobs,
        timeout: args.timeout,
        grace: args.grace,
        capture: args.capture,
        allowance: args.limits.allowance(),
        sandbox: sandbox(args.sandbox)?,
        fail_fast: args.fail_fast,
        keep_traces: args.keep_traces.clone(),
        ..RunRequest::new(suite, programs)
    };
    Ok((request, exit))
}

/// A selector that fits neither a recipe nor any program is a typing error, and would otherwise be ignored.
fn refuse_unknown(selectors: &[Selector], suite: &Suite) -> Result<(), Failure> {
    let is_known = |language: &String| {
        let mut programs = suite.cases.iter().flat_map(|case| &case.programs);
        recipe(language).is_some() || programs.any(|program| program.language == *language)
    };
    let mut selectors = selectors.iter();
    let Some(unknown) = selectors.find(|selector| !is_known(&selector.language)) else {
        return Ok(());
    };
    let known = known_languages();
    Err(Failure::usage(format_args!(
        "`{unknown}` is no toolchain: name a language ({known}), with an implementation or a version of it if you \
         like, or an implementation alone, as in `deno@2`"
    )))
}

/// The rules that programs run under, if a sandbox is wanted.
fn sandbox(wanted: SandboxArg) -> Result<Option<SandboxRules>, Failure> {
    if wanted == SandboxArg::Off {
        return Ok(None);
    }
    let sandbox = SandboxRules::here();
    let missing = sandbox.missing().into_iter();
    let missing = missing.map(|rule| format!("{} (needs {})", rule.name(), rule.needs()));
    let missing = missing.collect::<Vec<String>>().join(", ");
    if missing.is_empty() {
        return Ok(Some(sandbox));
    }
    if wanted == SandboxArg::Require {
        return Err(Failure::environment(format_args!(
            "this host cannot put up every wall of the sandbox: it lacks {missing}; \
             `--sandbox auto` takes what there is; nothing was run"
        )));
    }
    notice(format_args!(
        "warning: the sandbox of this host lacks {missing}"
    ));
    Ok(Some(sandbox))
}
