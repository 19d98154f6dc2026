//! `repro lint`: what can be known of cases without running them.

use clap::ColorChoice;

use crate::lint::{Weight, lint as lint_case};

use super::args::LintArgs;
use super::exit::Exit;
use super::run::print;
use super::{cases, look};

/// Lists what is wrong with each case; nothing is run.
#[must_use]
pub fn lint(args: &LintArgs, color: ColorChoice) -> Exit {
    let linted = cases::workplace().and_then(|workplace| {
        let flag = args.cases.cases.as_ref();
        let suite = cases::load(flag, &workplace, look::of_stderr(color))?;
        let found: Vec<_> = suite
            .cases
            .iter()
            .map(|case| (case, lint_case(case)))
            .collect();
        let all = || found.iter().flat_map(|(_, findings)| findings);
        let written = print(|out| {
            for (case, findings) in &found {
                for finding in findings {
                    let weight = match finding.weight {
                        Weight::Error => "error",
                        Weight::Warning => "warning",
                    };
                    writeln!(out, "{weight}: {}: {finding}", case.name)?;
                    if let Some(expectation) = &finding.expectation {
                        writeln!(out, "    {expectation}")?;
                    }
                }
            }
            let (cases, findings) = (found.len(), all().count());
            writeln!(out, "{cases} cases, {findings} findings")
        });
        let bad = all().any(|finding| finding.weight == Weight::Error);
        Ok(if bad { Exit::Usage } else { Exit::Passed }.max(written))
    });
    linted.unwrap_or_else(|exit| exit)
}
