//! `repro record`: any program, run a few times, becomes a first case.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use crate::capture_probe;
use crate::clock::Clock;
use crate::draft::{CONTROL, CONTROL_FILE, Control, Draft, Head, Heard, Hopeless, guess, in_words};
use crate::judge;
use crate::lint;
use crate::model::case::Case;
use crate::model::trace::{Capture, Trace};
use crate::model::verdict::Verdict;
use crate::process::{Command, Stop, Supervisor, quoted};
use crate::progress::{Listener, Silence};
use crate::run::{Limits, Observer};
use crate::spec;
use crate::toolchain::{Surroundings, located};

use super::authoring::RecordArgs;
use super::cases;
use super::exit::Exit;
use super::failure::{Failure, notice};
use super::recorded::{leans_on, next, summary};
use super::signals;
use super::stdout::print;
use super::subject::{Subject, subject};

/// Runs it, guesses, and writes a case.
///
/// # Errors
/// If it cannot be run, nothing can be drafted from it, or something cannot be written.
pub fn record(args: &RecordArgs) -> Result<Exit, Failure> {
    let subject = subject(&args.command).map_err(Failure::environment)?;
    let target = cases::target(args.cases.as_deref())?;
    let name = args.name.as_ref().unwrap_or(&subject.variant);
    target
        .has_room_for(name, "choose another name, by --name")
        .map_err(Failure::usage)?;
    let traces = observe(args)?;
    let heard: Vec<Heard> = traces.iter().map(Heard::of).collect();
    let mut draft = guess(&heard).map_err(|why| Failure::usage(told(why)))?;
    if (subject.language.as_str(), subject.variant.as_str()) == ("shell", CONTROL) {
        draft.control = None;
    }
    let (text, control) = text(args, name, &subject, &draft, &traces)?;
    write(&target.folder.join(name), &text, &subject, control)?;
    let control = control.is_some();
    let neighbours = &subject.neighbours;
    print(|out| {
        summary(out, args.trials, name, &target, &draft)?;
        leans_on(out, neighbours, &subject.language)?;
        next(out, name, &target, control)
    })?;
    Ok(Exit::Passed)
}

fn told(why: Hopeless) -> String {
    match why {
        Hopeless::Silent => {
            "it printed nothing: a case is about lines, so let it say what it does".into()
        }
        Hopeless::TooMany(kinds) => format!(
            "its lines are of {kinds} kinds, too many to name: let it print less, or write the case by hand (`repro new`)"
        ),
    }
}

fn observe(args: &RecordArgs) -> Result<Vec<Trace>, Failure> {
    let stop = Stop::default();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build();
    let listener: Arc<dyn Listener> = Arc::new(Silence);
    let caught = runtime.and_then(|runtime| {
        let caught = runtime.block_on(async { signals::listen(&stop, &listener) })?;
        Ok((runtime, caught))
    });
    let (_runtime, caught) = caught.map_err(|error| {
        Failure::environment(format_args!("cannot listen for signals: {error}"))
    })?;
    let way = match capture_probe::on_this_host(Clock::Real, &stop) {
        Ok(()) => Capture::Stamped,
        Err(_) => Capture::Piped,
    };
    let command = command(&args.command).map_err(Failure::environment)?;
    let limits = Limits {
        timeout: args.timeout,
        ..Limits::default()
    };
    let observer = Observer {
        supervisor: &Supervisor::this_binary(),
        limits: &limits,
        way,
        clock: Clock::Real,
        stop: &stop,
    };
    let mut traces = Vec::new();
    for trial in 1..=args.trials {
        notice(format_args!("trial {trial} of {}", args.trials));
        let seen = observer.observe(&command);
        if let Some(signal) = caught.first() {
            return Err(Failure::signal(signal));
        }
        let seen = seen.map_err(Failure::environment)?;
        traces.push(seen.into_trace(Vec::new(), None));
    }
    Ok(traces)
}

/// In our environment, but for what makes programs print later or in colour.
fn command(words: &[OsString]) -> Result<Command, String> {
    let surroundings = Surroundings::of_process();
    let named = &words[0];
    // As a shell does: a word with a slash is a path from here, any other is looked for on PATH.
    let is_path = named.as_encoded_bytes().contains(&b'/');
    let place = if is_path {
        surroundings.folder.join(named).into_os_string()
    } else {
        named.clone()
    };
    let program = located(&place, &surroundings).ok_or_else(|| {
        let on_path = if is_path {
            "that can be run"
        } else {
            "on PATH"
        };
        format!(
            "there is no program `{}` {on_path}",
            named.to_string_lossy()
        )
    })?;
    let own = ["PYTHONUNBUFFERED", "NO_COLOR", "FORCE_COLOR"];
    let mut env: Vec<(OsString, OsString)> = std::env::vars_os()
        .filter(|(name, _)| !own.iter().any(|own| name == own))
        .collect();
    env.push(("PYTHONUNBUFFERED".into(), "1".into()));
    env.push(("NO_COLOR".into(), "1".into()));
    Ok(Command {
        program,
        args: words[1..].to_vec(),
        env,
        folder: surroundings.folder,
    })
}

/// The draft that states the most of what lint allows and no trial speaks against.
fn text<'d>(
    args: &RecordArgs,
    name: &str,
    subject: &Subject,
    draft: &'d Draft,
    traces: &[Trace],
) -> Result<(String, Option<&'d Control>), Failure> {
    let words: Vec<String> = args.command.iter().map(|word| quoted(word)).collect();
    let head = Head {
        title: in_words(name),
        command: words.join(" "),
        trials: args.trials,
        program: (subject.language.clone(), subject.variant.clone()),
        keys: subject.keys.clone(),
    };
    let mut last = None;
    for statement in &draft.statements {
        let text = draft.case_file(&head, statement);
        match spec::read(Path::new("case.toml"), &text, name, Path::new(".")) {
            Ok(case) if holds(&case, traces) => return Ok((text, draft.control_of(statement))),
            Ok(_) => {}
            Err(problems) => last = problems.into_iter().next().map(|problem| problem.message),
        }
    }
    let why = last.unwrap_or_else(|| "its trials have too little in common".into());
    let why = format!("no case could be drafted: {why}");
    Err(Failure::usage(why))
}

/// Whether lint has no objection, and each trial shows the behaviour.
fn holds(case: &Case, traces: &[Trace]) -> bool {
    let Some(program) = case.programs.first() else {
        return false;
    };
    let verdict = |trace| judge::judge(case, program, trace).verdict;
    let verdicts: Vec<Verdict> = traces.iter().map(verdict).collect();
    // A trial that a busy machine leaves open is not against it.
    let is_for_it = |verdict| matches!(verdict, Verdict::Pass | Verdict::Inconclusive);
    let none_against = verdicts.iter().copied().all(is_for_it);
    lint::errors(case).is_empty() && none_against && verdicts.contains(&Verdict::Pass)
}

fn write(
    folder: &Path,
    text: &str,
    subject: &Subject,
    control: Option<&Control>,
) -> Result<(), Failure> {
    let source = folder.join(&subject.file);
    let beside = source.parent().unwrap_or(folder);
    let neighbours = || {
        let mut files = subject.neighbours.beside.iter();
        files.try_for_each(|file| {
            fs::copy(file, beside.join(file.file_name().unwrap_or_default())).map(drop)
        })
    };
    let other = |control: &Control| {
        let file = folder.join(CONTROL_FILE);
        fs::create_dir_all(file.parent().unwrap_or(folder))?;
        fs::write(file, script(control))
    };
    let written = fs::create_dir_all(beside)
        .and_then(|()| fs::write(&source, &subject.source))
        .and_then(|()| neighbours())
        .and_then(|()| control.map_or(Ok(()), other))
        .and_then(|()| fs::write(folder.join("case.toml"), text));
    written.map_err(|error| {
        let why = format!("cannot write {}: {error}", folder.display());
        Failure::environment(why)
    })
}

/// A line a command, so that each is written by itself.
fn script(control: &Control) -> String {
    let to = if control.stderr { " >&2" } else { "" };
    let lines = control.lines.iter();
    lines
        .map(|line| format!("printf '%s\\n' {}{to}\n", quoted(line.as_ref())))
        .collect()
}
