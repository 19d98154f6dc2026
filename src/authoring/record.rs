//! Any program, run a few times, becomes a first case.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use crate::draft::{
    CONTROL, CONTROL_FILE, CaseDraft, CaseHead, Control, DraftError, TrialOutput, guess, in_words,
};
use crate::judge;
use crate::lint;
use crate::model::case::Case;
use crate::model::trace::Trace;
use crate::model::verdict::Verdict;
use crate::process::{Stop, quoted};
use crate::spec;
use crate::toolchain::Surroundings;

use super::case_folder::{self, Content, NewFile};
use super::destination::Destination;
use super::error::AuthoringError;
use super::neighbours::Neighbours;
use super::recorded_program::{RecordedProgram, identify};
use super::trials::observe;

/// What to record.
#[derive(Debug)]
pub struct RecordRequest<'r> {
    /// The command and its arguments: at least one word.
    pub command: &'r [OsString],
    /// How often to run it.
    pub trials: u32,
    /// How long one trial may take.
    pub timeout: Duration,
    /// The name of the case; `None` names it after the program's file.
    pub name: Option<&'r str>,
    /// PATH, variables and the clock by which the command runs.
    pub surroundings: &'r Surroundings,
}

/// A case that was drafted and written.
#[derive(Debug)]
pub struct Recording {
    /// The name of the case.
    pub name: String,
    /// What was drafted.
    pub draft: CaseDraft,
    /// Whether the case has a second behaviour, and a program that shows it.
    pub has_control: bool,
    /// The language of the program.
    pub language: String,
    /// The other files that the program uses.
    pub neighbours: Neighbours,
}

/// Runs a command, drafts a case from what it prints, and writes it. `before_trial` hears the number of each trial, from 1.
///
/// # Errors
/// If it cannot be run or is interrupted, nothing can be drafted from it, or something cannot be written.
pub fn record(
    request: &RecordRequest<'_>,
    destination: &Destination,
    stop: &Stop,
    before_trial: &dyn Fn(u32),
) -> Result<Recording, AuthoringError> {
    let program = identify(request.command).map_err(AuthoringError::Environment)?;
    let name = request.name.unwrap_or(&program.variant);
    destination
        .has_room_for(name, "choose another name, by --name")
        .map_err(AuthoringError::Input)?;
    let RecordRequest {
        command,
        trials,
        timeout,
        surroundings,
        ..
    } = *request;
    let traces = observe(command, trials, timeout, surroundings, stop, before_trial)?;
    let outputs: Vec<TrialOutput> = traces.iter().map(TrialOutput::from_trace).collect();
    let mut draft = guess(&outputs).map_err(|why| AuthoringError::Input(in_a_sentence(why)))?;
    if (program.language.as_str(), program.variant.as_str()) == ("shell", CONTROL) {
        draft.control = None;
    }
    let (text, control) = case_file(request, name, &program, &draft, &traces)?;
    write(destination, name, &text, &program, control)?;
    Ok(Recording {
        name: name.into(),
        has_control: control.is_some(),
        draft,
        language: program.language,
        neighbours: program.neighbours,
    })
}

fn in_a_sentence(why: DraftError) -> String {
    match why {
        DraftError::Silent => {
            "it printed nothing: a case is about lines, so let it say what it does".into()
        }
        DraftError::TooMany(kinds) => format!(
            "its lines are of {kinds} kinds, too many to name: let it print less, or write the case by hand (`repro new`)"
        ),
    }
}

/// The case file with the strongest statement that lint accepts and no trial contradicts, and its control if it has one.
fn case_file<'d>(
    request: &RecordRequest<'_>,
    name: &str,
    program: &RecordedProgram,
    draft: &'d CaseDraft,
    traces: &[Trace],
) -> Result<(String, Option<&'d Control>), AuthoringError> {
    let words: Vec<String> = request.command.iter().map(|word| quoted(word)).collect();
    let head = CaseHead {
        title: in_words(name),
        command: words.join(" "),
        trials: request.trials,
        program: (program.language.clone(), program.variant.clone()),
        keys: program.keys.clone(),
    };
    let mut last = None;
    for statement in &draft.statements {
        let text = draft.case_file(&head, statement);
        match spec::read(Path::new("case.toml"), &text, name, Path::new(".")) {
            Ok(case) => match support(&case, traces) {
                Support::Shown => return Ok((text, draft.control_of(statement))),
                Support::Untold => last = Some(TOO_BUSY.into()),
                Support::Contradicted => {}
            },
            Err(problems) => last = problems.into_iter().next().map(|problem| problem.message),
        }
    }
    let why = last.unwrap_or_else(|| "its trials have too little in common".into());
    let why = format!("no case could be drafted: {why}");
    Err(AuthoringError::Input(why))
}

/// What the trials say of a draft.
enum Support {
    /// They show the behaviour, and lint finds no error.
    Shown,
    /// None of them could be told.
    Untold,
    /// One of them does not show it, or lint finds an error.
    Contradicted,
}

const TOO_BUSY: &str =
    "the machine was too busy for any trial to be told; record more of them (`--trials`), or later";

fn support(case: &Case, traces: &[Trace]) -> Support {
    let Some(program) = case.programs.first() else {
        return Support::Contradicted;
    };
    let verdict = |trace| judge::judge(case, program, trace).verdict;
    let verdicts: Vec<Verdict> = traces.iter().map(verdict).collect();
    // A trial that is inconclusive because the machine was busy does not contradict it.
    let is_for_it = |verdict| matches!(verdict, Verdict::Pass | Verdict::Inconclusive);
    let none_against = verdicts.iter().copied().all(is_for_it);
    match none_against && lint::errors(case).is_empty() {
        false => Support::Contradicted,
        true if verdicts.contains(&Verdict::Pass) => Support::Shown,
        true => Support::Untold,
    }
}

fn write(
    destination: &Destination,
    name: &str,
    case_file: &str,
    program: &RecordedProgram,
    control: Option<&Control>,
) -> Result<(), AuthoringError> {
    let source = Path::new(&program.file);
    let script = control.map(script);
    let mut files = vec![
        ("case.toml".into(), Content::Bytes(case_file.as_bytes())),
        (source.into(), Content::Bytes(&program.source)),
    ];
    if let Some(script) = &script {
        files.push((CONTROL_FILE.into(), Content::Bytes(script.as_bytes())));
    }
    for file in &program.neighbours.beside {
        let path = source.with_file_name(file.file_name().unwrap_or_default());
        files.push((path, Content::CopyOf(file)));
    }
    let files = files.into_iter();
    let files: Vec<NewFile<'_>> = files
        .map(|(path, content)| NewFile { path, content })
        .collect();
    case_folder::write(&destination.folder, name, &files)
}

/// A shell script that prints the control's lines with one command each, so that each line is a write of its own.
fn script(control: &Control) -> String {
    let to = if control.stderr { " >&2" } else { "" };
    let lines = control.lines.iter();
    lines
        .map(|line| format!("printf '%s\\n' {}{to}\n", quoted(line.as_ref())))
        .collect()
}
