//! `repro toolchains`: what is installed here, and how its output is captured.

use clap::{Args, ColorChoice};

use crate::capture_probe::CaptureProbes;
use crate::formats::ListFormat;
use crate::lists::{self, ToolchainFound, ToolchainStatus};
use crate::process::{SandboxRule, SandboxRules, Stop};
use crate::toolchain::{self, Found, RECIPES, Surroundings, parallel};

use super::exit::Exit;
use super::failure::Failure;
use super::flags::ListFormatArgs;
use super::stdout::print;
use super::{cases, terminal_style};

const AFTER_HELP: &str = "\
The first toolchain of each language runs unless you choose another. The list also says how output is captured on each, \
and why.

Examples:
  repro toolchains
  repro run all --toolchain python@3.12 --toolchain deno
  repro run all --toolchains all";

/// `repro toolchains`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct ToolchainsArgs {
    /// The format of stdout.
    #[command(flatten)]
    pub format: ListFormatArgs,
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
        let format = args.format.choice;
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
