//! `repro stamp`: any command's lines with their times, in exact order.

use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, ColorChoice};

use crate::capture_probe;
use crate::model::case::CaptureWish;
use crate::model::trace::{Capture, Exit as Ended, LineRef};
use crate::process::{Command, Resources, Stop, Urgency};
use crate::progress::{Listener, Silence};
use crate::run::{AskedBy, Follower, Input, Limits, Observed, Stage, TrialRequest};
use crate::terminal::{CiEscape, Dialect, StampWriter};

use super::cases::CLOCK;
use super::ci::runner_reads_along;
use super::exit::Exit;
use super::failure::{Failure, conclude, notice};
use super::signals::SignalRuntime;
use super::stdout::checked;
use super::terminal_style;

const AFTER_HELP: &str = "\
Each line of the command's stdout and stderr is shown with the time since the start, the time since the line before, and \
its stream. The command gets your stdin, environment and folder, and its exit code becomes that of repro. Processes that \
it leaves behind are killed.

Examples:
  repro stamp -- make test
  repro stamp --json -- ./server | jq 'select(.gap_us > 1000)'";

/// `repro stamp`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct StampArgs {
    /// Write JSON, one object per line; the last line is the exit
    #[arg(long)]
    pub json: bool,
    /// How to capture output
    #[arg(long, value_name = "WAY", value_enum)]
    pub capture: Option<CaptureWish>,
    /// The command and its arguments
    #[arg(
        value_name = "CMD",
        required = true,
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    pub command: Vec<OsString>,
}

/// The most that is kept of one line, in bytes, so that memory use stays flat. A longer line is cut.
const LINE_BYTES: usize = 1 << 20;
/// Longer than any command runs: there is no timeout.
const FOR_EVER: Duration = Duration::from_secs(100 * 365 * 24 * 3600);
/// The time between the first Ctrl-C and SIGKILL.
const GRACE: Duration = Duration::from_secs(5);

/// Runs the command, shows its lines with their times, and returns its exit code.
///
/// # Errors
/// If the command cannot be started, or stdout cannot be written.
pub fn stamp(args: &StampArgs, color: ColorChoice) -> Result<Exit, Failure> {
    let stop = Stop::default();
    let listener: Arc<dyn Listener> = Arc::new(Silence);
    let signals = SignalRuntime::start(&stop, &listener)?;
    let way = match args.capture.unwrap_or_default() {
        CaptureWish::Stamped => Capture::Stamped,
        CaptureWish::Piped => Capture::Piped,
        CaptureWish::Auto => match capture_probe::on_this_host(CLOCK, &stop) {
            Ok(()) => Capture::Stamped,
            Err(refusal) => {
                notice(format_args!(
                    "output is captured by pipes, whose times are intervals, because stamped sockets do not work here: {refusal}"
                ));
                Capture::Piped
            }
        },
    };
    let dialect = if args.json {
        Dialect::Json
    } else {
        Dialect::Text
    };
    let mut printed = LinePrinter {
        writer: StampWriter::new(
            terminal_style::of_stdout(color),
            args.json,
            io::stdout().is_terminal(),
        ),
        out: CiEscape::new(io::stdout().lock(), runner_reads_along().then_some(dialect)),
        failed: None,
        stop: &stop,
    };
    let stage = Stage::new(CLOCK, stop.clone());
    let observed = stage.observe(&request(args, way), Some(&mut printed));
    let ended = match observed {
        Ok(Observed { trace: seen, .. }) => {
            let capture = seen.capture.name();
            let LinePrinter { writer, out, .. } = &mut printed;
            let last = writer.exit(seen.exit, seen.exit_at, capture, out);
            printed.note(last);
            let leaked = seen.conditions.leaked.unwrap_or(0);
            if leaked > 0 {
                notice(format_args!(
                    "killed {leaked} processes that the command left behind"
                ));
            }
            Ok(code_of(seen.exit))
        }
        Err(error) => {
            printed.pause();
            Err(Failure::new(Exit::Of(127), error))
        }
    };
    checked(printed.failed.map_or(Ok(()), Err))?;
    match signals.first() {
        Some(signal) => conclude(Exit::Signal(signal), ended.map(drop)),
        None => ended,
    }
}

/// Where the lines go, and the error that stopped them.
struct LinePrinter<'p> {
    writer: StampWriter,
    out: CiEscape<io::StdoutLock<'static>>,
    failed: Option<io::Error>,
    stop: &'p Stop,
}

impl Follower for LinePrinter<'_> {
    fn line(&mut self, line: LineRef<'_>) {
        if self.failed.is_none() {
            let written = self.writer.line(line, &mut self.out);
            self.note(written);
        }
    }

    fn pause(&mut self) {
        if self.failed.is_none() {
            let flushed = self.writer.flush(&mut self.out);
            self.note(flushed);
        }
    }
}

impl LinePrinter<'_> {
    /// Ends the command once the lines cannot be written: nobody reads them any more.
    fn note(&mut self, written: io::Result<()>) {
        if let Err(error) = written {
            self.failed = Some(error);
            self.stop.ask(Urgency::WithGrace);
        }
    }
}

/// Our own command line's command, in our environment and with our input.
fn request(args: &StampArgs, capture: Capture) -> TrialRequest {
    let limits = Limits {
        timeout: FOR_EVER,
        asked_by: AskedBy::Terminate,
        grace: GRACE,
        kept_bytes: u64::MAX,
        kept_lines: usize::MAX,
        line_bytes: LINE_BYTES,
        resources: Resources::default(),
    };
    TrialRequest {
        input: Input::Ours,
        ..TrialRequest::new(Command::ours(&args.command), limits, capture)
    }
}

/// The exit code by which a shell reports this end.
fn code_of(ended: Ended) -> Exit {
    match ended {
        Ended::Code(code) => Exit::Of(u8::try_from(code & 0xFF).unwrap_or(u8::MAX)),
        Ended::Signal(signal) | Ended::Timeout { ended_by: signal } => Exit::Signal(signal),
        Ended::Flooded => Exit::Signal(9),
    }
}
