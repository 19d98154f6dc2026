//! Reads a report from its JSON form, whichever version of the format it has.

use std::fmt;

use super::report::{Report, SCHEMA};
use super::report_version_one;

/// Why a text is no report.
#[derive(Debug)]
pub enum ReportError {
    /// It is not the JSON of a report.
    Json(serde_json::Error),
    /// It has another format, or a version that is not known here; what it states as its schema.
    Schema(String),
}

impl fmt::Display for ReportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReportError::Json(error) => {
                write!(
                    f,
                    "{error}: give files that `repro run --output FILE.json` wrote"
                )
            }
            ReportError::Schema(schema) => write!(
                f,
                "its schema is `{schema}`, this version reads `{SCHEMA}` and `{}`",
                report_version_one::SCHEMA
            ),
        }
    }
}

impl std::error::Error for ReportError {}

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
