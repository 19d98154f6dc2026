//! Which trials explain a case: a pitfall and the remedy beside it.

use crate::model::named::named;
use crate::model::report::{ProgramResult, Report, Trial, by_case};
use crate::model::verdict::Verdict;

use super::layout::Timeline;
use super::scale::Scale;

/// Trials of one case on one scale.
#[derive(Debug, Clone)]
pub struct Figure<'r> {
    /// The case's name.
    pub case: &'r str,
    /// What the case shows, if the report says it.
    pub title: Option<&'r str>,
    /// From top to bottom; at least one.
    pub panels: Vec<Panel<'r>>,
    /// The scale of all of them.
    pub scale: Scale,
}

/// One trial of a figure.
#[derive(Debug, Clone)]
pub struct Panel<'r> {
    /// Its program.
    pub program: &'r ProgramResult,
    /// The trial.
    pub trial: &'r Trial,
    /// What it stands for.
    pub role: Role,
    /// The trial, laid out in time.
    pub timeline: Timeline,
}

named! {
    /// What a trial stands for in its case.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Role {
        /// It shows a pitfall.
        Pitfall = "pitfall",
        /// It shows another behaviour.
        Remedy = "remedy",
        /// It shows no behaviour.
        Neither = "",
    }
}

impl Role {
    /// What a behaviour stands for in a case: nothing, if the case has no pitfalls.
    #[must_use]
    pub fn of(report: &Report, case: &str, behaviour: Option<&str>) -> Role {
        match (behaviour, report.pitfalls.get(case)) {
            (Some(shown), Some(pitfalls)) if pitfalls.iter().any(|p| p == shown) => Role::Pitfall,
            (Some(_), Some(pitfalls)) if !pitfalls.is_empty() => Role::Remedy,
            _ => Role::Neither,
        }
    }
}

/// The pictures of a report: of each case the pitfall above, the remedy below, in the first language that has both.
#[must_use]
pub fn figures(report: &Report) -> Vec<Figure<'_>> {
    let cases = by_case(&report.results).into_values();
    cases.filter_map(|rows| figure(report, &rows)).collect()
}

/// The picture of some rows of one case: a pitfall above and a remedy below, in the first language that has both; else
/// what there is. `None` if nothing was kept of any trial.
#[must_use]
pub fn figure<'r>(report: &'r Report, rows: &[&'r ProgramResult]) -> Option<Figure<'r>> {
    let panels: Vec<Panel<'_>> = rows.iter().filter_map(|row| panel(report, row)).collect();
    let language = |panel: &Panel<'r>| panel.program.language.as_str();
    let first = |role: Role, of: Option<&str>| {
        let fits = |p: &&Panel<'r>| p.role == role && of.is_none_or(|of| of == language(p));
        let mut fitting = panels.iter().filter(fits);
        let good = |p: &&Panel<'r>| p.program.verdict == Verdict::Pass && !p.trial.spans.is_empty();
        fitting.clone().find(good).or_else(|| fitting.next())
    };
    let mut languages = panels.iter().map(language);
    let both = |of: &&str| [Role::Pitfall, Role::Remedy].map(|role| first(role, Some(of)));
    let of = languages.find(|of| both(of).iter().all(Option::is_some));
    let chosen = [Role::Pitfall, Role::Remedy].map(|role| first(role, of));
    let mut chosen: Vec<Panel<'_>> = chosen.into_iter().flatten().cloned().collect();
    if chosen.is_empty() {
        chosen.extend(panels.first().cloned());
    }
    let head = chosen.first()?.program;
    Some(Figure {
        case: &head.case,
        title: report.titles.get(&head.case).map(String::as_str),
        scale: Scale::of(chosen.iter().map(|panel| &panel.timeline)),
        panels: chosen,
    })
}

/// The first trial that shows what the row is expected to show, else the first whose events were kept.
fn panel<'r>(report: &'r Report, row: &'r ProgramResult) -> Option<Panel<'r>> {
    let mut trials = row.trials.iter().filter(|trial| trial.is_kept());
    let passes = |trial: &&Trial| trial.verdict == Verdict::Pass;
    let trial = trials.clone().find(passes).or_else(|| trials.next())?;
    Some(Panel::of(report, row, trial))
}

impl<'r> Panel<'r> {
    /// One trial of a row.
    #[must_use]
    pub fn of(report: &Report, program: &'r ProgramResult, trial: &'r Trial) -> Panel<'r> {
        Panel {
            program,
            trial,
            role: Role::of(report, &program.case, trial.behaviour.as_deref()),
            timeline: Timeline::of(trial),
        }
    }

    /// The behaviour that the trial shows, else its verdict.
    #[must_use]
    pub fn shown(&self) -> &'r str {
        let shown = self.trial.behaviour.as_deref();
        shown.unwrap_or_else(|| self.trial.verdict.name())
    }
}
