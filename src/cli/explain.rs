//! `repro explain`: what a verdict, an exit code or a finding of lint means, as the documents say it.

use std::io::{self, Write};

use clap::{Args, ColorChoice};

use crate::glossary::{Entry, entries};
use crate::spec::suggest::did_you_mean;
use crate::terminal::{self, TerminalStyle};

use super::exit::Exit;
use super::failure::Failure;
use super::stdout::print;
use super::terminal_style;

const AFTER_HELP: &str = "\
The same texts are in docs/verdicts.md, docs/exit-codes.md and docs/lint.md.

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
  repro explain 4";

/// `repro explain`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct ExplainArgs {
    /// A verdict, a finding, an exit code, or a name that `repro lint` prints in brackets
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
}

/// Prints the entries with these names, or a list of all names.
///
/// # Errors
/// If nothing has such a name, or stdout cannot be written.
pub fn explain(args: &ExplainArgs, color: ColorChoice) -> Result<Exit, Failure> {
    let entries = entries();
    let style = terminal_style::of_stdout(color);
    if args.names.is_empty() {
        print(|out| contents(&entries, out))?;
        return Ok(Exit::Passed);
    }
    let mut found = Vec::new();
    for name in &args.names {
        let Some(entry) = entries.iter().find(|entry| entry.is_called(name)) else {
            let known = entries.iter().flat_map(Entry::each);
            let hint = did_you_mean(name, known);
            let hint = hint.unwrap_or_else(|| "`repro explain` lists all names".into());
            let name = name.escape_debug();
            let message = format!("nothing is called `{name}`: {hint}");
            return Err(Failure::usage(message));
        };
        if !found.contains(entry) {
            found.push(*entry);
        }
    }
    print(|out| told(&found, style, out))?;
    Ok(Exit::Passed)
}

fn told(found: &[Entry<'_>], style: TerminalStyle, out: &mut dyn Write) -> io::Result<()> {
    for (place, entry) in found.iter().enumerate() {
        if place > 0 {
            writeln!(out)?;
        }
        terminal::entry(entry.names, entry.text, style, &mut *out)?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::Code;
    use crate::model::verdict::{Finding, Verdict};

    /// Everything that messages and tables name is explained, and nothing else.
    #[test]
    fn every_verdict_finding_exit_code_and_lint_code_has_its_entry() {
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
        named.extend(Finding::ALL.map(|f| f.name().to_string()));
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
}
