//! What `repro run` tells while it runs, and what it writes at the end.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use clap::ColorChoice;
use indexmap::IndexMap;

use crate::formats::{Format, HUMAN, JSONL, JsonLines};
use crate::model::report::Report;
use crate::model::verdict::Verdict;
use crate::pipeline::Plan;
use crate::progress::{Listener, Together};
use crate::terminal::text::counted;
use crate::terminal::{self, Chatter, CiEscape, Dialect, Teller, TerminalStyle, Transcript};

use super::cases::CLOCK;
use super::ci::{print_lines, runner_reads_along, summarise};
use super::execute::Executed;
use super::exit::{self, Exit, Forgiveness};
use super::failure::{self, Failure, conclude, notice};
use super::report::{outputs, write_files};
use super::run_args::RunArgs;
use super::stdout::checked;
use super::terminal_style;

/// Where and how a run reports.
pub struct Outputs {
    format: Format,
    files: Vec<(PathBuf, Format)>,
    on_stdout: TerminalStyle,
    /// The style of stderr.
    pub on_stderr: TerminalStyle,
    chatter: Chatter,
    /// Writes to stdout during the run, where the format is JSON Lines.
    lines: Option<Arc<JsonLines>>,
    forgiveness: Forgiveness,
}

impl Outputs {
    /// What the flags ask for.
    ///
    /// # Errors
    /// If the extension of a file names no format.
    pub fn new(args: &RunArgs, color: ColorChoice) -> Result<Outputs, Failure> {
        let format = args.format.choice();
        let dialect = runner_reads_along().then_some(Dialect::Json);
        let stdout = || Box::new(CiEscape::new(io::stdout(), dialect));
        let lines = (format == JSONL).then(|| Arc::new(JsonLines::new(stdout(), CLOCK)));
        Ok(Outputs {
            format,
            files: outputs(&args.output)?,
            on_stdout: terminal_style::of_stdout(color),
            on_stderr: terminal_style::of_stderr(color),
            chatter: match (args.loudness.quiet, args.loudness.verbose) {
                (true, _) => Chatter::Quiet,
                (false, true) => Chatter::Verbose,
                (false, false) => Chatter::Normal,
            },
            lines,
            forgiveness: Forgiveness {
                missing: args.skip_missing,
                inconclusive: args.allow_inconclusive,
                required: args.require.clone(),
            },
        })
    }

    /// Tells on stderr what happens, and on stdout too where the format is JSON Lines.
    #[must_use]
    pub fn listener(&self) -> Arc<dyn Listener> {
        let teller = Teller::new(self.chatter, self.on_stderr, runner_reads_along(), CLOCK);
        let mut listeners: Vec<Arc<dyn Listener>> = vec![Arc::new(teller)];
        let lines = self.lines.clone();
        listeners.extend(lines.map(|lines| lines as Arc<dyn Listener>));
        Arc::new(Together(listeners))
    }

    /// Writes the report everywhere, and says on stderr what could not be run.
    ///
    /// # Errors
    /// Every output that cannot be written, and every required toolchain that is absent.
    pub fn report(self, plan: &Plan, executed: &Executed) -> Result<Exit, Failure> {
        let report = &executed.report;
        let printed = match &self.lines {
            Some(lines) => checked(lines.finish(report)),
            None => print_lines(self.format.dialect, |out| self.write(report, out)),
        };
        let summarised = summarise(report, self.format);
        let written = write_files(report, self.files);
        tell_missing(report);
        let unmet = plan.unmet.iter();
        let unmet = unmet.map(|unmet| Err(Failure::environment(unmet)));
        let written = failure::all([printed, summarised, written].into_iter().chain(unmet));
        let found = exit::of_report(report, &self.forgiveness);
        conclude(executed.signal.map_or(found, Exit::Signal), written)
    }

    /// A single program is shown line by line first.
    fn write(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        if let [program] = report.results.as_slice()
            && self.format == HUMAN
            && let Some(trial) = program.trials.last()
        {
            let transcript = Transcript {
                program,
                trial,
                gaps: true,
            };
            terminal::transcript(&transcript, &self.on_stdout, &mut *out)?;
        }
        self.format.write(report, &self.on_stdout, out)
    }
}

/// One line for each absent toolchain; the tables list the programs case by case.
fn tell_missing(report: &Report) {
    let mut missing: IndexMap<(&str, &str), usize> = IndexMap::new();
    let rows = report.results.iter();
    for row in rows.filter(|row| row.verdict == Verdict::Missing) {
        let reason = row.reason.as_deref().unwrap_or_default();
        *missing.entry((&row.language, reason)).or_default() += 1;
    }
    for ((language, reason), count) in missing {
        let programs = counted(count, "program");
        notice(format_args!("not run: {programs} in {language}: {reason}"));
    }
}
