//! What an issue says that its program prints: as it should be, and as it is.

use crate::article::Listing;

/// Which output of a program a listing shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputRole {
    /// What its author expects.
    Expected,
    /// What came instead.
    Actual,
}

impl OutputRole {
    /// The behaviour that it becomes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            OutputRole::Expected => "expected",
            OutputRole::Actual => "actual",
        }
    }
}

/// Words that announce what came: they outweigh others, as in `instead of the expected result`.
const OF_ACTUAL: &[&str] = &[
    "actual",
    "actually",
    "instead",
    "got",
    "observed",
    "current",
    "currently",
    "prints",
];
/// Words that announce what should come.
const OF_EXPECTED: &[&str] = &["expected", "expect", "expects", "should", "desired", "want"];

/// Which output a listing shows, by the paragraph above it or else by its heading.
pub(super) fn role_of(listing: &Listing) -> Option<OutputRole> {
    let heading = listing.heading.as_deref().unwrap_or_default();
    role_in(&listing.lead).or_else(|| role_in(heading))
}

fn role_in(text: &str) -> Option<OutputRole> {
    let text = text.to_lowercase();
    let has = |wanted: &[&str]| {
        let mut words = text.split(|c: char| !c.is_alphanumeric());
        words.any(|word| wanted.contains(&word))
    };
    if has(OF_ACTUAL) && !text.contains("should") {
        Some(OutputRole::Actual)
    } else if has(OF_EXPECTED) {
        Some(OutputRole::Expected)
    } else {
        None
    }
}

/// The lines that a listing says were printed: commands after a prompt are none.
pub(super) fn printed(listing: &Listing) -> String {
    let lines = listing.text.lines().map(str::trim_end);
    let lines: Vec<&str> = lines.filter(|line| !line.starts_with("$ ")).collect();
    lines.join("\n").trim_matches('\n').to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::listings;

    #[test]
    fn the_paragraph_tells_what_an_output_is_and_else_the_heading() {
        let roles = |markdown: &str| -> Vec<Option<OutputRole>> {
            listings(markdown).iter().map(role_of).collect()
        };
        let template =
            "### Expected behavior\n\n```\na\n```\n\n### Actual behavior\n\n```\nb\n```\n";
        let both = [Some(OutputRole::Expected), Some(OutputRole::Actual)];
        assert_eq!(roles(template), both);
        let prose = "It should print\n\n```\na\n```\n\nbut I got this instead of what I expected:\n\n```\nb\n```\n";
        assert_eq!(roles(prose), both);
        assert_eq!(roles("Run it:\n\n```\nx\n```\n"), [None]);
    }

    #[test]
    fn a_command_after_a_prompt_was_not_printed() {
        let listing = &listings("```\n$ node a.js\none\n  two\n\n```\n")[0];
        assert_eq!(printed(listing), "one\n  two");
    }
}
