//! `repro lint`: finds mistakes in cases without running them.

use std::collections::BTreeSet;
use std::io::{self, Write};

use clap::{Args, ColorChoice};

use crate::discover::Suite;
use crate::lint::{Code, Finding, Weight, errors, lint as lint_case};
use crate::model::case::Case;
use crate::spec::{Places, Problem};
use crate::terminal::TerminalStyle;
use crate::terminal::text::counted;

use super::cases::CasesArgs;
use super::complete;
use super::exit::Exit;
use super::failure::{Failure, conclude};
use super::stdout::print;
use super::{cases, terminal_style};
use crate::read_file::{LARGEST_TEXT, read_text};

const AFTER_HELP: &str = "\
Errors are expectations that can never hold or never be judged: circular orders, contradictory expectations, a line that \
fits two labels. Warnings are expectations that say less than they seem to, for instance two behaviours that one trace shows.

Exit codes:
  0  there is no error
  2  there is an error, or a case file cannot be read

Examples:
  repro lint
  repro lint --cases my-cases
  # Check one case
  repro lint blocking-call
  # Explain a finding
  repro explain no-negative-control";

/// `repro lint`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct LintArgs {
    /// The cases to check: CASE, or a glob such as 'pool-*' [default: all]
    #[arg(value_name = "CASE", default_value = "all", hide_default_value = true, add = complete::programs())]
    pub names: Vec<String>,
    /// The cases.
    #[command(flatten)]
    pub cases: CasesArgs,
}

/// Lists the findings of each case.
///
/// # Errors
/// If a case cannot be read, or stdout cannot be written.
pub fn lint(args: &LintArgs, color: ColorChoice) -> Result<Exit, Failure> {
    let (suite, broken) = cases::suite_of(&args.cases, &args.names, color)?;
    let selected = cases::select(&suite, &args.names)?;
    let selected: BTreeSet<usize> = selected.iter().map(|selected| selected.case).collect();
    let checked = selected.into_iter().map(|at| &suite.cases[at]);
    let found: Vec<_> = checked.map(|case| (case, lint_case(case))).collect();
    let all = || found.iter().flat_map(|(_, findings)| findings);
    let colored = terminal_style::of_stdout(color).color;
    let written = print(|out| {
        for (case, findings) in &found {
            write(case, findings, colored, out)?;
        }
        let (cases, findings) = (
            counted(found.len(), "case"),
            counted(all().count(), "finding"),
        );
        writeln!(out, "{cases}, {findings}")?;
        let see = see(all());
        see.map_or(Ok(()), |see| writeln!(out, "{see}"))
    });
    let bad = all().any(|finding| finding.code.weight() == Weight::Error);
    conclude(if bad { Exit::Usage } else { broken }, written)
}

/// Refuses to run those of a suite's cases that are statically known to be unjudgeable: says what lint finds in them,
/// and returns their indices with the exit code that they lead to.
///
/// # Errors
/// If all of them are.
pub fn refuse_impossible(
    suite: &Suite,
    cases: &BTreeSet<usize>,
    on_stderr: TerminalStyle,
) -> Result<(BTreeSet<usize>, Exit), Failure> {
    let mut said = Vec::new();
    let mut problems = Vec::new();
    let mut refused = BTreeSet::new();
    for at in cases {
        let case = &suite.cases[*at];
        let found = errors(case);
        if !found.is_empty() {
            refused.insert(*at);
        }
        // Writing to memory cannot fail.
        let _ = write(case, &found, on_stderr.color, &mut said);
        problems.extend(found);
    }
    let Some(see) = see(problems.iter()) else {
        return Ok((refused, Exit::Passed));
    };
    let problems = counted(problems.len(), "problem");
    let none_left = refused.len() == cases.len();
    let what = if none_left {
        format!("{problems} in the cases; nothing was run")
    } else {
        let left_out = counted(refused.len(), "case");
        format!("{problems} in {left_out}, left out; the others go on")
    };
    let failure = Failure {
        problems: String::from_utf8_lossy(&said).into_owned(),
        ..Failure::usage(format_args!("{what}\n{see}"))
    };
    if none_left {
        Err(failure)
    } else {
        Ok((refused, failure.print()))
    }
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
    let text: std::sync::Arc<str> = read_text(&file, LARGEST_TEXT).unwrap_or_default().into();
    let places = Places::of(&text);
    for finding in found {
        let problem = Problem {
            file: file.clone(),
            text: text.clone(),
            span: places.at(&finding.at),
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
