//! `repro toolchains`: what was found, and what is missing.

use std::io;
use std::path::PathBuf;

use indexmap::IndexMap;
use serde::Serialize;

use super::writer::ListWriter;
use crate::formats::ListFormat;
use crate::model::named::named;
use crate::terminal::grid::{Column, Grid, plain};
use crate::terminal::style::Tone;
use crate::terminal::text::commas;

/// A toolchain that was found, or one that a language would need.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ToolchainFound {
    /// Lower case: `python`.
    pub language: String,
    /// Whether programs of the language run on it unless another is chosen.
    pub default: bool,
    /// Whether it can be used.
    pub status: ToolchainStatus,
    /// The implementation: `cpython`; `None` where none was found.
    pub implementation: Option<String>,
    /// As it told it; `None` if it did not answer.
    pub version: Option<String>,
    /// The real binary.
    pub path: Option<PathBuf>,
    /// How the output of its programs is captured here: `stamped` or `piped`; `None` if it cannot be used.
    pub capture: Option<String>,
    /// Why that way.
    pub capture_reason: Option<String>,
    /// What is wrong with it, or how to get it.
    pub note: Option<String>,
}

named! {
    /// Whether a toolchain can be used.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum ToolchainStatus {
        /// It answers.
        Found = "found",
        /// It is not installed.
        #[default]
        Missing = "missing",
        /// It is installed and does not work.
        Broken = "broken",
    }
}

impl ToolchainStatus {
    fn tone(self) -> Tone {
        match self {
            ToolchainStatus::Found => Tone::Good,
            ToolchainStatus::Missing => Tone::Doubt,
            ToolchainStatus::Broken => Tone::Bad,
        }
    }
}

/// Lists toolchains, those that are missing or broken with what to do about it.
///
/// # Errors
/// Those of the writer.
pub fn toolchains(found: &[ToolchainFound], to: &mut ListWriter<'_>) -> io::Result<()> {
    let columns: [(_, fn(&ToolchainFound) -> _); 5] = [
        (Column::fixed("language"), |t| {
            (t.language.clone(), Tone::Strong)
        }),
        (Column::fixed("toolchain"), |t| {
            let name = t.implementation.iter().chain(&t.version);
            let name = name.map(String::as_str).collect::<Vec<_>>().join(" ");
            plain(format!(
                "{name}{}",
                if t.default { " (default)" } else { "" }
            ))
        }),
        (Column::leading("status"), |t| {
            (t.status.name().into(), t.status.tone())
        }),
        (Column::fixed("capture"), |t| {
            plain(t.capture.as_deref().unwrap_or_default())
        }),
        (Column::wrapping("where"), |t| {
            let path = t.path.as_ref().map(|p| p.display().to_string());
            let place: Vec<String> = path.into_iter().chain(t.note.clone()).collect();
            plain(place.join("; "))
        }),
    ];
    to.table(&Grid::from_rows(found, columns), &found)?;
    if matches!(to.format, ListFormat::Json | ListFormat::Csv) {
        return Ok(());
    }
    for ((way, reason), languages) in choices(found) {
        writeln!(to.out)?;
        let why = format!("{way} for {}: {reason}", commas(languages));
        to.printer().note(0, Tone::Plain, &why)?;
    }
    Ok(())
}

/// Each way of capturing with its reason, and the languages that it is for.
fn choices(found: &[ToolchainFound]) -> IndexMap<(&str, &str), Vec<&str>> {
    let mut choices: IndexMap<(&str, &str), Vec<&str>> = IndexMap::new();
    for row in found {
        if let (Some(way), Some(reason)) = (&row.capture, &row.capture_reason) {
            let languages = choices.entry((way, reason)).or_default();
            if !languages.contains(&row.language.as_str()) {
                languages.push(&row.language);
            }
        }
    }
    choices
}
