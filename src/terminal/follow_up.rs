//! The command that shows more of a row that is not a pass.

use crate::model::report::{ProgramResult, Trial};
use crate::model::verdict::{NextStep, Verdict};

/// The command that shows more of a row that is not a pass; `several` if its program may have others.
pub(crate) fn follow_up(result: &ProgramResult, several: bool) -> Option<String> {
    let odd = result.trials.iter().find(says_why);
    let Some(path) = odd.and_then(|trial| trial.trace.as_ref()) else {
        return command(result, several);
    };
    let plain = path
        .extension()
        .is_none_or(|extension| extension != "jsonl");
    let case = if plain {
        format!(" --case {}", result.case)
    } else {
        String::new()
    };
    Some(format!("repro judge {}{case}", path.display()))
}

/// Whether a trial says why its program is not a pass.
pub(crate) fn says_why(trial: &&Trial) -> bool {
    trial.verdict != Verdict::Pass && !trial.violations.is_empty()
}

fn command(result: &ProgramResult, several: bool) -> Option<String> {
    let verbose = match result.verdict.next_step() {
        NextStep::Nothing => return None,
        NextStep::ListToolchains => return Some("repro toolchains".into()),
        NextStep::Run => "",
        NextStep::RunByHand => " --verbose",
    };
    let with = several.then(|| selector(result)).flatten();
    let with = with
        .map(|s| format!(" --toolchain {s}"))
        .unwrap_or_default();
    Some(format!(
        "repro run {}/{}{with}{verbose}",
        result.case,
        result.program()
    ))
}

/// `python cpython 3.13.0` as the command line takes it: `python:cpython@3.13.0`.
fn selector(result: &ProgramResult) -> Option<String> {
    let mut words = result.toolchain.as_deref()?.split(' ');
    let (language, implementation, version) = (words.next()?, words.next()?, words.next()?);
    let version = (version != "unknown").then(|| format!("@{version}"));
    Some(format!(
        "{language}:{implementation}{}",
        version.unwrap_or_default()
    ))
}
