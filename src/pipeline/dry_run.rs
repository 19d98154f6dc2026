//! What a run would do, ready to paste into a shell.

use std::path::PathBuf;

use crate::build::{self, Artifact, Cache};
use crate::process::quoted;
use crate::run::{self, Assignment};
use crate::toolchain::Surroundings;

use super::plan::{Plan, Planned, Row};
use super::{Means, Options, request, trials};

/// The shell lines of every program of a plan, in its order. Nothing is built or run.
#[must_use]
pub fn dry_run(
    plan: &Plan,
    options: &Options,
    cache: &Cache,
    surroundings: &Surroundings,
) -> Vec<String> {
    let means = (cache, surroundings);
    let lines_of = |row: &Row| match row {
        Row::Planned(planned) => of_program(planned, options, means),
        Row::Settled(row) => {
            let reason = row.reason.as_deref().unwrap_or_default();
            let (program, verdict) = (row.program(), row.verdict.name());
            vec![format!("# {}/{program}: {verdict}: {reason}", row.case)]
        }
    };
    plan.rows.iter().flat_map(lines_of).collect()
}

fn of_program(planned: &Planned, options: &Options, means: (&Cache, &Surroundings)) -> Vec<String> {
    let artifact = match build::preview(&request(planned, options), means.0, means.1) {
        Ok(artifact) => artifact,
        Err(error) => {
            let why = format!("# it cannot be built: {error}");
            return vec![comment(planned), why];
        }
    };
    of_trial(planned, &trials::assignment(options, planned, &artifact))
}

/// The lines that build a program which could not be built; none where nothing is compiled.
pub fn of_build(planned: &Planned, options: &Options, means: &Means<'_>) -> Vec<String> {
    let request = request(planned, options);
    let folder = folder(planned);
    let lines = build::by_hand(&request, means.cache, means.surroundings, &folder);
    if lines.is_empty() {
        return lines;
    }
    [vec![comment(planned)], lines].concat()
}

fn comment(planned: &Planned) -> String {
    format!("# {} on {}", planned.name(), planned.toolchain.name())
}

/// A folder for what is done by hand; it stays, and whoever pastes the lines can look into it.
fn folder(planned: &Planned) -> PathBuf {
    let name = planned.name().replace('/', "-");
    std::env::temp_dir().join("repro-by-hand").join(name)
}

/// The lines that run a program as its trials do.
pub fn of_trial(planned: &Planned, assignment: &Assignment) -> Vec<String> {
    let artifact = &assignment.artifact;
    let mut lines = vec![comment(planned)];
    let folder = folder(planned);
    let origin = assignment
        .stand_in
        .as_ref()
        .map(|_| "http://127.0.0.1:PORT");
    if origin.is_some() {
        lines.push(
            "# put the port of a server of yours for PORT: its stand-in listens in a run only"
                .into(),
        );
    }
    if !is_built(artifact) {
        lines.push(format!("# to build it: repro run {}", planned.name()));
    }
    let command = run::command(assignment, &folder, origin);
    let folder = quoted(folder.as_os_str());
    let copied = needed(planned, artifact);
    let copy = if copied.is_empty() {
        String::new()
    } else {
        format!(" && cp {} {folder}", copied.join(" "))
    };
    lines.push(format!("mkdir -p {folder}{copy}"));
    // What is there because of the stand-in is in no folder to copy it from.
    let added = run::artifact(assignment, origin).files;
    for file in added.iter().skip(artifact.files.len()) {
        let (name, text) = (quoted(&file.name), String::from_utf8_lossy(&file.bytes));
        let text = quoted(text.as_ref().as_ref());
        lines.push(format!("printf %s {text} > {folder}/{name}"));
    }
    let mut line = command.shell_line();
    if let Some(cpus) = assignment.cpus {
        lines.push(format!(
            "# it may use {cpus} of the processors: put `taskset -c` before it"
        ));
    }
    if let Some(stdin) = &assignment.stdin {
        line = format!("printf %s {} | ({line})", quoted(stdin.as_ref()));
    }
    lines.push(line);
    lines
}

/// The files of the case that are in the program's folder while it runs.
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

/// Scripts need no build; what is built has a folder of its own in the cache.
fn is_built(artifact: &Artifact) -> bool {
    artifact.program.exists()
        && artifact.args.iter().all(|arg| {
            let path = std::path::Path::new(arg);
            !path.is_absolute() || path.exists()
        })
}
