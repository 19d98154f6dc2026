//! What an answer is written as.

use std::path::Path;

use clap::ValueEnum;

/// What an answer is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AnswerFormat {
    /// For people: each finding with its source line
    Human,
    /// One JSON object: `repro schema why`
    Json,
    /// SARIF 2.1.0, which code scanners and editors read
    Sarif,
    /// For people, then annotations for GitHub's runner
    Github,
    /// Markdown, for an issue or a step summary
    Markdown,
    /// One page of HTML, with the course of the run
    Html,
}

impl AnswerFormat {
    /// The format of a file of this name; `None` if its ending names none.
    #[must_use]
    pub fn of_file(path: &Path) -> Option<AnswerFormat> {
        match path.extension()?.to_str()? {
            "json" => Some(AnswerFormat::Json),
            "txt" => Some(AnswerFormat::Human),
            "sarif" => Some(AnswerFormat::Sarif),
            "md" | "markdown" => Some(AnswerFormat::Markdown),
            "html" | "htm" => Some(AnswerFormat::Html),
            _ => None,
        }
    }
}
