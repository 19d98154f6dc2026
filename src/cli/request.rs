//! From the flags of `repro run` to what is wanted of the run.

use std::collections::BTreeSet;

use crate::discover::Suite;
use crate::model::toolchain::Selector;
use crate::pipeline::{RunRequest, ToolchainChoice};
use crate::process::SandboxRules;
use crate::terminal::TerminalStyle;
use crate::toolchain::{RECIPES, recipe};

use super::failure::{Failure, notice};
use super::run_args::{RunArgs, SandboxArg, Which};
use super::{cases, lint};

/// What the flags ask for.
///
/// # Errors
/// If a name selects nothing, a case can never be judged, or this host lacks a required sandbox rule.
pub fn request(
    args: &RunArgs,
    suite: Suite,
    on_stderr: TerminalStyle,
) -> Result<RunRequest, Failure> {
    let programs = cases::select(&suite, &args.programs)?;
    if !args.loudness.quiet {
        notice(format_args!("cases: {}", suite.from));
    }
    refuse_unknown(&args.toolchain, &suite)?;
    let cases: BTreeSet<usize> = programs.iter().map(|selected| selected.case).collect();
    lint::refuse_impossible(cases.iter().map(|case| &suite.cases[*case]), on_stderr)?;
    Ok(RunRequest {
        toolchains: match args.toolchains {
            Some(Which::All) => ToolchainChoice::All,
            None => ToolchainChoice::Named(args.toolchain.clone()),
        },
        required: args.require.clone(),
        trials: args.trials,
        lasting: args.lasting,
        perturbations: args.perturb.iter().copied().map(Into::into).collect(),
        jobs: args.jobs,
        timeout: args.timeout,
        grace: args.grace,
        capture: args.capture,
        allowance: args.limits.allowance(),
        sandbox: sandbox(args.sandbox)?,
        fail_fast: args.fail_fast,
        keep_traces: args.keep_traces.clone(),
        ..RunRequest::new(suite, programs)
    })
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
    let known: Vec<&str> = RECIPES.iter().map(|recipe| recipe.language).collect();
    Err(Failure::usage(format_args!(
        "`{unknown}` is no toolchain: name a language ({}), with an implementation or a version of it if you \
         like, or an implementation alone, as in `deno@2`",
        known.join(", ")
    )))
}

/// The rules that programs run under, if a sandbox is wanted.
fn sandbox(wanted: SandboxArg) -> Result<Option<SandboxRules>, Failure> {
    if wanted == SandboxArg::Off {
        return Ok(None);
    }
    let sandbox = SandboxRules::here();
    let missing = sandbox.missing().into_iter();
    let missing = missing.map(|rule| format!("{rule} (needs {})", rule.needs()));
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
