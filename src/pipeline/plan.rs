//! Which program runs on which toolchain, and the rows that are settled before anything runs.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::discover::{Selected, Suite};
use crate::model::case::{Case, Program};
use crate::model::report::ProgramResult;
use crate::model::toolchain::{Selector, Toolchain};
use crate::model::verdict::Verdict;
use crate::process::quoted;
use crate::toolchain::{self, Found, Surroundings};

/// A program and the toolchain it runs on.
#[derive(Debug, Clone)]
pub struct Planned {
    /// The case.
    pub case: Arc<Case>,
    /// The program.
    pub program: Arc<Program>,
    /// The toolchain.
    pub toolchain: Toolchain,
}

impl Planned {
    /// `blocking-call/python/listing`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}/{}", self.case.name, self.program.name())
    }

    /// Its row, for the parts that are known before it runs.
    #[must_use]
    pub fn row(&self, verdict: Verdict, reason: Option<String>) -> ProgramResult {
        row(
            &self.case,
            &self.program,
            Some(&self.toolchain),
            verdict,
            reason,
        )
    }
}

/// What is to run, and what cannot.
#[derive(Debug, Clone)]
pub struct Plan {
    /// A row a program and toolchain, in the order of the cases.
    pub rows: Vec<Row>,
    /// The toolchains found for the selected programs.
    pub toolchains: Vec<Toolchain>,
    /// What `--require` names and is not here: one sentence each.
    pub unmet: Vec<String>,
}

/// A row of the report to be.
#[derive(Debug, Clone)]
pub enum Row {
    /// It is to be built and run.
    Planned(Planned),
    /// There is nothing to run.
    Settled(Box<ProgramResult>),
}

impl Row {
    /// What is to be run, if anything is.
    #[must_use]
    pub fn planned(&self) -> Option<&Planned> {
        match self {
            Row::Planned(planned) => Some(planned),
            Row::Settled(_) => None,
        }
    }
}

impl Plan {
    /// Whether a program is run on several toolchains.
    #[must_use]
    pub fn has_several(&self) -> bool {
        let mut names = BTreeSet::new();
        let mut planned = self.rows.iter().filter_map(Row::planned);
        !planned.all(|planned| names.insert(planned.name()))
    }
}

/// Which toolchains programs are run on.
#[derive(Debug, Clone)]
pub enum Wanted {
    /// Those that these name, and the default one of each language that none of them names.
    Some(Vec<Selector>),
    /// Every one that can be found.
    All,
}

/// Finds a toolchain for each selected program.
#[must_use]
pub fn plan(
    suite: &Suite,
    selected: &[Selected],
    wanted: &Wanted,
    required: &[Selector],
    surroundings: &Surroundings,
) -> Plan {
    let cases: Vec<Arc<Case>> = suite.cases.iter().cloned().map(Arc::new).collect();
    let chosen = |s: &Selected| (&cases[s.case], &cases[s.case].programs[s.program]);
    let mut languages: Vec<&str> = Vec::new();
    let by_recipe = selected.iter().map(|s| chosen(s).1);
    let by_recipe = by_recipe.filter(|program| program.commands.is_none());
    let needed = by_recipe.map(|program| program.language.as_str());
    for language in needed.chain(required.iter().map(|r| r.language.as_str())) {
        if !languages.contains(&language) {
            languages.push(language);
        }
    }
    let found = match wanted {
        Wanted::Some(selectors) => toolchain::select(selectors, &languages, surroundings),
        Wanted::All => toolchain::select_all(&languages, surroundings),
    };
    let mut own: IndexMap<(&str, &str), Found> = IndexMap::new();
    let mut rows = Vec::new();
    for selected in selected {
        let (case, program) = chosen(selected);
        if let Some(commands) = &program.commands {
            let found = own
                .entry((&program.language, commands.tool()))
                .or_insert_with(|| {
                    toolchain::own(&program.language, commands.tool(), surroundings)
                });
            rows.push(settle(case, program, found));
            continue;
        }
        let here = found
            .iter()
            .filter(|found| found.language() == program.language);
        rows.extend(here.map(|found| settle(case, program, found)));
    }
    let used = found.iter().chain(own.values());
    let used = used.filter_map(Found::toolchain);
    let toolchains: Vec<Toolchain> = used.cloned().collect();
    let unmet = required.iter().filter_map(|r| unmet(r, &found)).collect();
    Plan {
        rows,
        toolchains,
        unmet,
    }
}

fn settle(case: &Arc<Case>, program: &Program, found: &Found) -> Row {
    let settled = |toolchain, verdict, reason: String| {
        Row::Settled(Box::new(row(
            case,
            program,
            toolchain,
            verdict,
            Some(reason),
        )))
    };
    match found {
        Found::Toolchain(toolchain) => {
            let platform = toolchain::platform(toolchain);
            if program.needs.allow(platform) {
                let here = program.on(platform);
                let (case, program) = (Arc::clone(case), Arc::new(here.clone()));
                return Row::Planned(Planned {
                    case,
                    program,
                    toolchain: toolchain.clone(),
                });
            }
            let range = program.needs.range(platform);
            let needs = range.map_or_else(|| program.needs.to_string(), |r| r.text.clone());
            let reason = format!("needs {needs}, this is {}", toolchain.name());
            settled(Some(toolchain), Verdict::Skipped, reason)
        }
        Found::Missing { hint, .. } => settled(None, Verdict::Missing, hint.clone()),
        Found::Broken { path, says, .. } => settled(
            None,
            Verdict::Broken,
            format!(
                "{} does not work: {says}\nask it by hand: {} {}",
                path.display(),
                quoted(path.as_os_str()),
                toolchain::version_flag(found.language()),
            ),
        ),
    }
}

fn unmet(required: &Selector, found: &[Found]) -> Option<String> {
    let here = || found.iter().filter_map(Found::toolchain);
    if here().any(|toolchain| toolchain::means(required, toolchain)) {
        return None;
    }
    let same = here().filter(|toolchain| toolchain.language == required.language);
    let have: Vec<String> = same.map(Toolchain::name).collect();
    let have = if have.is_empty() {
        "none is here".into()
    } else {
        format!("this is {}", have.join(", "))
    };
    Some(format!("{required} is required, and {have}"))
}

fn row(
    case: &Case,
    program: &Program,
    toolchain: Option<&Toolchain>,
    verdict: Verdict,
    reason: Option<String>,
) -> ProgramResult {
    let shows = program
        .shows
        .iter()
        .map(|(name, grade)| (name.clone(), grade.to_string()));
    ProgramResult {
        case: case.name.clone(),
        language: program.language.clone(),
        variant: program.variant.clone(),
        toolchain: toolchain.map(Toolchain::name),
        shows: shows.collect(),
        otherwise: program.otherwise.clone(),
        verdict,
        reason,
        behaviours: IndexMap::new(),
        statistics: Vec::new(),
        build_ms: None,
        trials: Vec::new(),
    }
}
