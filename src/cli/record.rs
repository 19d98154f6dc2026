//! `repro record`: any program, run a few times, becomes a first case.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use crate::authoring::{self, Destination, RecordRequest, Recording};
use crate::draft::CONTROL_FILE;
use crate::process::Stop;
use crate::progress::{Listener, Silence};
use crate::terminal::text::counted;
use crate::visible::visible;

use super::cases::{self, TrustArgs};
use super::exit::Exit;
use super::failure::{Failure, notice};
use super::limits::longer_than_zero;
use super::signals::SignalRuntime;
use super::stdout::print;

const AFTER_HELP: &str = "\
Dates and times become holes. Lines that differ only in numbers become one event, and numbers that tell lines apart become a \
capture. Starts and ends (start, begin, … done, finished, …) become spans. The draft states an order only if every trial \
showed a clear gap between the two lines. Whatever varied between trials is listed, and the draft leaves it open.

Exit codes:
  0  a case was drafted
  2  the output is not enough for a draft, or the folder exists
  3  the command could not be run, or nothing could be written

Examples:
  repro record -- python app.py
  repro record --name pool --trials 10 -- java ThreadPool.java";

/// `repro record`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct RecordArgs {
    /// Run the command this many times
    #[arg(long, value_name = "N", default_value = "5", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub trials: u32,
    /// The name of the case [default: the name of the program's file]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Make the case in this folder [default: the one in repro.toml, else ./cases]
    #[arg(long, value_name = "DIR")]
    pub cases: Option<PathBuf>,
    /// Whose `repro.toml` is heeded.
    #[command(flatten)]
    pub trust: TrustArgs,
    /// End the program after this time, such as 30s or 1m30s
    #[arg(long, value_name = "TIME", value_parser = longer_than_zero, default_value = "30s")]
    pub timeout: Duration,
    /// The command and its arguments
    #[arg(
        value_name = "CMD",
        required = true,
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    pub command: Vec<OsString>,
}

/// Runs it, guesses, and writes a case.
///
/// # Errors
/// If it cannot be run, nothing can be drafted from it, or something cannot be written.
pub fn record(args: &RecordArgs) -> Result<Exit, Failure> {
    let destination = Destination::new(args.cases.as_deref(), &args.trust.trust()?)?;
    let stop = Stop::default();
    let listener: Arc<dyn Listener> = Arc::new(Silence);
    let signals = SignalRuntime::start(&stop, &listener)?;
    let surroundings = cases::surroundings();
    let request = RecordRequest {
        command: &args.command,
        trials: args.trials,
        timeout: args.timeout,
        name: args.name.as_deref(),
        surroundings: &surroundings,
    };
    let before_trial = |trial| notice(format_args!("trial {trial} of {}", args.trials));
    let recording = authoring::record(&request, &destination, &stop, &before_trial);
    let recording = recording.map_err(|error| match signals.first() {
        Some(signal) => Failure::signal(signal),
        None => error.into(),
    })?;
    print(|out| {
        write_summary(&recording, args.trials, &destination, out)?;
        write_neighbours(&recording, out)?;
        write_next_steps(&recording, &destination, out)
    })?;
    Ok(Exit::Passed)
}

/// What was drafted, and what varied.
fn write_summary(
    recording: &Recording,
    trials: u32,
    destination: &Destination,
    out: &mut dyn Write,
) -> io::Result<()> {
    let draft = &recording.draft;
    let file = destination.shown.join(&recording.name).join("case.toml");
    writeln!(
        out,
        "{}: {} and {} from {}",
        file.display(),
        counted(draft.events.len(), "event"),
        counted(draft.spans.len(), "span"),
        counted(trials, "trial")
    )?;
    let variation = match (draft.varied.is_empty(), trials) {
        (true, 1) => "One trial cannot show what varies: --trials 5 can.",
        (true, _) => "Nothing varied between the trials.",
        (false, _) => "These varied between the trials, so the draft leaves them open:",
    };
    writeln!(out, "{variation}")?;
    for varied in &draft.varied {
        writeln!(out, "  - {}", visible(varied))?;
    }
    if draft.left_out > 0 {
        writeln!(out, "Left out: {}.", draft.left_out_told())?;
    }
    Ok(())
}

/// Which files were copied beside the source, and which the author has to copy.
fn write_neighbours(recording: &Recording, out: &mut dyn Write) -> io::Result<()> {
    let neighbours = &recording.neighbours;
    let names = neighbours.beside.iter().filter_map(|path| path.file_name());
    let names: Vec<String> = names
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    if !names.is_empty() {
        writeln!(out, "Copied beside it: {}.", visible(&names.join(", ")))?;
    }
    if !neighbours.elsewhere.is_empty() {
        let names = visible(&neighbours.elsewhere.join(", "));
        let language = &recording.language;
        writeln!(
            out,
            "Not copied: {names}. If the program needs any of them, copy it into {language}/ and name it in `files`."
        )?;
    }
    Ok(())
}

/// What to do with the draft.
fn write_next_steps(
    recording: &Recording,
    destination: &Destination,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (name, flag) = (&recording.name, &destination.flag);
    writeln!(
        out,
        "\nIt passes as it stands. To see it run:\n  repro run {name}{flag}"
    )?;
    if recording.has_control {
        writeln!(
            out,
            "{CONTROL_FILE} prints the same lines in another order, which proves that the check can fail. Replace it\n\
             with a remedy or a pitfall, and describe what the program shows:"
        )?;
    } else {
        writeln!(
            out,
            "Then describe in it what the program shows, and add what would be seen otherwise:"
        )?;
    }
    writeln!(out, "  repro lint{flag}")
}
