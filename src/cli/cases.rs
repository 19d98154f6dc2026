//! The cases that a command works on.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::{Args, ColorChoice};

use crate::authoring::known_languages;
use crate::build::Cache;
use crate::clock::Clock;
use crate::discover::{self, BrokenCase, DiscoverError, Selected, Suite, Trust};
use crate::process::quoted;
use crate::terminal::TerminalStyle;
use crate::terminal::text::counted;
use crate::toolchain::{RECIPES, Surroundings};
use crate::work_folder;

use super::exit::Exit;
use super::failure::{Failure, notice};
use super::terminal_style;

/// Where the cases come from.
#[derive(Debug, Args)]
pub struct CasesArgs {
    /// Take the cases from this folder alone, or `built-in` [default: the one in repro.toml, else ./cases; what those do not
    /// have is looked up among the built-in cases]
    #[arg(long, value_name = "DIR")]
    pub cases: Option<PathBuf>,
    /// Whose files are taken for one's own.
    #[command(flatten)]
    pub trust: TrustArgs,
}

/// Whose files are taken for one's own.
#[derive(Debug, Default, Args)]
pub struct TrustArgs {
    /// Use cases and a repro.toml in this folder though they belong to another user
    #[arg(long, value_name = "DIR")]
    pub trust: Vec<PathBuf>,
}

impl TrustArgs {
    /// The same, as those who read the files ask for it.
    ///
    /// # Errors
    /// If one of the folders is not there.
    pub fn trust(&self) -> Result<Trust, Failure> {
        let own = std::env::var("SUDO_UID")
            .ok()
            .and_then(|uid| uid.parse().ok());
        let master = own.filter(|_| rustix::process::geteuid().is_root());
        let trust = Trust::in_folders(&self.trust, master);
        trust.map_err(|problem| Failure::with_problems(&[problem], false))
    }
}

/// The environment that most commands work in.
pub struct Workplace {
    /// PATH and variables, as they were at the start.
    pub surroundings: Surroundings,
    /// Where builds and the built-in cases are kept.
    pub cache: Cache,
    trust: Trust,
}

/// The clock by which commands go: no other is named.
pub const CLOCK: Clock = Clock::Real;

/// PATH and variables as they are now, and the clock.
#[must_use]
pub fn surroundings() -> Surroundings {
    Surroundings::current(CLOCK)
}

/// Reads PATH, the variables and the nearest `repro.toml`, and opens the cache.
///
/// # Errors
/// If that file is wrong or somebody else's, or there is no folder to work in.
pub fn workplace(trust: &TrustArgs) -> Result<Workplace, Failure> {
    let mut surroundings = surroundings();
    let trust = trust.trust()?;
    surroundings.named = named_toolchains(&surroundings, &trust)?;
    let cache = Cache::open(&surroundings).map_err(Failure::environment)?;
    if let Some(warning) = &cache.warning {
        notice(format_args!("warning: {warning}"));
    }
    Ok(Workplace {
        surroundings,
        cache,
        trust,
    })
}

/// Names what runs that were killed, perhaps by a program of theirs, could not remove any more.
pub fn tell_of_killed_runs() {
    let left = work_folder::abandoned();
    let Some(first) = left.first() else { return };
    let first = quoted(first.as_os_str());
    let others = match left.len() - 1 {
        0 => String::new(),
        more => format!(" and {more} more like it"),
    };
    notice(format_args!(
        "warning: a run that was killed left {first}{others} behind: remove it with rm -r {first}"
    ));
}

/// The toolchains that the nearest `repro.toml` names.
fn named_toolchains(
    surroundings: &Surroundings,
    trust: &Trust,
) -> Result<Vec<(String, PathBuf)>, Failure> {
    let settings = discover::settings(&surroundings.folder, trust);
    let settings = settings.map_err(|problems| Failure::with_problems(&problems, false))?;
    let Some(settings) = settings else {
        return Ok(Vec::new());
    };
    let is_known = |name: &str| RECIPES.iter().any(|r| r.language == name || r.lists(name));
    let mut named = settings.toolchains.iter();
    if let Some((unknown, _)) = named.find(|(name, _)| !is_known(name)) {
        let file = settings.file.display();
        let known = known_languages();
        return Err(Failure::usage(format_args!(
            "{file} names a toolchain of `{unknown}`, which is not a language repro finds \
             toolchains of: those are {known}"
        )));
    }
    Ok(settings.toolchains)
}

/// Reads the cases. Those that are broken are set aside: see [`report_broken`].
///
/// # Errors
/// Everything that is wrong with them if none can be used.
pub fn load(
    flag: Option<&PathBuf>,
    workplace: &Workplace,
    style: TerminalStyle,
) -> Result<Suite, Failure> {
    let cwd = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    let origin = discover::suite_origin(flag.map(PathBuf::as_path), &cwd, &workplace.trust);
    let suite = origin.and_then(|origin| discover::cases(&origin, workplace.cache.folder()));
    let trusted = suite.and_then(|suite| suite.trusted_by(&workplace.trust));
    trusted.map_err(|problems| unusable(&problems, style))
}

/// Nothing that was asked for can be used.
fn unusable(problems: &[DiscoverError], style: TerminalStyle) -> Failure {
    let count = counted(problems.len(), "problem");
    Failure {
        messages: vec![format!("{count} in the cases; nothing was run")],
        ..Failure::with_problems(problems, style.color)
    }
}

/// Prints what is wrong with the broken cases that patterns name, and which of the others stand in the place of built-in
/// ones; the command goes on with them, and ends with the exit code returned, or a weightier one.
///
/// # Errors
/// If the patterns name broken cases alone.
pub fn report_broken(
    suite: &Suite,
    patterns: &[String],
    style: TerminalStyle,
) -> Result<Exit, Failure> {
    tell_of_replaced(suite, patterns);
    let broken: Vec<_> = suite.broken_named(patterns).collect();
    let none_left = discover::select(suite, patterns).is_ok_and(|selected| selected.is_empty());
    set_aside(&broken, none_left, style)
}

/// Says which of the cases that patterns name stand in the place of built-in ones.
fn tell_of_replaced(suite: &Suite, patterns: &[String]) {
    let selected = discover::select(suite, patterns).unwrap_or_default();
    let selected: BTreeSet<&str> = selected
        .iter()
        .map(|program| suite.cases[program.case].name.as_str())
        .collect();
    for name in &suite.replacing {
        if selected.contains(name.as_str()) {
            let from = &suite.from;
            notice(format_args!(
                "{name} is the one in {from}, not the built-in case of that name (`--cases built-in`)"
            ));
        }
    }
}

/// The same for given broken cases; `none_left` says whether nothing else was asked for.
///
/// # Errors
/// If there are some and nothing is left.
pub fn set_aside(
    broken: &[&BrokenCase],
    none_left: bool,
    style: TerminalStyle,
) -> Result<Exit, Failure> {
    let problems = broken.iter().flat_map(|case| case.errors.clone());
    let problems: Vec<DiscoverError> = problems.collect();
    if broken.is_empty() {
        return Ok(Exit::Passed);
    }
    if none_left {
        return Err(unusable(&problems, style));
    }
    let (count, left_out) = (
        counted(problems.len(), "problem"),
        counted(broken.len(), "case"),
    );
    let failure = Failure {
        messages: vec![format!("{count} in {left_out}, left out; the others go on")],
        ..Failure::with_problems(&problems, style.color)
    };
    Ok(failure.print())
}

/// Every case.
#[must_use]
pub fn all() -> Vec<String> {
    vec!["all".into()]
}

/// Reads the cases that a command line names, for commands that run nothing.
///
/// # Errors
/// As for [`workplace`] and [`load`].
pub fn suite(args: &CasesArgs, color: ColorChoice) -> Result<Suite, Failure> {
    let on_stderr = terminal_style::of_stderr(color);
    load(args.cases.as_ref(), &workplace(&args.trust)?, on_stderr)
}

/// The same, with what is wrong with the broken cases that patterns name, and the exit code that this leads to.
///
/// # Errors
/// As for [`suite`] and [`report_broken`].
pub fn suite_of(
    args: &CasesArgs,
    patterns: &[String],
    color: ColorChoice,
) -> Result<(Suite, Exit), Failure> {
    let suite = suite(args, color)?;
    let broken = report_broken(&suite, patterns, terminal_style::of_stderr(color))?;
    Ok((suite, broken))
}

/// The programs that patterns name.
///
/// # Errors
/// Every pattern that names nothing.
pub fn select(suite: &Suite, patterns: &[String]) -> Result<Vec<Selected>, Failure> {
    discover::select(suite, patterns).map_err(Failure::usage_each)
}
