//! `repro explain`: what a word of the outputs means, as the documents or the cases say it.

use std::io::{self, Write};

use clap::{Args, ColorChoice};

use crate::discover::Suite;
use crate::glossary::{Entry, entries};
use crate::spec::suggest::did_you_mean;
use crate::terminal::layout::Printer;
use crate::terminal::style::Tone;
use crate::terminal::{self, TerminalStyle};

use super::cases::{self, CasesArgs};
use super::complete;
use super::exit::Exit;
use super::failure::Failure;
use super::stdout::print;
use super::terminal_style;

const AFTER_HELP: &str = "\
The same texts are in docs/verdicts.md, exit-codes.md, lint.md, causes.md and words.md. What a behaviour means is said by \
its cases.

Exit codes:
  0  the text was printed
  2  no entry has that name
  3  stdout cannot be written

Examples:
  # List what can be explained
  repro explain
  # Explain two verdicts
  repro explain flaky buffered
  # Explain an exit code
  repro explain 4
  # Explain what a program showed
  repro explain result-dropped";

/// `repro explain`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct ExplainArgs {
    /// A verdict, a finding, an exit code, a behaviour, the heading of a column, or a name that is printed in brackets
    #[arg(value_name = "NAME", add = complete::words())]
    pub names: Vec<String>,
    /// The cases whose behaviours are explained.
    #[command(flatten)]
    pub cases: CasesArgs,
}

/// Prints the entries with these names, or a list of all names.
///
/// # Errors
/// If nothing has such a name, or stdout cannot be written.
pub fn explain(args: &ExplainArgs, color: ColorChoice) -> Result<Exit, Failure> {
    let entries = entries();
    let style = terminal_style::of_stdout(color);
    if args.names.is_empty() {
        print(|out| contents(&entries, style, out))?;
        return Ok(Exit::Passed);
    }
    let mut found: Vec<(String, String)> = Vec::new();
    for name in &args.names {
        let named = entries.iter().filter(|entry| entry.is_called(name));
        let mut named: Vec<(String, String)> = named
            .map(|entry| (entry.names.into(), entry.text.into()))
            .collect();
        if named.is_empty() {
            let suite = cases::suite(&args.cases, color)?;
            named.extend(behaviours(&suite, name));
        }
        if named.is_empty() {
            return Err(unknown(name, &entries));
        }
        named.retain(|entry| !found.contains(entry));
        found.extend(named);
    }
    print(|out| told(&found, style, out))?;
    Ok(Exit::Passed)
}

/// What the cases say of the behaviour of this name.
fn behaviours(suite: &Suite, name: &str) -> Option<(String, String)> {
    let of_cases = suite.cases.iter().filter_map(|case| {
        let behaviour = case.behaviours.get(name)?;
        let pitfall = if behaviour.pitfall {
            "the pitfall, "
        } else {
            ""
        };
        let about = &behaviour.about;
        let case = &case.name;
        Some(format!(
            "A behaviour of {case}: {pitfall}{about}.\n\n    repro show {case}"
        ))
    });
    let text = of_cases.collect::<Vec<_>>().join("\n\n");
    (!text.is_empty()).then(|| (name.into(), text))
}

fn unknown(name: &str, entries: &[Entry<'_>]) -> Failure {
    let known = entries.iter().flat_map(Entry::each);
    let hint = did_you_mean(name, known);
    let hint = hint.unwrap_or_else(|| "`repro explain` lists all names".into());
    let name = name.escape_debug();
    Failure::usage(format_args!("nothing is called `{name}`: {hint}"))
}

fn told(found: &[(String, String)], style: TerminalStyle, out: &mut dyn Write) -> io::Result<()> {
    for (place, (names, text)) in found.iter().enumerate() {
        if place > 0 {
            writeln!(out)?;
        }
        terminal::entry(names, text, style, &mut *out)?;
    }
    Ok(())
}

/// All names, the entries of a chapter after one another.
fn contents(entries: &[Entry<'_>], style: TerminalStyle, out: &mut dyn Write) -> io::Result<()> {
    let out = &mut Printer::new(&style, out);
    writeln!(out, "repro explain NAME prints what one of these means:")?;
    let mut rest = entries;
    while let Some(first) = rest.first() {
        let same = rest
            .iter()
            .take_while(|entry| entry.chapter == first.chapter);
        let (chapter, others) = rest.split_at(same.count());
        rest = others;
        writeln!(out, "\n{}", first.chapter)?;
        let names: Vec<&str> = chapter.iter().map(|entry| entry.names).collect();
        out.note(2, Tone::Plain, &names.join("; "))?;
    }
    writeln!(out)?;
    out.note(
        0,
        Tone::Quiet,
        "A behaviour of a case is explained too: repro explain stalled",
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::lint::Code;
    use crate::lists::ToolchainStatus;
    use crate::model::answer::{Cause, Certainty};
    use crate::model::trace::{Capture, Service, Stream};
    use crate::model::verdict::{Finding, Verdict};
    use crate::mutants::Operator;
    use crate::pipeline::Perturbation;
    use crate::process::SandboxRule;
    use crate::toolchain::RECIPES;

    fn explained() -> BTreeSet<&'static str> {
        entries().iter().flat_map(Entry::each).collect()
    }

    #[test]
    fn what_outputs_call_things_is_explained() {
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
        let mut named: BTreeSet<String> = exits.map(|exit| exit.code().to_string()).into();
        let mut also = |names: &[&str]| named.extend(names.iter().map(ToString::to_string));
        also(&Verdict::ALL.map(Verdict::name));
        also(&Finding::ALL.map(Finding::name));
        also(&Code::ALL.map(Code::name));
        also(&Cause::ALL.map(Cause::name));
        also(&[Certainty::Certain, Certainty::Hint, Certainty::Info].map(Certainty::name));
        also(&Capture::ALL.map(Capture::name));
        also(&Stream::ALL.map(Stream::name));
        also(&Service::ALL.map(Service::name));
        also(&Operator::ALL.map(Operator::name));
        also(&Perturbation::ALL.map(Perturbation::name));
        also(&SandboxRule::ALL.map(SandboxRule::name));
        also(&ToolchainStatus::ALL.map(ToolchainStatus::name));
        let explained = explained();
        let missing: Vec<&String> = named
            .iter()
            .filter(|name| !explained.contains(name.as_str()))
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
        for entry in entries() {
            assert!(entry.text.len() > 20, "{}", entry.names);
            assert!(!entry.text.contains("\n#"), "{}", entry.names);
        }
    }

    /// The headings of tables and the names of facts in the golden files of every room: none is listed by hand.
    #[test]
    fn the_words_of_every_golden_output_are_explained() {
        let mut words = BTreeSet::new();
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        for room in ["formats", "lists", "answers"] {
            for file in fs::read_dir(source.join(room).join("snapshots")).unwrap() {
                let text = fs::read_to_string(file.unwrap().path()).unwrap();
                words.extend(headings(&text));
            }
        }
        assert!(words.len() > 20, "{words:?}");
        let explained = explained();
        let is_language = |word: &str| RECIPES.iter().any(|recipe| recipe.language == word);
        words.retain(|word| !explained.contains(word.as_str()) && !is_language(word));
        assert!(words.is_empty(), "{words:?}");
    }

    /// What stands above a rule, and what a fact is called: `cases       ./cases`.
    fn headings(text: &str) -> Vec<String> {
        let lines: Vec<&str> = text.lines().collect();
        let mut found = Vec::new();
        for pair in lines.windows(2) {
            let is_rule = pair[1].contains('─') && pair[1].trim_matches([' ', '─']).is_empty();
            if is_rule {
                let cells = pair[0].split("  ").flat_map(|cell| cell.split(", and "));
                // Toolchains stand in headings too, with their versions.
                let is_word =
                    |cell: &&str| !cell.is_empty() && !cell.contains(" (") && !cell.contains('.');
                found.extend(cells.map(str::trim).filter(is_word).map(String::from));
            }
        }
        found.extend(lines.iter().filter_map(|line| fact(line)));
        found
    }

    /// The name of a fact at the beginning of a line: lower case, at most three columns in.
    fn fact(line: &str) -> Option<String> {
        let (name, value) = line.trim_start().split_once("  ")?;
        let indent = line.len() - line.trim_start().len();
        let is_word = name.chars().all(|c| c.is_ascii_lowercase() || c == ' ');
        let is_fact = [0, 3].contains(&indent) && is_word && !value.trim().is_empty();
        is_fact.then(|| name.to_string())
    }
}
