//! Reports: one file a format, and a row for it in the table of formats. Everything here writes and decides nothing.

pub(crate) mod annotation;
mod claims;
mod counted;
mod csv;
mod details;
pub(crate) mod escape;
mod explain;
mod format;
mod framing;
mod github;
mod glance;
mod highlight;
mod html;
mod human;
pub(crate) mod json;
mod jsonl;
mod junit;
mod mark;
mod markdown;
pub(crate) mod matrix;
mod meaning;
mod outcome;
mod reasons;
mod rows;
mod statistics;
mod svg;
mod table;
pub(crate) mod tables;
mod tap;
mod trace;

#[cfg(test)]
mod golden;

pub use self::csv::CSV;
pub use self::details::{DETAILS, details};
pub use self::format::{Format, ListFormat};
pub use self::github::{GITHUB, SUMMARY_BYTES, github, step_summary};
pub use self::html::{HTML, html};
pub(crate) use self::html::{PAGE_STYLE, hash};
pub use self::human::{HUMAN, human};
pub use self::json::{JSON, json};
pub use self::jsonl::{JSONL, JsonLines, jsonl};
pub use self::junit::{JUNIT, junit};
pub use self::markdown::{MARKDOWN, markdown};
pub(crate) use self::svg::{COLOURS, STYLE};
pub use self::svg::{SVG, svg};
pub use self::table::FORMATS;
pub use self::tap::{TAP, tap};
pub use self::trace::{TRACE, trace};
