//! `repro show --timeline`: trials as pictures, of programs that are run for it, of a report or of traces that were kept.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use clap::ColorChoice;

use crate::discover::{self, Suite};
use crate::formats;
use crate::model::case::{Case, Program};
use crate::model::report::{ProgramResult, Report, by_case};
use crate::pipeline::{self, Plan, Planned, Row, RunRequest, plan};
use crate::progress::Listener;
use crate::replace_file::replace_file;
use crate::terminal::{self, Chatter, Teller, TerminalStyle};
use crate::timeline::{Figure, figure};

use super::cases::Workplace;
use super::ci::runner_reads_along;
use super::execute::{Executed, execute};
use super::exit::{self, Exit, Forgiveness};
use super::failure::{Failure, conclude};
use super::show_args::ShowArgs;
use super::signals::SignalRuntime;
use super::stdout::print;
use super::{cases, stored_traces, terminal_style};

/// Draws what is named on stdout, or into a file.
///
/// # Errors
/// If there is nothing to draw, or it cannot be written.
pub fn timeline(args: &ShowArgs, color: ColorChoice) -> Result<Exit, Failure> {
    let svg = args.output.as_deref().map(svg_path).transpose()?;
    let (report, found) = match args.from.as_slice() {
        [] => {
            let workplace = cases::workplace(&args.cases.trust)?;
            let on_stderr = terminal_style::of_stderr(color);
            let suite = cases::load(args.cases.cases.as_ref(), &workplace, on_stderr)?;
            let broken = cases::report_broken(&suite, &args.names, on_stderr)?;
            let (report, found) = run(&workplace, suite, &args.names, color)?;
            (report, found.max(broken))
        }
        [file] if !is_trace(file) => (super::report::read(file)?, Exit::Passed),
        traces => {
            let suite = cases::suite(&args.cases, color)?;
            let on_stderr = terminal_style::of_stderr(color);
            let (kept, broken) = stored_traces::read(&suite, traces, None, on_stderr)?;
            let report = pipeline::rejudge(&suite, kept, cases::CLOCK, pipeline::LEAST_TOLD, None);
            (report, broken)
        }
    };
    let figures = figures(&report, &args.names)?;
    let written = match svg {
        None => print(|out| draw(&figures, terminal_style::of_stdout(color), out)),
        Some(path) => {
            replace_file(path, |out| formats::svg(&figures, out)).map_err(Failure::environment)
        }
    };
    conclude(found, written)
}

/// Runs the programs that these names select once, and draws them on stdout.
///
/// # Errors
/// If there is nothing to draw, or it cannot be written.
pub fn run_and_draw(
    workplace: &Workplace,
    suite: Suite,
    names: &[String],
    color: ColorChoice,
) -> Result<Exit, Failure> {
    let (report, found) = run(workplace, suite, names, color)?;
    let figures = figures(&report, names)?;
    let written = print(|out| draw(&figures, terminal_style::of_stdout(color), out));
    conclude(found, written)
}

fn svg_path(path: &Path) -> Result<&Path, Failure> {
    if path
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("svg"))
    {
        return Ok(path);
    }
    let path = path.display();
    Err(Failure::usage(format_args!(
        "a timeline is written as SVG: end the name of `{path}` in .svg"
    )))
}

fn is_trace(path: &Path) -> bool {
    path.is_dir() || path.extension().is_some_and(|e| e == "jsonl")
}

/// Runs what the pictures need, each program once.
fn run(
    workplace: &Workplace,
    suite: Suite,
    names: &[String],
    color: ColorChoice,
) -> Result<(Report, Exit), Failure> {
    let selected = cases::select(&suite, names)?;
    let request = RunRequest {
        trials: Some(1),
        ..RunRequest::new(suite, selected)
    };
    let listener: Arc<dyn Listener> = Arc::new(Teller::new(
        Chatter::Normal,
        terminal_style::of_stderr(color),
        runner_reads_along(),
        workplace.surroundings.clock,
    ));
    let listening = SignalRuntime::start(&workplace.surroundings.stop, &listener)?;
    let mut plan = plan(request, &workplace.surroundings);
    plan.rows = needed(&plan);
    let executed = execute(&plan, workplace, &listener, listening)?;
    let Executed { report, signal, .. } = executed;
    if let Some(signal) = signal {
        return Err(Failure::signal(signal));
    }
    let found = exit::of_report(&report, &Forgiveness::default());
    Ok((report, found))
}

/// Of each case a program that is to show its pitfall and one that is not, of the first language that has both and can be
/// run here; else whatever was named.
fn needed(plan: &Plan) -> Vec<Row> {
    let mut needed: Vec<Row> = Vec::new();
    for case in &plan.request.suite.cases {
        let planned = plan.rows.iter().filter_map(Row::planned);
        let planned = planned.filter(|planned| planned.case.name == case.name);
        let planned: Vec<&Planned> = planned.collect();
        let both = planned.iter().find_map(|one| {
            let of = |pitfall: bool| {
                let mut same = planned.iter().filter(|other| {
                    other.program.language == one.program.language
                        && shows_pitfall(case, &other.program) == pitfall
                });
                same.next().copied()
            };
            Some([of(true)?, of(false)?])
        });
        let chosen = both.map_or_else(|| planned.first().copied().into_iter().collect(), Vec::from);
        needed.extend(chosen.into_iter().cloned().map(Row::Planned));
    }
    if needed.is_empty() {
        // Nothing can be run: the rows say why.
        needed.clone_from(&plan.rows);
    }
    needed
}

fn shows_pitfall(case: &Case, program: &Program) -> bool {
    let shown = program.shows.keys().next();
    let behaviour = shown.and_then(|name| case.behaviours.get(name));
    behaviour.is_some_and(|behaviour| behaviour.pitfall)
}

/// One figure for each case that the names select.
fn figures<'r>(report: &'r Report, names: &[String]) -> Result<Vec<Figure<'r>>, Failure> {
    let is_named = |row: &&ProgramResult| {
        let name = format!("{}/{}", row.case, row.program());
        let about = report.about.get(&row.case);
        let collection = about.and_then(|about| about.collection.as_deref());
        names
            .iter()
            .any(|pattern| discover::names(pattern, collection, &name))
    };
    let named: Vec<&ProgramResult> = report.results.iter().filter(is_named).collect();
    let of_cases = by_case(named.iter().copied()).into_values();
    let drawn: Vec<Figure<'_>> = of_cases.filter_map(|rows| figure(report, &rows)).collect();
    if !drawn.is_empty() {
        return Ok(drawn);
    }
    match named.first() {
        None => {
            let names = names.join("` or `");
            Err(Failure::usage(format_args!(
                "it contains no program named `{names}`: `repro report FILE` lists its programs"
            )))
        }
        Some(row) => {
            let (program, verdict) = (row.program(), row.verdict.name());
            let reason = row.first_reason().map(|reason| format!(": {reason}"));
            let reason = reason.unwrap_or_default();
            Err(Failure::environment(format_args!(
                "there is nothing to draw of {}/{program}: {verdict}{reason}",
                row.case
            )))
        }
    }
}

fn draw(figures: &[Figure<'_>], style: TerminalStyle, out: &mut dyn Write) -> io::Result<()> {
    for (place, figure) in figures.iter().enumerate() {
        if place > 0 {
            writeln!(out)?;
        }
        terminal::timeline(figure, &style, &mut *out)?;
    }
    Ok(())
}
