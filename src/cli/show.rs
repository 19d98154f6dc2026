//! `repro list`, `show`, `claims` and `toolchains`: what there is, without running a program.

use clap::ColorChoice;

use crate::capture_probe::CaptureProbes;
use crate::discover::Suite;
use crate::formats::ListFormat;
use crate::lists::{self, ToolchainFound, ToolchainStatus};
use crate::process::{SandboxRule, SandboxRules, Stop};
use crate::toolchain::{self, Found, RECIPES, Surroundings, parallel};

use super::args::{CasesArgs, ListArgs, ShowArgs, ToolchainsArgs};
use super::cases;
use super::exit::Exit;
use super::failure::Failure;
use super::stdout::print;
use super::terminal_style;

/// `repro list`.
///
/// # Errors
/// If a case cannot be read, or stdout cannot be written.
pub fn list(args: &ListArgs, color: ColorChoice) -> Result<Exit, Failure> {
    let suite = suite(&args.cases, color)?;
    let style = terminal_style::of_stdout(color);
    print(|out| lists::list(&suite.cases, args.format, &style, out))?;
    Ok(Exit::Passed)
}

/// `repro claims`.
///
/// # Errors
/// If a case cannot be read, or stdout cannot be written.
pub fn claims(args: &ListArgs, color: ColorChoice) -> Result<Exit, Failure> {
    let suite = suite(&args.cases, color)?;
    let style = terminal_style::of_stdout(color);
    print(|out| lists::list_claims(&suite.cases, args.format, &style, out))?;
    Ok(Exit::Passed)
}

/// `repro show`.
///
/// # Errors
/// If a case cannot be read or is unknown, or stdout cannot be written.
pub fn show(args: &ShowArgs, color: ColorChoice) -> Result<Exit, Failure> {
    if args.timeline {
        return super::timeline::timeline(args, color);
    }
    let suite = suite(&args.cases, color)?;
    let style = terminal_style::of_stdout(color);
    let selected = cases::select(&suite, &args.names)?;
    let mut wanted: Vec<usize> = selected.iter().map(|s| s.case).collect();
    wanted.dedup();
    print(|out| {
        for (place, case) in wanted.into_iter().enumerate() {
            if place > 0 {
                writeln!(out)?;
            }
            lists::show(&suite.cases[case], &style, &mut *out)?;
        }
        Ok(())
    })?;
    Ok(Exit::Passed)
}

/// `repro toolchains`.
///
/// # Errors
/// If `repro.toml` is wrong, there is no folder to work in, or stdout cannot be written.
pub fn toolchains(args: &ToolchainsArgs, color: ColorChoice) -> Result<Exit, Failure> {
    let workplace = cases::workplace()?;
    let cases::Workplace {
        surroundings,
        cache,
    } = &workplace;
    let stop = Stop::default();
    let probes = CaptureProbes::open(cache, surroundings, &stop);
    let found: Vec<(Found, bool)> = RECIPES
        .iter()
        .flat_map(|recipe| of_language(recipe.language, surroundings))
        .collect();
    let rows = parallel::map(&found, parallel::cores(), |(found, default)| {
        row(found.clone(), *default, &probes)
    });
    let style = terminal_style::of_stdout(color);
    let sandbox = SandboxRules::here();
    print(|out| {
        let format = args.format;
        lists::toolchains(&rows, format, &style, &mut *out)?;
        match format {
            ListFormat::Human | ListFormat::Markdown => {
                writeln!(out, "\n{}", sandbox_line(&sandbox))
            }
            ListFormat::Json | ListFormat::Csv => Ok(()),
        }
    })?;
    Ok(Exit::Passed)
}

fn suite(args: &CasesArgs, color: ColorChoice) -> Result<Suite, Failure> {
    let on_stderr = terminal_style::of_stderr(color);
    cases::load(args.cases.as_ref(), &cases::workplace()?, on_stderr)
}

/// The default toolchain of a language, or why there is none, and then all others.
fn of_language(language: &str, surroundings: &Surroundings) -> Vec<(Found, bool)> {
    let default = toolchain::default_for(language, surroundings);
    let mut others = toolchain::all(language, surroundings);
    others.retain(|found| *found != default);
    let others = others.into_iter().map(|found| (found, false));
    std::iter::once((default, true)).chain(others).collect()
}

fn row(found: Found, default: bool, probes: &CaptureProbes<'_>) -> ToolchainFound {
    let language = found.language().to_string();
    match found {
        Found::Toolchain(toolchain) => {
            let choice = probes.choose(&toolchain);
            let version = toolchain.version.map(|version| version.to_string());
            ToolchainFound {
                language,
                default,
                status: ToolchainStatus::Found,
                implementation: Some(toolchain.implementation),
                version: Some(version.unwrap_or_else(|| "unknown".into())),
                path: Some(toolchain.path),
                capture: Some(choice.way.name().into()),
                capture_reason: Some(choice.reason),
                note: None,
            }
        }
        Found::Missing { hint, .. } => empty(language, ToolchainStatus::Missing, hint),
        Found::Broken { path, says, .. } => ToolchainFound {
            path: Some(path),
            ..empty(language, ToolchainStatus::Broken, says)
        },
    }
}

/// One line on the walls that `--sandbox` can put up here.
fn sandbox_line(sandbox: &SandboxRules) -> String {
    let names = |sandbox: &[SandboxRule]| {
        let names: Vec<&str> = sandbox.iter().map(|rule| rule.name()).collect();
        names.join(", ")
    };
    match (sandbox.rules.as_slice(), sandbox.missing().as_slice()) {
        ([], _) => "sandbox: not on this kernel".into(),
        (here, []) => format!("sandbox: {}", names(here)),
        (here, missing) => format!("sandbox: {}; not {}", names(here), names(missing)),
    }
}

fn empty(language: String, status: ToolchainStatus, note: String) -> ToolchainFound {
    ToolchainFound {
        language,
        default: false,
        status,
        implementation: None,
        version: None,
        path: None,
        capture: None,
        capture_reason: None,
        note: Some(note),
    }
}
