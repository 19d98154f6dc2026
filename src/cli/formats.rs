//! The formats of stdout as they are typed.

use clap::{Args, ValueEnum};

use crate::formats::{Format, ListFormat};

/// The format of a report on stdout.
#[derive(Debug, Clone, Copy, Args)]
pub struct FormatArgs {
    /// How stdout is written
    #[arg(
        id = "format",
        long = "format",
        value_name = "FORMAT",
        default_value = "human",
        help_heading = "Output"
    )]
    choice: FormatArg,
}

/// The format of a list on stdout.
#[derive(Debug, Clone, Copy, Args)]
pub struct ListFormatArgs {
    /// How stdout is written
    #[arg(
        id = "format",
        long = "format",
        value_name = "FORMAT",
        default_value = "human",
        help_heading = "Output"
    )]
    choice: ListFormatArg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatArg {
    /// Tables for a person
    Human,
    /// The report that other tools read
    Json,
    /// Tables for a README or a step summary
    Markdown,
    /// A row a program and toolchain, comma-separated
    Csv,
    /// An object a line, written while it runs; the last line is the summary
    Jsonl,
    /// XML that CI servers read, a test case a program
    Junit,
    /// A picture: each case's pitfall and remedy over time
    Svg,
    /// One page of HTML, with nothing beside it
    Html,
    /// Tables, then annotations for GitHub's runner; the step summary goes where `GITHUB_STEP_SUMMARY` says
    Github,
    /// The Test Anything Protocol, version 14
    Tap,
    /// A trace that Perfetto opens
    Trace,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ListFormatArg {
    /// Tables for a person
    Human,
    /// Its rows, for other tools
    Json,
    /// Tables for a README or a step summary
    Markdown,
    /// Its rows, comma-separated
    Csv,
}

impl From<FormatArgs> for Format {
    fn from(format: FormatArgs) -> Format {
        match format.choice {
            FormatArg::Human => Format::Human,
            FormatArg::Json => Format::Json,
            FormatArg::Markdown => Format::Markdown,
            FormatArg::Csv => Format::Csv,
            FormatArg::Jsonl => Format::Jsonl,
            FormatArg::Junit => Format::Junit,
            FormatArg::Svg => Format::Svg,
            FormatArg::Html => Format::Html,
            FormatArg::Github => Format::Github,
            FormatArg::Tap => Format::Tap,
            FormatArg::Trace => Format::Trace,
        }
    }
}

impl From<ListFormatArgs> for ListFormat {
    fn from(format: ListFormatArgs) -> ListFormat {
        match format.choice {
            ListFormatArg::Human => ListFormat::Human,
            ListFormatArg::Json => ListFormat::Json,
            ListFormatArg::Markdown => ListFormat::Markdown,
            ListFormatArg::Csv => ListFormat::Csv,
        }
    }
}
