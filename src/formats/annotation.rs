//! One annotation, as GitHub's runner reads it.

use crate::terminal::text::visible;

/// Bytes of a message: annotations are read beside code.
const MESSAGE_BYTES: usize = 2_000;

/// What stands beside a line of a source, or beside nothing if no file is known.
#[derive(Debug)]
pub(crate) struct Annotation {
    /// `error`, `warning` or `notice`.
    pub(crate) level: &'static str,
    /// From the folder in which `repro` was run.
    pub(crate) file: Option<String>,
    /// Counted from 1.
    pub(crate) line: Option<u32>,
    pub(crate) title: String,
    pub(crate) message: String,
}

impl Annotation {
    /// The line that makes it.
    pub(crate) fn command(&self) -> String {
        let mut properties = Vec::new();
        if let Some(file) = &self.file {
            properties.push(format!("file={}", property(file)));
            properties.extend(self.line.map(|line| format!("line={line}")));
        }
        properties.push(format!("title={}", property(&self.title)));
        let (level, properties) = (self.level, properties.join(","));
        format!("::{level} {properties}::{}", data(&self.message))
    }
}

/// A message as the runner reads it: its own lines are kept, all else that acts is made visible.
fn data(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(visible).collect();
    let mut text = lines.join("\n").replace("##[", "##\\[");
    if text.len() > MESSAGE_BYTES {
        let end = (0..=MESSAGE_BYTES)
            .rev()
            .find(|at| text.is_char_boundary(*at));
        text.truncate(end.unwrap_or(0));
        text.push('…');
    }
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    data(&one_line).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_runner_reads_apart_is_quoted() {
        assert_eq!(data("50%\nof\x1b"), "50%25%0Aof\\x1b");
        assert_eq!(property("a: b,\nc"), "a%3A b%2C c");
        assert!(data(&"é".repeat(5_000)).len() <= MESSAGE_BYTES + 3);
    }
}
