//! Reports: one file a format. Everything here writes to an `impl Write` and decides nothing.

mod claims;
pub(crate) mod escape;
mod explain;
mod file;
mod format;
mod github;
mod highlight;
mod html;
mod human;
pub(crate) mod json;
mod jsonl;
mod junit;
mod markdown;
pub(crate) mod matrix;
mod meaning;
mod outcome;
mod rows;
mod statistics;
mod svg;
pub(crate) mod tables;
mod tap;
mod trace;

#[cfg(test)]
mod golden;

pub use self::file::write_file;
pub use self::format::{Format, ListFormat, write};
pub use self::github::{SUMMARY_BYTES, github, step_summary};
pub use self::html::html;
pub use self::human::human;
pub use self::json::json;
pub use self::jsonl::{JsonLines, jsonl};
pub use self::junit::junit;
pub use self::markdown::markdown;
pub use self::svg::svg;
pub use self::tap::tap;
pub use self::trace::trace;
