//! Flags that several commands share.

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::formats::{Format, ListFormat};
use crate::model::case::CaptureWish;

/// The format of a report on stdout.
#[derive(Debug, Clone, Copy, Args)]
pub struct ReportFormatArgs {
    /// What to write on stdout
    #[arg(
        id = "format",
        long = "format",
        value_name = "FORMAT",
        value_enum,
        default_value = "human",
        help_heading = "Output"
    )]
    pub choice: Format,
}

/// The format of a list on stdout.
#[derive(Debug, Clone, Copy, Args)]
pub struct ListFormatArgs {
    /// What to write on stdout
    #[arg(
        id = "format",
        long = "format",
        value_name = "FORMAT",
        value_enum,
        default_value = "human",
        help_heading = "Output"
    )]
    pub choice: ListFormat,
}

/// A value of `--capture`.
pub fn capture_wish() -> impl TypedValueParser<Value = CaptureWish> {
    one_of(&CaptureWish::ALL, CaptureWish::name, CaptureWish::about)
}

/// A flag or argument that takes one of a few words: the names of all values of a type, each with its help.
pub fn one_of<T: Copy + Send + Sync>(
    all: &'static [T],
    name: fn(T) -> &'static str,
    about: fn(T) -> &'static str,
) -> impl TypedValueParser<Value = T> {
    let words = all
        .iter()
        .map(|value| PossibleValue::new(name(*value)).help(about(*value)));
    PossibleValuesParser::new(words).try_map(move |word| {
        let mut all = all.iter().copied();
        all.find(|value| name(*value) == word).ok_or("unknown word")
    })
}
