//! Which program runs on which toolchain, and the rows that are settled before anything runs.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};

use crate::model::case::{Case, Program};
use crate::model::report::ProgramResult;
use crate::model::toolchain::{Selector, Toolchain};
use crate::model::verdict::Verdict;
use crate::process::{can_limit_cpus, quoted};
use crate::toolchain::{self, Found, Surroundings};

use super::part::Part;
use super::planned::Planned;
use super::request::{RunRequest, ToolchainChoice};

/// What runs, and what cannot.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What is wanted.
    pub request: RunRequest,
    /// A row for each program and toolchain, in the order of the cases.
    pub rows: Vec<Row>,
    /// The toolchains found for the selected programs.
    pub toolchains: Vec<Toolchain>,
    /// One sentence for each required toolchain that is absent.
    pub unmet: Vec<String>,
    /// Which part of a divided run this is; `None` for a whole one.
    pub part: Option<Part>,
}

/// A row of the report to be.
#[derive(Debug, Clone)]
pub enum Row {
    /// It is to be built and run.
    Planned(Planned),
    /// There is nothing to run.
    Settled(ProgramResult),
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

/// Finds a toolchain for each program that is wanted.
#[must_use]
pub fn plan(request: RunRequest, surroundings: &Surroundings) -> Plan {
    let cases = request.suite.cases.iter();
    let cases: Vec<Arc<Case>> = cases.cloned().map(Arc::new).collect();
    let wanted = request.programs.iter();
    let wanted = wanted.map(|s| (&cases[s.case], &cases[s.case].programs[s.program]));
    let found = find_toolchains(
        &request,
        wanted.clone().map(|(_, program)| program),
        surroundings,
    );
    let mut own: IndexMap<(&str, &str), Found> = IndexMap::new();
    let mut others = Others::new(&request, surroundings);
    let mut rows = Vec::new();
    for (case, program) in wanted {
        if let Some(commands) = &program.commands {
            let (language, tool) = (program.language.as_str(), commands.tool());
            let find = || toolchain::own(language, tool, surroundings);
            let found = own.entry((language, tool)).or_insert_with(find);
            rows.push(settle(&request, case, program, found));
            continue;
        }
        let found = found.iter();
        let of_language = found.filter(|found| found.language() == program.language);
        rows.extend(of_language.map(|found| {
            let found = others.in_place_of(found, program).unwrap_or(found);
            settle(&request, case, program, found)
        }));
    }
    let used = found.iter().chain(own.values()).chain(others.used());
    let used = used.filter_map(Found::toolchain);
    let required = request.required.iter();
    Plan {
        rows,
        toolchains: used.cloned().collect(),
        unmet: required.filter_map(|r| unmet(r, &found)).collect(),
        part: None,
        request,
    }
}

/// The toolchains of all languages that are required or have a program without commands of its own.
fn find_toolchains<'c>(
    request: &RunRequest,
    programs: impl Iterator<Item = &'c Program>,
    surroundings: &Surroundings,
) -> Vec<Found> {
    let by_recipe = programs.filter(|program| program.commands.is_none());
    let needed = by_recipe.map(|program| program.language.as_str());
    let required = request.required.iter().map(|r| r.language.as_str());
    let languages: IndexSet<&str> = needed.chain(required).collect();
    let languages: Vec<&str> = languages.into_iter().collect();
    match &request.toolchains {
        ToolchainChoice::Named(selectors) => toolchain::select(selectors, &languages, surroundings),
        ToolchainChoice::All => toolchain::select_all(&languages, surroundings),
    }
}

/// The toolchains that are here beside the default ones, for programs that need a newer one or an older one.
struct Others<'s> {
    request: &'s RunRequest,
    surroundings: &'s Surroundings,
    /// Those of each language, and whether each is used.
    known: IndexMap<String, Vec<(Found, bool)>>,
}

impl<'s> Others<'s> {
    fn new(request: &'s RunRequest, surroundings: &'s Surroundings) -> Others<'s> {
        Others {
            request,
            surroundings,
            known: IndexMap::new(),
        }
    }

    /// One that the program can run on, where it cannot run on the default that nobody chose.
    fn in_place_of(&mut self, default: &Found, program: &Program) -> Option<&Found> {
        let fits = |found: &Found| {
            let toolchain = found.toolchain();
            toolchain.is_some_and(|toolchain| program.needs.allow(toolchain::platform(toolchain)))
        };
        let language = &program.language;
        default.toolchain()?;
        if fits(default) || self.is_chosen(language) {
            return None;
        }
        let find = || {
            let all = toolchain::select_all(&[language], self.surroundings);
            all.into_iter().map(|found| (found, false)).collect()
        };
        let known = self.known.entry(language.clone()).or_insert_with(find);
        let (found, is_used) = known.iter_mut().find(|(found, _)| fits(found))?;
        *is_used = true;
        Some(found)
    }

    fn is_chosen(&self, language: &str) -> bool {
        match &self.request.toolchains {
            ToolchainChoice::Named(selectors) => selectors.iter().any(|s| s.language == language),
            ToolchainChoice::All => true,
        }
    }

    fn used(&self) -> impl Iterator<Item = &Found> {
        let all = self.known.values().flatten();
        all.filter(|(_, is_used)| *is_used).map(|(found, _)| found)
    }
}

fn settle(request: &RunRequest, case: &Arc<Case>, program: &Program, found: &Found) -> Row {
    let settled = |toolchain, verdict, reason: String| {
        let row = ProgramResult::new(case, program, toolchain, verdict, Some(reason));
        Row::Settled(row)
    };
    match found {
        Found::Toolchain(toolchain) => {
            let platform = toolchain::platform(toolchain);
            if program.needs.allow(platform) {
                let program = program.on(platform).clone();
                if program.cpus.is_some() && !can_limit_cpus() {
                    let reason = "it limits its processors, which this backend cannot";
                    return settled(Some(toolchain), Verdict::Skipped, reason.into());
                }
                return Row::Planned(Planned::new(request, case, program, toolchain));
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
