//! What a program writes, line by line, without an event for each.

/// Lines in this order, each as often as it stands here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transcript {
    /// The lines, without white space at their ends; at least one.
    pub lines: Vec<String>,
}

impl Transcript {
    /// Reads a text of several lines; `None` if all are blank. Blank lines around it do not count.
    #[must_use]
    pub fn parse(text: &str) -> Option<Transcript> {
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        let first = lines.iter().position(|line| !line.is_empty())?;
        let last = lines.iter().rposition(|line| !line.is_empty())?;
        let lines = lines[first..=last].iter();
        let lines = lines.map(ToString::to_string).collect();
        Some(Transcript { lines })
    }

    /// Whether a line that a program wrote is one of them.
    #[must_use]
    pub fn has(&self, written: &str) -> bool {
        self.lines.iter().any(|line| line == written.trim_end())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_around_it_and_white_space_at_ends_do_not_count() {
        let read = |text: &str| Transcript::parse(text).map(|read| read.lines);
        assert_eq!(
            read("a \n\n  b\n"),
            Some(vec!["a".into(), String::new(), "  b".into()])
        );
        assert_eq!(read("\n \n"), None);
        assert!(Transcript::parse("one\n").unwrap().has("one  "));
    }
}
