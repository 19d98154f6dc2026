//! `repro run`.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use clap::ColorChoice;
use indexmap::IndexMap;

use crate::clock::Clock;
use crate::discover::Suite;
use crate::formats::{self, Format, JsonLines};
use crate::model::report::Report;
use crate::model::toolchain::Selector;
use crate::model::verdict::Verdict;
use crate::pipeline::{self, Means, Options, Plan, Repetition, Wanted, plan};
use crate::process::{SandboxRules, Stop, Urgency};
use crate::progress::{Listener, Together};
use crate::terminal::{self, Chatter, CiEscape, Dialect, Teller, TerminalStyle, Transcript};
use crate::toolchain;

use super::args::{LoudnessArgs, RunArgs, SandboxArg, Which};
use super::cases::{self, Workplace};
use super::ci::{print_lines, runner_reads_along, summarise};
use super::exit::{self, Exit, Forgiveness};
use super::failure::{self, Failure, conclude, notice};
use super::report::{outputs, write_files};
use super::stdout::{checked, print};
use super::{lint, signals, terminal_style};

/// A selector that no program could ever be run with is a slip of the pen, and would be passed over in silence.
fn refuse_unknown(selectors: &[Selector], suite: &Suite) -> Result<(), Failure> {
    let mut programs = suite.cases.iter().flat_map(|case| &case.programs);
    let unknown = selectors.iter().find(|selector| {
        toolchain::recipe(&selector.language).is_none()
            && !programs.any(|program| program.language == selector.language)
    });
    let Some(unknown) = unknown else {
        return Ok(());
    };
    let known: Vec<&str> = toolchain::RECIPES.iter().map(|r| r.language).collect();
    Err(Failure::usage(format_args!(
        "`{unknown}` is no toolchain: name a language ({}), with an implementation or a version of it if you \
         like, or an implementation alone, as in `deno@2`",
        known.join(", ")
    )))
}

/// Builds and runs programs, judges them and reports.
///
/// # Errors
/// If there is nothing to run, or something cannot be read, started or written.
pub fn run(args: &RunArgs, color: ColorChoice) -> Result<Exit, Failure> {
    let outputs = outputs(&args.output)?;
    let workplace = cases::workplace()?;
    let on_stderr = terminal_style::of_stderr(color);
    let suite = cases::load(args.cases.cases.as_ref(), &workplace, on_stderr)?;
    let plan = planned(args, &suite, &workplace, on_stderr)?;
    let options = options(args)?;
    if args.dry_run {
        let commands =
            pipeline::dry_run(&plan, &options, &workplace.cache, &workplace.surroundings);
        print(|out| commands.iter().try_for_each(|line| writeln!(out, "{line}")))?;
        return Ok(Exit::Passed);
    }
    make_room(options.keep_traces.as_deref())?;
    let format: Format = args.format.into();
    let lines = (format == Format::Jsonl).then(|| Arc::new(JsonLines::new(stdout_of_lines())));
    let teller = Teller::new(chatter(&args.loudness), on_stderr, runner_reads_along());
    let mut listeners: Vec<Arc<dyn Listener>> = vec![Arc::new(teller)];
    listeners.extend(lines.clone().map(|lines| lines as Arc<dyn Listener>));
    let listener: Arc<dyn Listener> = Arc::new(Together(listeners));
    let executed = execute(&suite, &plan, &options, &workplace, &listener)?;
    let report = &executed.report;

    let on_stdout = terminal_style::of_stdout(color);
    let printed = match lines {
        Some(lines) => checked(lines.finish(report)),
        None => print_lines(format.dialect(), |out| {
            write(report, format, &on_stdout, out)
        }),
    };
    let summarised = summarise(report, format);
    let written = write_files(report, outputs);
    tell_missing(report);
    let unmet = plan.unmet.iter();
    let unmet = unmet.map(|unmet| Err(Failure::environment(unmet)));
    let written = failure::all([printed, summarised, written].into_iter().chain(unmet));
    let forgiveness = Forgiveness {
        missing: args.skip_missing,
        inconclusive: args.allow_inconclusive,
        required: args.require.clone(),
    };
    let found = exit::of_report(report, &forgiveness);
    conclude(executed.signal.map_or(found, Exit::Signal), written)
}

/// One line for each toolchain that is not here; the tables tell it case by case.
fn tell_missing(report: &Report) {
    let mut missing: IndexMap<(&str, &str), usize> = IndexMap::new();
    let rows = report.results.iter();
    for row in rows.filter(|row| row.verdict == Verdict::Missing) {
        let reason = row.reason.as_deref().unwrap_or_default();
        *missing.entry((&row.language, reason)).or_default() += 1;
    }
    for ((language, reason), count) in missing {
        let programs = if count == 1 { "program" } else { "programs" };
        notice(format_args!(
            "not run: {count} {programs} in {language}: {reason}"
        ));
    }
}

/// What is wanted of the suite; anything that could never be judged is refused before it runs.
fn planned(
    args: &RunArgs,
    suite: &Suite,
    workplace: &Workplace,
    on_stderr: TerminalStyle,
) -> Result<Plan, Failure> {
    let selected = cases::select(suite, &args.programs)?;
    if !args.loudness.quiet {
        notice(format_args!("cases: {}", suite.from));
    }
    refuse_unknown(&args.toolchain, suite)?;
    let cases: BTreeSet<usize> = selected.iter().map(|selected| selected.case).collect();
    lint::refuse_impossible(cases.iter().map(|case| &suite.cases[*case]), on_stderr)?;
    let wanted = match args.toolchains {
        Some(Which::All) => Wanted::All,
        None => Wanted::Some(args.toolchain.clone()),
    };
    let surroundings = &workplace.surroundings;
    Ok(plan(suite, &selected, &wanted, &args.require, surroundings))
}

fn options(args: &RunArgs) -> Result<Options, Failure> {
    Ok(Options {
        jobs: args.jobs,
        timeout: args.timeout,
        grace: args.grace,
        capture: args.capture.map(Into::into),
        trials: Repetition {
            count: args.trials,
            lasting: args.lasting,
            perturbed: args.perturb.iter().copied().map(Into::into).collect(),
        },
        allowance: args.limits.allowance(),
        sandbox: sandbox(args.sandbox)?,
        fail_fast: args.fail_fast,
        keep_traces: args.keep_traces.clone(),
    })
}

/// The folder of the traces, if they are kept: that it cannot be made is told before anything runs.
fn make_room(traces: Option<&Path>) -> Result<(), Failure> {
    let Some(folder) = traces else { return Ok(()) };
    std::fs::create_dir_all(folder).map_err(|error| {
        Failure::environment(format_args!(
            "traces cannot be kept in {}: {error}",
            folder.display()
        ))
    })
}

/// The walls around programs, where they are wanted.
fn sandbox(wanted: SandboxArg) -> Result<Option<SandboxRules>, Failure> {
    if wanted == SandboxArg::Off {
        return Ok(None);
    }
    let sandbox = SandboxRules::here();
    let lacking = sandbox.missing().into_iter();
    let lacking = lacking.map(|rule| format!("{rule} (needs {})", rule.needs()));
    let lacking: Vec<String> = lacking.collect();
    if lacking.is_empty() {
        return Ok(Some(sandbox));
    }
    let lacking = lacking.join(", ");
    if wanted == SandboxArg::Require {
        return Err(Failure::environment(format_args!(
            "this host cannot put up every wall of the sandbox: it lacks {lacking}; \
             `--sandbox auto` takes what there is; nothing was run"
        )));
    }
    notice(format_args!(
        "warning: the sandbox of this host lacks {lacking}"
    ));
    Ok(Some(sandbox))
}

fn chatter(loudness: &LoudnessArgs) -> Chatter {
    match (loudness.quiet, loudness.verbose) {
        (true, _) => Chatter::Quiet,
        (false, true) => Chatter::Verbose,
        (false, false) => Chatter::Normal,
    }
}

/// What a run came to.
pub struct Executed {
    /// What it found.
    pub report: Report,
    /// The signal that ended it, if one did.
    pub signal: Option<i32>,
    /// Hears of signals until this is dropped: who waits for a report to be read may wait for ever.
    _listening: tokio::runtime::Runtime,
}

/// Runs within a runtime of its own.
///
/// # Errors
/// If there is no such runtime.
pub fn execute(
    suite: &Suite,
    plan: &Plan,
    options: &Options,
    workplace: &Workplace,
    listener: &Arc<dyn Listener>,
) -> Result<Executed, Failure> {
    let fault = |error: io::Error| {
        Failure::environment(format_args!("cannot start its own threads: {error}"))
    };
    // Trials block threads of their own; the workers serve the stand-in, timers and signals.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(fault)?;
    let stop = Stop::default();
    let (report, signal) = runtime.block_on(async {
        let caught = signals::listen(&stop, listener).map_err(fault)?;
        let means = Means {
            cache: &workplace.cache,
            surroundings: &workplace.surroundings,
            clock: Clock::Real,
            listener: listener.as_ref(),
            stop: &stop,
        };
        let report = pipeline::run(suite, plan, options, &means).await;
        let signal = caught.first();
        if signal.is_none() {
            // There is nothing left to end gently: whoever interrupts now wants to leave.
            stop.ask(Urgency::Now);
        }
        Ok::<_, Failure>((report, signal))
    })?;
    Ok(Executed {
        report,
        signal,
        _listening: runtime,
    })
}

/// Where lines go while the run goes on.
fn stdout_of_lines() -> Box<dyn Write + Send> {
    if runner_reads_along() {
        Box::new(CiEscape::new(io::stdout(), Dialect::Json))
    } else {
        Box::new(io::stdout())
    }
}

/// A single program is shown line by line first.
fn write(
    report: &Report,
    format: Format,
    style: &TerminalStyle,
    out: &mut dyn Write,
) -> io::Result<()> {
    if let ([program], Format::Human) = (report.results.as_slice(), format)
        && let Some(trial) = program.trials.last()
    {
        terminal::transcript(
            &Transcript {
                program,
                trial,
                gaps: true,
            },
            style,
            &mut *out,
        )?;
    }
    formats::write(report, format, style, out)
}
