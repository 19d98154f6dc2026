//! The JSON report: the contract `repro-report/2`.

use std::io::{self, Write};

use crate::model::report::Report;

/// Writes the report as indented JSON, its keys in the order of the contract, with a final newline.
///
/// # Errors
/// Those of the writer.
pub fn json(report: &Report, out: impl Write) -> io::Result<()> {
    write_json(report, out)
}

/// Any plain data as indented JSON with a final newline.
pub(crate) fn write_json(data: &impl serde::Serialize, mut out: impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut out, data)?;
    out.write_all(b"\n")
}
