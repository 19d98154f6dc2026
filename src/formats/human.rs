//! The report for people: at a glance if it has several cases, else with all that it says.

use std::io::{self, Write};

use super::details::{DETAILS, details};
use super::format::Format;
use super::glance;
use crate::model::report::Report;
use crate::terminal::style::TerminalStyle;

/// What fits a screen, for a person.
pub const HUMAN: Format = Format {
    extensions: &[],
    write: human,
    ..DETAILS
};

/// Writes the report for people.
///
/// # Errors
/// Those of the writer.
pub fn human(report: &Report, style: &TerminalStyle, out: &mut dyn Write) -> io::Result<()> {
    if glance::is_fit(report) {
        glance::glance(report, style, out)
    } else {
        details(report, style, out)
    }
}
