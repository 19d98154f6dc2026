//! A program of a case, to be observed by `repro why`: built, with its stand-in, its input and its environment.

use std::ffi::OsString;
use std::path::Path;

use clap::ColorChoice;

use crate::build;
use crate::discover::{Selected, Suite};
use crate::model::case::Program;
use crate::model::trace::Capture;
use crate::pipeline::{Plan, Planned, Row, RunRequest, plan};
use crate::probes::Original;
use crate::process::Stop;
use crate::progress::Silence;
use crate::run::{self, TrialRequest};
use crate::work_folder::WorkFolder;

use super::cases::{self, CasesArgs, Workplace};
use super::failure::{Failure, notice};
use super::terminal_style;

/// A program of a case as it is observed.
pub struct OfCase {
    /// What runs, and how.
    pub request: TrialRequest,
    /// Of what it is a copy.
    pub original: Original,
    /// Where it was built, if that is done anew; it is removed when this is dropped.
    _folder: Option<WorkFolder>,
}

/// The name of a program of a case, if a command is one: a word of several parts that is no file.
pub fn is_named(command: &[OsString]) -> Option<&str> {
    let [word] = command else { return None };
    let word = word.to_str()?;
    let is_name = word.contains('/') && !word.starts_with(['/', '.']) && !Path::new(word).exists();
    is_name.then_some(word)
}

/// Finds the program of this name and builds it.
///
/// # Errors
/// If there is none of this name or more than one, or it cannot be built or run here.
pub fn program_of_case(
    name: &str,
    args: &CasesArgs,
    (capture, stop): (Capture, &Stop),
    color: ColorChoice,
) -> Result<OfCase, Failure> {
    let mut workplace = cases::workplace(&args.trust)?;
    workplace.surroundings.stop = stop.clone();
    let style = terminal_style::of_stderr(color);
    let suite = cases::load(args.cases.as_ref(), &workplace, style)?;
    let selected = cases::select(&suite, &[name.to_string()]);
    let selected = selected.map_err(|failure| neither(name, failure))?;
    let selected = the_only(name, &suite, &selected)?;
    let plan = plan(
        RunRequest::new(suite, vec![selected]),
        &workplace.surroundings,
    );
    let planned = planned(&plan)?;
    let case = &planned.case;
    let files = planned.program.files.iter();
    let files = files.map(|file| case.folder.join(file));
    let sources = [case.folder.join(&planned.program.path)].into_iter();
    let (request, folder) = trial_request(planned, &workplace, capture)?;
    Ok(OfCase {
        request,
        original: Original {
            name: planned.name(),
            folder: case.folder.parent().unwrap_or(&case.folder).to_path_buf(),
            sources: sources.chain(files).collect(),
        },
        _folder: folder,
    })
}

/// A name may have been meant for a file.
fn neither(name: &str, failure: Failure) -> Failure {
    let no_file = format!("there is no file `{name}` here either, which could be run");
    Failure {
        messages: failure.messages.into_iter().chain([no_file]).collect(),
        ..failure
    }
}

fn the_only(name: &str, suite: &Suite, selected: &[Selected]) -> Result<Selected, Failure> {
    if let [only] = selected {
        return Ok(*only);
    }
    let named = selected.iter().map(|one| {
        let case = &suite.cases[one.case];
        format!("  {}/{}", case.name, case.programs[one.program].name())
    });
    let named: Vec<String> = named.collect();
    Err(Failure::usage(format_args!(
        "`{name}` names {} programs, and one can be observed at a time:\n{}",
        named.len(),
        named.join("\n")
    )))
}

fn planned(plan: &Plan) -> Result<&Planned, Failure> {
    match plan.rows.first() {
        Some(Row::Planned(planned)) => Ok(planned),
        Some(Row::Settled(row)) => {
            let why = row.reason.clone().unwrap_or_default();
            Err(Failure::environment(format_args!(
                "{}/{} cannot run here: {why}",
                row.case,
                row.program()
            )))
        }
        None => Err(Failure::environment("no toolchain for it was found")),
    }
}

/// The request to run it, and the folder that it was copied to if it has to be built anew.
fn trial_request(
    planned: &Planned,
    workplace: &Workplace,
    capture: Capture,
) -> Result<(TrialRequest, Option<WorkFolder>), Failure> {
    let Workplace {
        surroundings,
        cache,
        ..
    } = workplace;
    let folder = WorkFolder::new().map_err(Failure::environment)?;
    let request = planned.build_request(None);
    let in_place = build::in_place(&request, cache, surroundings, folder.path());
    if let Some(mut command) = in_place.map_err(Failure::environment)? {
        notice(format_args!(
            "{} is built anew, so that it can be observed",
            planned.name()
        ));
        let Program { args, env, .. } = &*planned.program;
        command.args.extend(args.iter().map(Into::into));
        let own = env.iter().map(|(name, value)| (name.into(), value.into()));
        command.env.extend(own);
        let trial = planned.terms(run::Program::Command(command), capture, None);
        return Ok((trial, Some(folder)));
    }
    let built = build::all(
        &[request],
        cache,
        surroundings,
        &Silence,
        &surroundings.stop,
    );
    let none = || Failure::environment("it was not built");
    let built = built.into_iter().next().ok_or_else(none)?;
    let artifact = built.map_err(Failure::environment)?.artifact;
    Ok((planned.trial_request(&artifact, capture, None), None))
}
