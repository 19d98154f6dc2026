//! What the page begins with: what did not pass, and the cases at a glance.

use std::collections::HashMap;
use std::ptr;

use super::case::CaseSection;
use super::program::ProgramArticle;
use crate::formats::explain::{Explanation, explain};
use crate::model::report::ProgramResult;
use crate::model::verdict::Class;

/// The number of problems that are shown with what each behaviour lacks; the rest are listed without it.
const TOLD: usize = 100;

/// Programs that did not pass, and why.
pub(super) struct Problem<'p> {
    pub(super) why: Explanation<'p>,
    pub(super) programs: Vec<&'p ProgramArticle<'p>>,
}

/// What did not pass, failures before what could not be run or told.
pub(super) fn problems<'p>(cases: &'p [CaseSection<'p>]) -> Vec<Problem<'p>> {
    let of_case = |case: &'p CaseSection<'p>| {
        let rows = case.programs.iter().map(|program| program.row);
        let rows = rows.filter(|row| row.verdict.class() != Class::Skipped);
        let rows: Vec<&ProgramResult> = rows.collect();
        let articles = case.programs.iter();
        let articles = articles.map(|program| (ptr::from_ref(program.row), program));
        let articles: HashMap<*const ProgramResult, &ProgramArticle<'_>> = articles.collect();
        let article = move |row: &&ProgramResult| articles.get(&ptr::from_ref(*row)).copied();
        let problem = move |why: Explanation<'p>| Problem {
            programs: why.rows.iter().filter_map(&article).collect(),
            why,
        };
        explain(&rows).into_iter().map(problem)
    };
    let mut problems: Vec<Problem<'_>> = cases.iter().flat_map(of_case).collect();
    problems.sort_by_key(|problem| problem.why.verdict.class());
    for problem in problems.iter_mut().skip(TOLD) {
        problem.why.lacks.clear();
        problem.why.last.clear();
    }
    problems
}

/// What programs with a mark of this class have in common.
pub(super) fn many_say(class: &str) -> &'static str {
    match class {
        "pitfall" => "show a pitfall",
        "remedy" => "are free of it",
        "quiet" => "were not run",
        "good" => "passed",
        _ => "did not pass",
    }
}
