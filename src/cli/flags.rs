//! Flags that several commands share, and what they decide.

use std::io;

use clap::{Args, ColorChoice, ValueEnum};

use crate::formats::{DETAILS, Format, HUMAN, ListFormat};
use crate::lists::ListWriter;
use crate::model::report::Report;

use super::ci::{print_lines, summarise};
use super::failure::{self, Failure};
use super::stdout::print;
use super::terminal_style;

/// The format of a report or a list on stdout.
#[derive(Debug, Clone, Copy, Args)]
pub struct FormatArgs<F: ValueEnum + Send + Sync + 'static> {
    /// What to write on stdout
    #[arg(
        id = "format",
        long = "format",
        value_name = "FORMAT",
        value_enum,
        default_value = "human",
        help_heading = "Output"
    )]
    pub choice: F,
}

/// The format of a report on stdout, and how much it says to a person.
#[derive(Debug, Clone, Copy, Args)]
pub struct ReportFormatArgs {
    /// The format.
    #[command(flatten)]
    pub format: FormatArgs<Format>,
    /// Show several cases in full too: the time and the peak of each program, the evidence of each claim
    #[arg(long, help_heading = "Output")]
    pub details: bool,
}

impl ReportFormatArgs {
    /// What is written on stdout.
    #[must_use]
    pub fn choice(self) -> Format {
        if self.details && self.format.choice == HUMAN {
            DETAILS
        } else {
            self.format.choice
        }
    }

    /// Writes a report on stdout, and the step summary where the format has one.
    ///
    /// # Errors
    /// If one of them cannot be written.
    pub fn print(self, color: ColorChoice, report: &Report) -> Result<(), Failure> {
        let (format, style) = (self.choice(), terminal_style::of_stdout(color));
        let printed = print_lines(format.dialect, |out| format.write(report, &style, out));
        failure::all([printed, summarise(report, format)])
    }
}

/// How many trials have to be told.
#[derive(Debug, Clone, Copy, Args)]
pub struct LeastToldArgs {
    /// Call a program inconclusive rather than a pass if less than this share of its trials could be told
    #[arg(id = "least_told", long = "least-told", value_name = "SHARE", value_parser = share, default_value = "50%", help_heading = "Trials")]
    pub share: f64,
}

/// `50%` or `50`, as a share from 0 to 1.
fn share(text: &str) -> Result<f64, String> {
    percent(text).map(|percent| percent / 100.0)
}

/// `95%` or `95`.
pub fn percent(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').unwrap_or(text).trim().parse::<f64>();
    let share = number.ok().filter(|share| (0.0..=100.0).contains(share));
    share.ok_or_else(|| "write a share from 0% to 100%, such as `95%`".into())
}

impl FormatArgs<ListFormat> {
    /// Writes a list on stdout.
    ///
    /// # Errors
    /// If stdout cannot be written.
    pub fn print(
        self,
        color: ColorChoice,
        list: impl FnOnce(&mut ListWriter<'_>) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let (format, style) = (self.choice, terminal_style::of_stdout(color));
        print(|out| list(&mut ListWriter { format, style, out }))
    }
}
