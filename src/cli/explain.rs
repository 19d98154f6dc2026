//! `repro explain`: what a verdict, an exit code or a finding of lint means, in the words of the documents.

use std::io::{self, Write};

use clap::ColorChoice;

use crate::report::{self, Look};
use crate::spec::suggest::did_you_mean;

use super::authoring::ExplainArgs;
use super::exit::Exit;
use super::look;
use super::run::print;

/// The documents, each a chapter a first heading and an entry a second one.
const PAGES: [&str; 3] = [
    include_str!("../../docs/verdicts.md"),
    include_str!("../../docs/exit-codes.md"),
    include_str!("../../docs/lint.md"),
];

/// What a document says of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry<'p> {
    chapter: &'p str,
    /// One name, or several with commas between them.
    names: &'p str,
    text: &'p str,
}

/// Prints the entries that are asked for, or what there is to ask for.
#[must_use]
pub fn explain(args: &ExplainArgs, color: ColorChoice) -> Exit {
    let entries = entries();
    let look = look::of_stdout(color);
    if args.names.is_empty() {
        return print(|out| contents(&entries, out));
    }
    let mut found = Vec::new();
    for name in &args.names {
        let Some(entry) = entries.iter().find(|entry| entry.is_called(name)) else {
            let known = entries.iter().flat_map(Entry::each);
            let hint = did_you_mean(name, known);
            let hint = hint.unwrap_or_else(|| "`repro explain` lists what there is".into());
            let name = name.escape_debug();
            anstream::eprintln!("repro: nothing here is called `{name}`: {hint}");
            return Exit::Usage;
        };
        if !found.contains(entry) {
            found.push(*entry);
        }
    }
    print(|out| told(&found, look, out))
}

fn told(found: &[Entry<'_>], look: Look, out: &mut dyn Write) -> io::Result<()> {
    for (place, entry) in found.iter().enumerate() {
        if place > 0 {
            writeln!(out)?;
        }
        report::entry(entry.names, entry.text, look, &mut *out)?;
    }
    Ok(())
}

fn contents(entries: &[Entry<'_>], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "repro explain NAME prints what one of these means:")?;
    let mut chapter = "";
    for entry in entries {
        if entry.chapter != chapter {
            chapter = entry.chapter;
            writeln!(out, "\n{chapter}")?;
        }
        writeln!(out, "  {}", entry.names)?;
    }
    Ok(())
}

impl<'p> Entry<'p> {
    fn each(&self) -> impl Iterator<Item = &'p str> + use<'p> {
        self.names.split(", ")
    }

    fn is_called(&self, name: &str) -> bool {
        self.each()
            .any(|each| each.eq_ignore_ascii_case(name.trim()))
    }
}

fn entries() -> Vec<Entry<'static>> {
    PAGES.into_iter().flat_map(of_page).collect()
}

/// Text before the first entry of a chapter is for readers of the whole page.
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
    use crate::lint::Code;
    use crate::model::verdict::{Finding, Verdict};

    /// Everything that messages and tables name, and nothing else, is explained.
    #[test]
    fn every_verdict_finding_exit_code_and_lint_code_has_its_entry() {
        let findings = [
            Finding::Confirmed,
            Finding::Refuted,
            Finding::Partly,
            Finding::Untested,
        ];
        let exits = [
            Exit::Passed,
            Exit::Failed,
            Exit::Usage,
            Exit::Environment,
            Exit::Untold,
            Exit::Fault,
            Exit::Signal(1),
            Exit::Signal(2),
            Exit::Signal(15),
        ];
        let mut named: Vec<String> = Verdict::ALL.map(|v| v.name().to_string()).to_vec();
        named.extend(findings.map(|f| f.name().to_string()));
        named.extend(exits.map(|exit| exit.code().to_string()));
        named.extend(Code::ALL.map(|code| code.name().to_string()));
        let entries = entries();
        let mut explained: Vec<&str> = entries.iter().flat_map(Entry::each).collect();
        explained.sort_unstable();
        named.sort_unstable();
        assert_eq!(explained, named);
        for entry in &entries {
            assert!(entry.text.len() > 40, "{}", entry.names);
            assert!(!entry.text.contains("\n#"), "{}", entry.names);
        }
    }

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
