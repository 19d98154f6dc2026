//! Reads a report from its JSON form, whichever version of the format it has.

use super::report::{Report, SCHEMA};
use super::report_version_one;

/// Why a text is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// It is not the JSON of a report.
    #[error("{0}: give files that `repro run --output FILE.json` wrote")]
    Json(serde_json::Error),
    /// It has another format, or a version that is not known here; what it states as its schema.
    #[error(
        "its schema is `{0}`, this version reads `{SCHEMA}` and `{old}`", old = report_version_one::SCHEMA
    )]
    Schema(String),
}

/// Reads a report.
///
/// # Errors
/// If the text is no JSON, lacks what a report has, or states another schema.
pub fn read_report(json: &[u8]) -> Result<Report, ReportError> {
    #[derive(serde::Deserialize)]
    struct Head {
        schema: String,
    }
    let head: Head = serde_json::from_slice(json).map_err(ReportError::Json)?;
    let report = match head.schema.as_str() {
        SCHEMA => serde_json::from_slice(json),
        report_version_one::SCHEMA => report_version_one::read(json),
        _ => return Err(ReportError::Schema(head.schema)),
    };
    report.map_err(ReportError::Json)
}
