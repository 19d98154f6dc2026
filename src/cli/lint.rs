//! `repro lint`: finds mistakes in cases without running them.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};

use clap::{Args, ColorChoice};

use crate::lint::{Code, Finding, Weight, errors, lint as lint_case};
use crate::model::case::Case;
use crate::spec::{Problem, locate};
use crate::terminal::TerminalStyle;

use super::cases::CasesArgs;
use super::exit::Exit;
use super::failure::{Failure, conclude};
use super::stdout::print;
use super::{cases, terminal_style};

const AFTER_HELP: &str = "\
Errors are expectations that can never hold or never be judged: circular orders, contradictory expectations, a line that \
fits two labels. Warnings are expectations that say less than they seem to, for instance two behaviours that one trace shows.

Exit codes:
  0  there is no error
  2  there is an error, or a case file cannot be read

Examples:
  repro lint
  repro lint --cases my-cases
  # Explain a finding
  repro explain no-negative-control";

/// `repro lint`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct LintArgs {
    /// The cases.
    #[command(flatten)]
    pub cases: CasesArgs,
}

/// Lists the findings of each case.
///
/// # Errors
/// If a case cannot be read, or stdout cannot be written.
pub fn lint(args: &LintArgs, color: ColorChoice) -> Result<Exit, Failure> {
    let suite = cases::suite(&args.cases, color)?;
    let found: Vec<_> = suite
        .cases
        .iter()
        .map(|case| (case, lint_case(case)))
        .collect();
    let all = || found.iter().flat_map(|(_, findings)| findings);
    let colored = terminal_style::of_stdout(color).color;
    let written = print(|out| {
        for (case, findings) in &found {
            write(case, findings, colored, out)?;
        }
        let plural = |n: usize| if n == 1 { "" } else { "s" };
        let (cases, findings) = (found.len(), all().count());
        let (case_s, finding_s) = (plural(cases), plural(findings));
        writeln!(out, "{cases} case{case_s}, {findings} finding{finding_s}")?;
        let see = see(all());
        see.map_or(Ok(()), |see| writeln!(out, "{see}"))
    });
    let bad = all().any(|finding| finding.code.weight() == Weight::Error);
    conclude(if bad { Exit::Usage } else { Exit::Passed }, written)
}

/// Refuses to run cases that are statically known to be unjudgeable.
///
/// # Errors
/// If there is one among them, with what lint finds in it.
pub fn refuse_impossible<'c>(
    cases: impl Iterator<Item = &'c Case>,
    on_stderr: TerminalStyle,
) -> Result<(), Failure> {
    let mut said = Vec::new();
    let mut problems = Vec::new();
    for case in cases {
        let found = errors(case);
        // Writing to memory cannot fail.
        let _ = write(case, &found, on_stderr.color, &mut said);
        problems.extend(found);
    }
    let Some(see) = see(problems.iter()) else {
        return Ok(());
    };
    let (problems, s) = (problems.len(), if problems.len() == 1 { "" } else { "s" });
    Err(Failure {
        problems: String::from_utf8_lossy(&said).into_owned(),
        ..Failure::usage(format_args!(
            "{problems} problem{s} in the cases; nothing was run\n{see}"
        ))
    })
}

/// The command that explains the findings; `None` if there are none.
fn see<'f>(found: impl Iterator<Item = &'f Finding>) -> Option<String> {
    let codes: BTreeSet<Code> = found.map(|finding| finding.code).collect();
    let names: Vec<&str> = codes.into_iter().map(Code::name).collect();
    (!names.is_empty()).then(|| format!("see: repro explain {}", names.join(" ")))
}

/// Writes each finding with its place in the case file. If the file has changed since it was read, the place is approximate.
fn write(case: &Case, found: &[Finding], color: bool, out: &mut dyn Write) -> io::Result<()> {
    if found.is_empty() {
        return Ok(());
    }
    let file = case.folder.join("case.toml");
    let text: std::sync::Arc<str> = fs::read_to_string(&file).unwrap_or_default().into();
    for finding in found {
        let problem = Problem {
            file: file.clone(),
            text: text.clone(),
            span: locate(&text, &finding.at),
            message: finding.message.clone(),
            label: finding.label.clone(),
            hint: Some(finding.hint.clone()),
        };
        let is_error = finding.code.weight() == Weight::Error;
        let rendered = problem.render_coded(finding.code.name(), is_error, color);
        writeln!(out, "{rendered}")?;
        if !finding.witness.is_empty() {
            writeln!(out)?;
        }
        for line in &finding.witness {
            writeln!(out, "    {line}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}
