//! What the words of the outputs mean, from verdicts to headings of columns, as the documents say it.

/// The documents. A heading of the first level begins a chapter, one of the second level an entry.
const PAGES: [&str; 5] = [
    include_str!("../docs/verdicts.md"),
    include_str!("../docs/exit-codes.md"),
    include_str!("../docs/lint.md"),
    include_str!("../docs/causes.md"),
    include_str!("../docs/words.md"),
];

/// What a document says about one thing, or about several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'p> {
    /// The heading of its chapter.
    pub chapter: &'p str,
    /// One name, or several with commas between them.
    pub names: &'p str,
    /// Paragraphs with an empty line between them; examples are indented.
    pub text: &'p str,
}

/// Every entry, in the order of the documents.
#[must_use]
pub fn entries() -> Vec<Entry<'static>> {
    PAGES.into_iter().flat_map(of_page).collect()
}

impl<'p> Entry<'p> {
    /// Its names.
    pub fn each(&self) -> impl Iterator<Item = &'p str> + use<'p> {
        self.names.split(", ")
    }

    /// Whether this is one of its names; upper and lower case are the same.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.each()
            .any(|each| each.eq_ignore_ascii_case(name.trim()))
    }
}

/// The entries of a page. Text before the first entry of a chapter is only for readers of the whole page.
fn of_page(page: &str) -> Vec<Entry<'_>> {
    let mut entries = Vec::new();
    for part in page.split("\n# ") {
        let part = part.strip_prefix("# ").unwrap_or(part);
        let (chapter, rest) = part.split_once('\n').unwrap_or((part, ""));
        for section in rest.split("\n## ").skip(1) {
            let (names, text) = section.split_once('\n').unwrap_or((section, ""));
            entries.push(Entry {
                chapter,
                names,
                text: text.trim_matches('\n'),
            });
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_an_entry_fit_a_terminal() {
        for line in entries().iter().flat_map(|entry| entry.text.lines()) {
            assert!(line.chars().count() < 80, "{line}");
        }
    }

    #[test]
    fn a_page_is_cut_at_its_headings() {
        let page =
            "# One\n\nfor readers\n\n## a, b\n\ntext\n\n    # code\n\n# Two\n\n## c\n\nmore\n";
        let entries = of_page(page);
        let told: Vec<_> = entries
            .iter()
            .map(|e| (e.chapter, e.names, e.text))
            .collect();
        assert_eq!(
            told,
            [("One", "a, b", "text\n\n    # code"), ("Two", "c", "more")]
        );
        assert!(entries[0].is_called("B") && !entries[0].is_called("c"));
    }
}
