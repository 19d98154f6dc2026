//! `repro record`: any program, run a few times, becomes a first case.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::clock::Clock;
use crate::draft::{Draft, Heard, Hopeless, guess};
use crate::judge;
use crate::lint;
use crate::model::case::Case;
use crate::model::trace::{Capture, Trace};
use crate::process::{Command, Stop, Supervisor};
use crate::progress::{Listener, Silence};
use crate::rehearse;
use crate::run::{Limits, Observation, Observer};
use crate::spec;
use crate::toolchain::{Surroundings, located};

use super::args::RecordArgs;
use super::exit::Exit;
use super::run::print;
use super::signals;

/// The languages that repro knows how to run, by the extensions of their files.
const LANGUAGES: &[(&str, &str)] = &[
    ("py", "python"),
    ("js", "javascript"),
    ("mjs", "javascript"),
    ("java", "java"),
    ("rs", "rust"),
    ("go", "go"),
    ("cpp", "cpp"),
];

/// Runs it, guesses, and writes a case.
#[must_use]
pub fn record(args: &RecordArgs) -> Exit {
    try_record(args).unwrap_or_else(|exit| exit)
}

/// The program of the case to be.
struct Subject {
    language: String,
    variant: String,
    /// What it is called in the case's folder, and its text.
    file: String,
    source: Vec<u8>,
    /// Its own `run`, where repro does not know how.
    run: Option<Vec<String>>,
    args: Vec<String>,
}

fn try_record(args: &RecordArgs) -> Result<Exit, Exit> {
    let subject = subject(&args.command).map_err(|why| complain(&why, Exit::Environment))?;
    let name = args.name.clone().unwrap_or_else(|| subject.variant.clone());
    let folder = args.cases.join(&name);
    if folder.exists() {
        let why = format!("{} exists: choose another --name", folder.display());
        return Err(complain(&why, Exit::Usage));
    }
    let traces = observe(args)?;
    let heard: Vec<Heard> = traces.iter().map(Heard::of).collect();
    let draft = guess(&heard).map_err(|why| complain(&told(why), Exit::Usage))?;
    let file = write(args, &name, &folder, &subject, &draft, &traces)?;
    Ok(print(|out| summary(out, args, &name, &file, &draft)))
}

fn complain(why: &str, exit: Exit) -> Exit {
    anstream::eprintln!("repro: {why}");
    exit
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

/// The first argument that is a file in a language that repro knows; else a script that runs the command as it is.
fn subject(command: &[OsString]) -> Result<Subject, String> {
    let texts: Vec<String> = command
        .iter()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    for (at, word) in texts.iter().enumerate() {
        let path = Path::new(word);
        let extension = path
            .extension()
            .and_then(|e| e.to_str())
            .unwrap_or_default();
        let language = LANGUAGES.iter().find(|(known, _)| *known == extension);
        if let (Some((_, language)), true, true) = (language, path.is_file(), at <= 1) {
            let source = fs::read(path).map_err(|error| format!("cannot read {word}: {error}"))?;
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            return Ok(Subject {
                language: (*language).into(),
                variant: plain_name(&path.file_stem().unwrap_or_default().to_string_lossy()),
                file: format!("{language}/{name}"),
                source,
                run: None,
                args: texts[at + 1..].to_vec(),
            });
        }
    }
    let here = std::env::current_dir().map_err(|error| error.to_string())?;
    let words: Vec<String> = texts.iter().map(|word| quoted(word)).collect();
    let here = quoted(&here.to_string_lossy());
    let first = Path::new(&texts[0]).file_stem().unwrap_or_default();
    let variant = plain_name(&first.to_string_lossy());
    Ok(Subject {
        language: "shell".into(),
        file: format!("shell/{variant}.sh"),
        variant,
        source: format!("cd {here} && exec {}\n", words.join(" ")).into_bytes(),
        run: Some(vec!["sh".into(), "{source}".into()]),
        args: Vec::new(),
    })
}

/// `ThreadPoolExample` as `thread-pool-example`.
fn plain_name(name: &str) -> String {
    let mut plain = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && plain.ends_with(|p: char| p.is_ascii_lowercase()) {
            plain.push('-');
        }
        match c.to_ascii_lowercase() {
            c if c.is_ascii_alphanumeric() => plain.push(c),
            _ if !plain.ends_with('-') => plain.push('-'),
            _ => {}
        }
    }
    let plain = plain
        .trim_matches(|c: char| !c.is_ascii_alphabetic())
        .to_string();
    if plain.is_empty() {
        "recorded".into()
    } else {
        plain
    }
}

/// As a shell reads one word.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}

fn observe(args: &RecordArgs) -> Result<Vec<Trace>, Exit> {
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
        complain(
            &format!("cannot listen for signals: {error}"),
            Exit::Environment,
        )
    })?;
    let way = match rehearse::on_this_host(Clock::Real, &stop) {
        Ok(()) => Capture::Stamped,
        Err(_) => Capture::Piped,
    };
    let command = command(&args.command).map_err(|why| complain(&why, Exit::Environment))?;
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
        anstream::eprintln!("repro: trial {trial} of {}", args.trials);
        let seen = observer.observe(&command);
        if let Some(signal) = caught.first() {
            return Err(Exit::Signal(signal));
        }
        let seen = seen.map_err(|error| complain(&error.to_string(), Exit::Environment))?;
        traces.push(trace(seen));
    }
    Ok(traces)
}

/// In our environment, but for what makes programs print later or in colour.
fn command(words: &[OsString]) -> Result<Command, String> {
    let surroundings = Surroundings::of_process();
    let program = located(&words[0], &surroundings).ok_or_else(|| {
        format!(
            "there is no program `{}` on PATH",
            words[0].to_string_lossy()
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
        folder: std::env::current_dir().unwrap_or_else(|_| PathBuf::from(".")),
    })
}

fn trace(seen: Observation) -> Trace {
    Trace {
        lines: seen.lines,
        served: Vec::new(),
        sent: seen.sent,
        exit: seen.exit,
        exit_at: seen.exit_at,
        capture: seen.capture,
        noise_ns: seen.late_ns,
        paused_ns: seen.paused_ns,
        waited_ns: seen.waited_ns,
        leaked: seen.leaked,
        held_up: seen.held_up,
        dropped_bytes: seen.dropped_bytes,
    }
}

/// Writes the most that lint allows and that every trial shows.
fn write(
    args: &RecordArgs,
    name: &str,
    folder: &Path,
    subject: &Subject,
    draft: &Draft,
    traces: &[Trace],
) -> Result<PathBuf, Exit> {
    let unwritable = |error: io::Error| {
        let why = format!("cannot write {}: {error}", folder.display());
        complain(&why, Exit::Environment)
    };
    let source = folder.join(&subject.file);
    let parent = source.parent().unwrap_or(folder);
    fs::create_dir_all(parent).map_err(unwritable)?;
    fs::write(&source, &subject.source).map_err(unwritable)?;
    let file = folder.join("case.toml");
    let all = draft.expectations.len();
    let texts = (1..=all)
        .rev()
        .map(|kept| case_file(args, name, subject, draft, kept));
    let mut last = None;
    for text in texts {
        let read = spec::read(&file, &text, name, folder);
        match read {
            Ok(case) if holds(&case, traces) => {
                fs::write(&file, text).map_err(unwritable)?;
                return Ok(file);
            }
            Ok(_) => {}
            Err(problems) => last = problems.into_iter().next(),
        }
    }
    drop(fs::remove_dir_all(folder));
    let why = last.map_or_else(
        || "its trials have too little in common".into(),
        |p| p.message,
    );
    Err(complain(
        &format!("no case could be drafted: {why}"),
        Exit::Usage,
    ))
}

/// Whether lint has no objection, and each trial shows the behaviour.
fn holds(case: &Case, traces: &[Trace]) -> bool {
    let Some(program) = case.programs.first() else {
        return false;
    };
    let shown = |trace| judge::judge(case, program, trace).behaviour.is_some();
    lint::errors(case).is_empty() && traces.iter().all(shown)
}

fn case_file(
    args: &RecordArgs,
    name: &str,
    subject: &Subject,
    draft: &Draft,
    kept: usize,
) -> String {
    let quote = |text: &str| toml::Value::from(text).to_string();
    let list = |words: &[String]| toml::Value::from(words.to_vec()).to_string();
    let words: Vec<String> = args
        .command
        .iter()
        .map(|w| w.to_string_lossy().into_owned())
        .collect();
    let mut text = format!(
        "schema = 1\ntitle  = {}\nclaim  = \"Say in one sentence what this program shows.\"\n",
        quote(&format!("What {name} does"))
    );
    if let Some(margin) = draft.margin_ms {
        text.push_str(&format!("margin = \"{margin}ms\"\n"));
    }
    text.push_str(&format!(
        "\n# Drafted from {} trials of: {}\n",
        args.trials,
        words.join(" ").escape_debug()
    ));
    for varied in &draft.varied {
        text.push_str(&format!("# varied: {}\n", varied.escape_debug()));
    }
    text.push_str(&format!(
        "\n{}\n[programs.{}.{}]\n",
        draft.tables(kept),
        subject.language,
        subject.variant
    ));
    text.push_str(&format!("path  = {}\n", quote(&subject.file)));
    if let Some(run) = &subject.run {
        text.push_str(&format!("run   = {}\n", list(run)));
    }
    if !subject.args.is_empty() {
        text.push_str(&format!("args  = {}\n", list(&subject.args)));
    }
    text.push_str("shows = \"observed\"\n");
    text
}

fn summary(
    out: &mut dyn Write,
    args: &RecordArgs,
    name: &str,
    file: &Path,
    draft: &Draft,
) -> io::Result<()> {
    let counted = |n: usize, thing: &str| format!("{n} {thing}{}", if n == 1 { "" } else { "s" });
    let (events, spans) = (draft.events.len(), draft.spans.len());
    writeln!(
        out,
        "{}: {} and {} from {}",
        file.display(),
        counted(events, "event"),
        counted(spans, "span"),
        counted(args.trials as usize, "trial")
    )?;
    if draft.varied.is_empty() {
        writeln!(out, "nothing varied between the trials")?;
    } else {
        writeln!(
            out,
            "what varied between the trials, and what the draft therefore leaves open:"
        )?;
    }
    for varied in &draft.varied {
        writeln!(out, "  - {}", varied.escape_debug())?;
    }
    let cases = args.cases.display();
    writeln!(
        out,
        "next: repro run {name} --cases {cases}, then say in {} what it shows",
        file.display()
    )
}
