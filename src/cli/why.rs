//! `repro why`: one run of any command, and why it does not behave asynchronously.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, ColorChoice};

use crate::answers::{self, AnswerFormat, Shown};
use crate::capture_probe;
use crate::diagnose::{diagnose, evidence};
use crate::model::answer::{Answer, Certainty, SCHEMA, Standing};
use crate::model::trace::{Capture, LineRef};
use crate::probe_trace::{self, Recording};
use crate::probes::{ProbedRun, observe};
use crate::process::{Command, Stop, Urgency};
use crate::progress::{Listener, Silence};
use crate::replace_file::replace_file;
use crate::run::Follower;
use crate::terminal::TerminalStyle;
use crate::wording;

use super::cases::{CLOCK, CasesArgs};
use super::exit::Exit;
use super::failure::{self, Failure, conclude};
use super::limits::longer_than_zero;
use super::signals::SignalRuntime;
use super::stdout::print;
use super::terminal_style;
use super::why_program::{is_named, program_of_case};
use crate::read_file::{LARGEST_RECORD, read_text};

const AFTER_HELP: &str = "\
The command runs once, in your folder and environment and with your stdin. What it writes goes to stderr, since stdout \
carries the answer. Ctrl-C is passed on to it as SIGINT, and the answer follows; a second one kills it.

Exit codes:
  0   nothing certain was found
  1   something certain was found, or what --fail-on asks for
  2   the command line or the trace is wrong
  3   the command could not be started or observed
  4   it could not be told: the machine was too busy, or the program failed at once
  70  a fault in repro itself

Examples:
  # Why do my tasks run one after another?
  repro why -- python app.py
  # A server: observe it for twenty seconds, while you send requests
  repro why --for 20s -- uvicorn app:app
  # A page with the course of the run, and the findings drawn into it
  repro why --output why.html -- node server.js
  # Why does the article's first program block?
  repro why blocking-call/python/listing
  # In CI: what is new since an earlier answer, at its lines
  repro why --format github --baseline answer.json -- python app.py";

/// `repro why`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct WhyArgs {
    /// What to write on stdout
    #[arg(
        long,
        value_enum,
        value_name = "FORMAT",
        default_value = "human",
        help_heading = "Output"
    )]
    pub format: AnswerFormat,
    /// Write the answer to this file too; .json, .sarif, .md, .html and .txt are known [repeatable]
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: Vec<PathBuf>,
    /// Exit 1 for findings at least this sure
    #[arg(long, value_name = "CERTAINTY", default_value = "certain", value_enum)]
    pub fail_on: Certainty,
    /// Leave out what an earlier answer told: a file that `--format json` wrote
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Send the command SIGINT after this long
    #[arg(long = "for", value_name = "TIME", value_parser = longer_than_zero)]
    pub lasting: Option<Duration>,
    /// Keep what was recorded in this file
    #[arg(long, value_name = "FILE")]
    pub keep_trace: Option<PathBuf>,
    /// Judge what was recorded before, and run nothing
    #[arg(long, value_name = "TRACE", conflicts_with_all = ["command", "lasting", "keep_trace"])]
    pub from: Option<PathBuf>,
    /// The cases, where one of their programs is observed.
    #[command(flatten)]
    pub cases: CasesArgs,
    /// The command and its arguments, or a program of a case: CASE/LANGUAGE/VARIANT
    #[arg(
        value_name = "CMD",
        required_unless_present = "from",
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    pub command: Vec<OsString>,
}

/// Observes the command or reads what was recorded of it, and answers.
///
/// # Errors
/// If it cannot be started or observed, or the answer cannot be written.
pub fn why(args: &WhyArgs, color: ColorChoice) -> Result<Exit, Failure> {
    let outputs = outputs(&args.output)?;
    let baseline = args.baseline.as_deref().map(earlier).transpose()?;
    let recording = match &args.from {
        Some(path) => read(path)?,
        None => run(args, color)?,
    };
    let diagnosis = diagnose(&recording);
    let mut answer = wording::answer(&recording, &diagnosis, evidence(&recording));
    if let Some(baseline) = &baseline {
        answers::take_out_known(&mut answer, baseline);
    }
    let sources = wording::sources(&recording);
    let shown = Shown {
        answer: &answer,
        sources: &sources,
    };
    let style = terminal_style::of_stdout(color);
    let printed = print(|out| answers::write(shown, args.format, &style, out));
    let kept = args
        .keep_trace
        .as_deref()
        .map(|path| keep(path, &recording));
    let files = outputs.iter().map(|(path, format)| {
        let plain = &TerminalStyle::PLAIN;
        replace_file(path, |out| answers::write(shown, *format, plain, out))
            .map_err(Failure::environment)
    });
    let written = failure::all([printed].into_iter().chain(kept).chain(files));
    conclude(exit(&answer, args.fail_on), written)
}

fn exit(answer: &Answer, least: Certainty) -> Exit {
    match answer.standing {
        _ if answer.has(least) => Exit::Failed,
        Standing::Untold(_) => Exit::Untold,
        Standing::Told => Exit::Passed,
    }
}

/// The files to write, each with its format.
fn outputs(paths: &[PathBuf]) -> Result<Vec<(PathBuf, AnswerFormat)>, Failure> {
    let with_format = |path: &PathBuf| match AnswerFormat::of_file(path) {
        Some(format) => Ok((path.clone(), format)),
        None => Err(Failure::usage(format_args!(
            "cannot tell the format of `{}` by its name: end it in .json, .sarif, .md, .html or .txt",
            path.display()
        ))),
    };
    paths.iter().map(with_format).collect()
}

/// An answer that was written before.
fn earlier(path: &Path) -> Result<Answer, Failure> {
    let name = path.display();
    let text = read_text(path, LARGEST_RECORD)
        .map_err(|error| Failure::usage(format_args!("cannot read `{name}`: {error}")))?;
    let answer: Answer = serde_json::from_str(&text).map_err(|wrong| {
        Failure::usage(format_args!(
            "`{name}` is not what `repro why --format json` writes: {wrong}"
        ))
    })?;
    match answer.schema == SCHEMA {
        true => Ok(answer),
        false => Err(Failure::usage(format_args!(
            "`{name}` is of schema `{}`, and this version reads `{SCHEMA}`",
            answer.schema
        ))),
    }
}

fn read(path: &Path) -> Result<Recording, Failure> {
    let name = path.display();
    let text = read_text(path, LARGEST_RECORD)
        .map_err(|error| Failure::usage(format_args!("cannot read `{name}`: {error}")))?;
    probe_trace::read(&text).map_err(|wrong| {
        Failure::usage(format_args!(
            "`{name}` is not what --keep-trace writes: {wrong}"
        ))
    })
}

fn keep(path: &Path, recording: &Recording) -> Result<(), Failure> {
    replace_file(path, |out| probe_trace::write(recording, out)).map_err(Failure::environment)
}

/// Runs the command as the user would.
fn run(args: &WhyArgs, color: ColorChoice) -> Result<Recording, Failure> {
    let wish = Stop::default();
    let listener: Arc<dyn Listener> = Arc::new(Silence);
    let signals = SignalRuntime::start(&wish, &listener)?;
    let capture = match capture_probe::on_this_host(CLOCK, &wish) {
        Ok(()) => Capture::Stamped,
        Err(_) => Capture::Piped,
    };
    let command = Command::ours(&args.command);
    let mut run = ProbedRun::of_command(command, capture, CLOCK, wish.clone());
    run.lasting = args.lasting;
    let of_case = is_named(&args.command);
    let of_case = of_case.map(|name| program_of_case(name, &args.cases, (capture, &wish), color));
    // It holds the folder in which the program lies.
    let of_case = of_case.transpose()?;
    if let Some(of_case) = &of_case {
        run.request = of_case.request.clone();
        run.copy_of = Some(of_case.original.clone());
    }
    let mut passed_on = PassedOn {
        failed: false,
        wish: &wish,
    };
    // A program of a case may have a stand-in, which is served meanwhile.
    let _served = signals.enter();
    observe(&run, &mut passed_on).map_err(Failure::environment)
}

/// Passes the command's output on.
struct PassedOn<'w> {
    failed: bool,
    wish: &'w Stop,
}

impl Follower for PassedOn<'_> {
    fn line(&mut self, line: LineRef<'_>) {
        if self.failed {
            return;
        }
        let mut err = io::stderr().lock();
        let end: &[u8] = if line.terminated { b"\n" } else { b"" };
        let written = err.write_all(line.bytes).and_then(|()| err.write_all(end));
        if written.is_err() {
            // Nobody reads the output any more: the command would not go on either.
            self.failed = true;
            self.wish.ask(Urgency::WithGrace);
        }
    }

    fn pause(&mut self) {}
}
