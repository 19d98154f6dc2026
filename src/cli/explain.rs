//! `repro explain`: what a verdict, an exit code or a finding of lint means, in the words of the documents.

use std::io::{self, Write};

use clap::ColorChoice;

use crate::glossary::{Entry, entries};
use crate::spec::suggest::did_you_mean;
use crate::terminal::{self, TerminalStyle};

use super::authoring_args::ExplainArgs;
use super::exit::Exit;
use super::failure::Failure;
use super::stdout::print;
use super::terminal_style;

/// Prints the entries that are asked for, or what there is to ask for.
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
            let hint = hint.unwrap_or_else(|| "`repro explain` lists what there is".into());
            let name = name.escape_debug();
            let message = format!("nothing here is called `{name}`: {hint}");
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

    /// Everything that messages and tables name, and nothing else, is explained.
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
