//! `repro record`: any program, run a few times, becomes a first case.

use std::io::{self, Write};
use std::sync::Arc;

use crate::authoring::{self, Destination, Neighbours, RecordRequest};
use crate::draft::{CONTROL_FILE, Draft};
use crate::process::Stop;
use crate::progress::{Listener, Silence};
use crate::visible::visible;

use super::authoring_args::RecordArgs;
use super::exit::Exit;
use super::failure::{Failure, notice};
use super::signals;
use super::stdout::print;

/// Runs it, guesses, and writes a case.
///
/// # Errors
/// If it cannot be run, nothing can be drafted from it, or something cannot be written.
pub fn record(args: &RecordArgs) -> Result<Exit, Failure> {
    let destination = Destination::new(args.cases.as_deref())?;
    let stop = Stop::default();
    let listener: Arc<dyn Listener> = Arc::new(Silence);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build();
    let listening = runtime.and_then(|runtime| {
        let signals = runtime.block_on(async { signals::listen(&stop, &listener) })?;
        Ok((runtime, signals))
    });
    let (_runtime, signals) = listening.map_err(|error| {
        Failure::environment(format_args!("cannot listen for signals: {error}"))
    })?;
    let request = RecordRequest {
        command: &args.command,
        trials: args.trials,
        timeout: args.timeout,
        name: args.name.as_deref(),
    };
    let before_trial = |trial| notice(format_args!("trial {trial} of {}", args.trials));
    let recording = authoring::record(&request, &destination, &stop, &before_trial);
    let recording = recording.map_err(|error| match signals.first() {
        Some(signal) => Failure::signal(signal),
        None => error.into(),
    })?;
    print(|out| {
        summary(
            out,
            args.trials,
            &recording.name,
            &destination,
            &recording.draft,
        )?;
        leans_on(out, &recording.neighbours, &recording.language)?;
        next(out, &recording.name, &destination, recording.has_control)
    })?;
    Ok(Exit::Passed)
}

/// What was drafted, and what varied.
fn summary(
    out: &mut dyn Write,
    trials: u32,
    name: &str,
    destination: &Destination,
    draft: &Draft,
) -> io::Result<()> {
    let counted = |n: usize, thing: &str| format!("{n} {thing}{}", if n == 1 { "" } else { "s" });
    let file = destination.shown.join(name).join("case.toml");
    writeln!(
        out,
        "{}: {} and {} from {}",
        file.display(),
        counted(draft.events.len(), "event"),
        counted(draft.spans.len(), "span"),
        counted(trials as usize, "trial")
    )?;
    match (draft.varied.is_empty(), trials) {
        (true, 1) => writeln!(out, "One trial cannot tell what varies: --trials 5 can.")?,
        (true, _) => writeln!(out, "Nothing varied between the trials.")?,
        (false, _) => {
            writeln!(
                out,
                "What varied between the trials, and what the draft leaves open:"
            )?;
        }
    }
    for varied in &draft.varied {
        writeln!(out, "  - {}", visible(varied))?;
    }
    if draft.left_out > 0 {
        writeln!(out, "Left out: {}.", draft.left_out_told())?;
    }
    Ok(())
}

/// Which files were copied beside the source, and which have to be by hand.
fn leans_on(out: &mut dyn Write, neighbours: &Neighbours, language: &str) -> io::Result<()> {
    let names = neighbours.beside.iter().filter_map(|path| path.file_name());
    let names: Vec<String> = names
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    if !names.is_empty() {
        writeln!(out, "Copied beside it: {}.", visible(&names.join(", ")))?;
    }
    if !neighbours.elsewhere.is_empty() {
        let names = visible(&neighbours.elsewhere.join(", "));
        writeln!(
            out,
            "Not copied: {names}. What it needs of that has to lie beside it: copy it into {language}/ \
             and name it in `files`."
        )?;
    }
    Ok(())
}

/// What to do with the draft. `control`: whether it has a behaviour and a program beside the recorded ones.
fn next(
    out: &mut dyn Write,
    name: &str,
    destination: &Destination,
    control: bool,
) -> io::Result<()> {
    let flag = &destination.flag;
    writeln!(
        out,
        "\nIt passes as it stands. See it do so:\n  repro run {name}{flag}"
    )?;
    if control {
        writeln!(
            out,
            "{CONTROL_FILE} prints the same lines in another order, so that the check is seen to fail. Put a\n\
             remedy, or a pitfall, in its place, and say what the program shows:"
        )?;
    } else {
        writeln!(
            out,
            "Then say in it what the program shows, and name what would be seen otherwise:"
        )?;
    }
    writeln!(out, "  repro lint{flag}")
}
