//! `repro stamp`: any command's lines with their times, in exact order.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::ColorChoice;

use crate::capture_probe;
use crate::model::case::CaptureWish;
use crate::model::trace::{Capture, Exit as Ended, LineRef};
use crate::process::{Command, Resources, Stop, Urgency};
use crate::progress::{Listener, Silence};
use crate::run::{Follower, Input, Limits, Observed, Stage, TrialRequest};
use crate::terminal::{CiEscape, Dialect, StampWriter};

use super::args::StampArgs;
use super::cases::CLOCK;
use super::ci::runner_reads_along;
use super::exit::Exit;
use super::failure::{Failure, conclude, notice};
use super::signals::SignalRuntime;
use super::stdout::checked;
use super::terminal_style;

/// What is kept of one line: whoever writes more without a newline gets it cut, and memory stays flat.
const LINE_BYTES: usize = 1 << 20;
/// A command runs as long as it likes.
const FOR_EVER: Duration = Duration::from_secs(100 * 365 * 24 * 3600);
/// Between Ctrl-C and the end by force.
const GRACE: Duration = Duration::from_secs(5);

/// Runs the command; its exit code is ours.
///
/// # Errors
/// If the command cannot be started, or stdout cannot be written.
pub fn stamp(args: &StampArgs, color: ColorChoice) -> Result<Exit, Failure> {
    let stop = Stop::default();
    let listener: Arc<dyn Listener> = Arc::new(Silence);
    let signals = SignalRuntime::start(&stop, &listener)?;
    let way = match args.capture.map_or(CaptureWish::Auto, Into::into) {
        CaptureWish::Stamped => Capture::Stamped,
        CaptureWish::Piped => Capture::Piped,
        CaptureWish::Auto => match capture_probe::on_this_host(CLOCK, &stop) {
            Ok(()) => Capture::Stamped,
            Err(refusal) => {
                notice(format_args!(
                    "pipes, whose times are intervals, since stamped sockets do not work here: {refusal}"
                ));
                Capture::Piped
            }
        },
    };
    let mut printed = Printed {
        writer: StampWriter::new(
            terminal_style::of_stdout(color),
            args.json,
            io::stdout().is_terminal(),
        ),
        out: out(args.json),
        failed: None,
        stop: &stop,
    };
    let stage = Stage::new(CLOCK, stop.clone());
    let observed = stage.observe(&request(args, way), Some(&mut printed));
    let ended = match observed {
        Ok(Observed { trace: seen, .. }) => {
            let capture = seen.capture.name();
            let Printed { writer, out, .. } = &mut printed;
            let last = writer.exit(seen.exit, seen.exit_at, capture, out);
            printed.note(last);
            let leaked = seen.conditions.leaked.unwrap_or(0);
            if leaked > 0 {
                notice(format_args!(
                    "{leaked} processes that it left behind were killed"
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

fn out(json: bool) -> Box<dyn Write> {
    let out = io::stdout().lock();
    match (runner_reads_along(), json) {
        (false, _) => Box::new(out),
        (true, true) => Box::new(CiEscape::new(out, Dialect::Json)),
        (true, false) => Box::new(CiEscape::new(out, Dialect::Text)),
    }
}

/// Where the lines go, and whether they can.
struct Printed<'p> {
    writer: StampWriter,
    out: Box<dyn Write + 'p>,
    failed: Option<io::Error>,
    stop: &'p Stop,
}

impl Follower for Printed<'_> {
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

impl Printed<'_> {
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
    let (program, arguments) = args
        .command
        .split_first()
        .map_or((None, &[][..]), |(p, a)| (Some(p), a));
    let command = Command {
        program: program.map(PathBuf::from).unwrap_or_default(),
        args: arguments.to_vec(),
        env: std::env::vars_os().collect(),
        folder: std::env::current_dir().unwrap_or_else(|_| PathBuf::from(".")),
    };
    let limits = Limits {
        timeout: FOR_EVER,
        grace: GRACE,
        kept_bytes: u64::MAX,
        kept_lines: usize::MAX,
        line_bytes: LINE_BYTES,
        resources: Resources::default(),
    };
    TrialRequest {
        input: Input::Ours,
        ..TrialRequest::new(command, limits, capture)
    }
}

/// As a shell tells it.
fn code_of(ended: Ended) -> Exit {
    match ended {
        Ended::Code(code) => Exit::Of(u8::try_from(code & 0xFF).unwrap_or(u8::MAX)),
        Ended::Signal(signal) | Ended::Timeout { ended_by: signal } => Exit::Signal(signal),
        Ended::Flooded => Exit::Signal(9),
    }
}
