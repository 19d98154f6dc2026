//! The commands of a run, ready to paste into a shell.

use std::path::PathBuf;

use crate::build::{self, Artifact, Cache};
use crate::model::trace::Capture;
use crate::process::quoted;
use crate::run::{Input, Program};
use crate::toolchain::Surroundings;

use super::context::RunContext;
use super::plan::{Plan, Row};
use super::planned::Planned;

/// The shell lines of every program of a plan, in its order. Nothing is built or run.
#[must_use]
pub fn dry_run(plan: &Plan, cache: &Cache, surroundings: &Surroundings) -> Vec<String> {
    let lines_of = |row: &Row| match row {
        Row::Planned(planned) => {
            match build::preview(&planned.build_request(None), cache, surroundings) {
                Ok(artifact) => trial_lines(planned, &artifact),
                Err(error) => vec![comment(planned), format!("# it cannot be built: {error}")],
            }
        }
        Row::Settled(row) => {
            let reason = row.reason.as_deref().unwrap_or_default();
            let (program, verdict) = (row.program(), row.verdict.name());
            vec![format!("# {}/{program}: {verdict}: {reason}", row.case)]
        }
    };
    plan.rows.iter().flat_map(lines_of).collect()
}

/// The shell lines that build a program; none where nothing is compiled.
pub fn build_lines(planned: &Planned, context: &RunContext<'_>) -> Vec<String> {
    let (request, folder) = (planned.build_request(None), folder(planned));
    let lines = build::by_hand(&request, context.cache, context.surroundings, &folder);
    if lines.is_empty() {
        return lines;
    }
    [vec![comment(planned)], lines].concat()
}

fn comment(planned: &Planned) -> String {
    format!("# {} on {}", planned.name(), planned.toolchain.name())
}

/// A folder for trials by hand. It is not removed, so that its files can be examined.
fn folder(planned: &Planned) -> PathBuf {
    let name = planned.name().replace('/', "-");
    std::env::temp_dir().join("repro-by-hand").join(name)
}

/// The shell lines that run a program as its trials do.
pub fn trial_lines(planned: &Planned, artifact: &Artifact) -> Vec<String> {
    // A shell shows nothing of the capture.
    let request = planned.trial_request(artifact, Capture::Piped, None);
    let mut lines = vec![comment(planned)];
    let folder = folder(planned);
    let origin = request.stand_in.as_ref().map(|_| "http://127.0.0.1:PORT");
    if origin.is_some() {
        lines.push(
            "# put the port of a server of yours for PORT: its stand-in listens in a run only"
                .into(),
        );
    }
    if !is_built(artifact) {
        lines.push(format!("# to build it: repro run {}", planned.name()));
    }
    let program = request.program_at(origin, &folder);
    let command = program.command(&folder);
    let folder = quoted(folder.as_os_str());
    let copied = needed(planned, artifact);
    let copy = if copied.is_empty() {
        String::new()
    } else {
        format!(" && cp {} {folder}", copied.join(" "))
    };
    lines.push(format!("mkdir -p {folder}{copy}"));
    // Files that exist because of the stand-in are in no folder, so they cannot be copied.
    let files: &[_] = match &program {
        Program::Built(built) => &built.artifact.files,
        Program::Command(_) => &[],
    };
    for file in files.iter().skip(artifact.files.len()) {
        let (name, text) = (quoted(&file.name), String::from_utf8_lossy(&file.bytes));
        let text = quoted(text.as_ref().as_ref());
        lines.push(format!("printf %s {text} > {folder}/{name}"));
    }
    let mut line = command.shell_line();
    if let Some(cpus) = request.cpus {
        lines.push(format!(
            "# it may use {cpus} of the processors: put `taskset -c` before it"
        ));
    }
    if let Input::Text(stdin) = &request.input {
        line = format!("printf %s {} | ({line})", quoted(stdin.as_ref()));
    }
    lines.push(line);
    lines
}

/// The files of the case that lie in the program's folder while it runs.
fn needed(planned: &Planned, artifact: &Artifact) -> Vec<String> {
    let program = &planned.program;
    let of_case = [&program.path].into_iter().chain(&program.files);
    let is_needed = |path: &&PathBuf| {
        let mut files = artifact.files.iter();
        files.any(|file| Some(file.name.as_os_str()) == path.file_name())
    };
    let needed = of_case.filter(is_needed);
    let from = needed.map(|path| planned.case.folder.join(path));
    from.map(|path| quoted(path.as_os_str()).to_string())
        .collect()
}

/// Whether the artifact exists. Scripts need no build; compiled programs lie in the cache.
fn is_built(artifact: &Artifact) -> bool {
    artifact.program.exists()
        && artifact.args.iter().all(|arg| {
            let path = std::path::Path::new(arg);
            !path.is_absolute() || path.exists()
        })
}
