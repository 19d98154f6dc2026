//! The JSON report: the contract `repro-report/2`.

use std::io::{self, Write};

use super::format::Format;
use crate::model::report::Report;
use crate::terminal::Dialect;

/// The report as data.
pub const JSON: Format = Format {
    name: "json",
    about: "The report that other tools read",
    extensions: &["json"],
    dialect: Some(Dialect::Json),
    write: |report, _, out| json(report, out),
};

/// Writes the report as indented JSON, its keys in the order of the contract, with a final newline.
///
/// # Errors
/// Those of the writer.
pub fn json(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    write_json(report, out)
}

/// Any plain data as indented JSON with a final newline.
pub(crate) fn write_json(data: &impl serde::Serialize, mut out: impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut out, data)?;
    out.write_all(b"\n")
}
