//! `repro toolchains`: what is installed here, and how its output is captured.

use std::sync::Arc;

use clap::{Args, ColorChoice};

use crate::capture_probe::CaptureProbes;
use crate::formats::ListFormat;
use crate::lists::{self, ToolchainFound, ToolchainStatus};
use crate::process::{SandboxRule, SandboxRules};
use crate::progress::{Listener, Silence};
use crate::toolchain::{self, Found, RECIPES, Surroundings, parallel};

use super::cases;
use super::exit::Exit;
use super::failure::Failure;
use super::flags::FormatArgs;
use super::signals::SignalRuntime;

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
    pub format: FormatArgs<ListFormat>,
    /// Whose `repro.toml` is heeded.
    #[command(flatten)]
    pub trust: cases::TrustArgs,
}

/// `repro toolchains`.
///
/// # Errors
/// If `repro.toml` is wrong, there is no folder to work in, or stdout cannot be written.
pub fn toolchains(args: &ToolchainsArgs, color: ColorChoice) -> Result<Exit, Failure> {
    let workplace = cases::workplace(&args.trust)?;
    let (surroundings, cache) = (&workplace.surroundings, &workplace.cache);
    let listener: Arc<dyn Listener> = Arc::new(Silence);
    let listening = SignalRuntime::start(&surroundings.stop, &listener)?;
    let probes = CaptureProbes::open(cache, surroundings, &surroundings.stop);
    let found: Vec<(Found, bool)> = RECIPES
        .iter()
        .flat_map(|recipe| of_language(recipe.language, surroundings))
        .collect();
    let rows = parallel::map(&found, parallel::cores(), |(found, default)| {
        row(found.clone(), *default, &probes)
    });
    if let Some(signal) = listening.first() {
        return Err(Failure::signal(signal));
    }
    let sandbox = SandboxRules::here();
    args.format.print(color, |to| {
        lists::toolchains(&rows, to)?;
        match to.format {
            ListFormat::Human | ListFormat::Markdown => {
                writeln!(to.out, "\n{}", sandbox_line(&sandbox))
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
        Found::Missing { hint, .. } => ToolchainFound {
            language,
            note: Some(hint),
            ..ToolchainFound::default()
        },
        Found::Broken { path, says, .. } => ToolchainFound {
            language,
            status: ToolchainStatus::Broken,
            path: Some(path),
            note: Some(says),
            ..ToolchainFound::default()
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
