//! What the page begins with: what did not pass, and the cases at a glance.

use indexmap::IndexMap;

use super::super::explain::{Explanation, explain};
use super::super::rows::seen;
use super::markup::{class, lines, part};
use super::places::Places;
use crate::model::report::{ProgramResult, Report};
use crate::model::verdict::{Class, Verdict};
use crate::terminal::style::Tone;
use crate::terminal::text::visible;

/// Beyond so many programs the glance counts instead of naming them.
const NAMED: usize = 300;

/// The number of problems that are shown with what each behaviour lacks; the rest are listed without it.
const TOLD: usize = 100;

/// Rows that did not pass, and why.
pub(super) struct Problem {
    pub(super) verdict: &'static str,
    pub(super) tone: &'static str,
    /// The row, where it is one.
    pub(super) n: Option<usize>,
    pub(super) links: Vec<Link>,
    pub(super) toolchain: Option<String>,
    pub(super) reason: String,
    /// What the program wrote last, line by line; empty if that says nothing.
    pub(super) last: String,
    pub(super) lacks: Vec<LackView>,
    pub(super) command: Option<String>,
}

pub(super) struct Link {
    pub(super) id: String,
    pub(super) name: String,
}

pub(super) struct LackView {
    pub(super) title: String,
    pub(super) violations: Vec<ViolationView>,
    pub(super) more: usize,
}

pub(super) struct ViolationView {
    pub(super) expectation: String,
    pub(super) message: String,
}

pub(super) struct GlanceRow {
    pub(super) case: String,
    pub(super) cells: Vec<GlanceCell>,
}

#[derive(Default)]
pub(super) struct GlanceCell {
    pub(super) chips: Vec<Chip>,
    pub(super) counts: Vec<Count>,
}

pub(super) struct Chip {
    pub(super) n: usize,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) class: &'static str,
    pub(super) glyph: &'static str,
    pub(super) says: String,
}

pub(super) struct Count {
    pub(super) class: &'static str,
    pub(super) glyph: &'static str,
    pub(super) count: usize,
    pub(super) says: &'static str,
}

/// What did not pass, failures before what could not be run or told.
pub(super) fn problems(
    cases: &IndexMap<&str, Vec<&ProgramResult>>,
    places: &Places,
) -> Vec<Problem> {
    let mut problems: Vec<(Class, Problem)> = Vec::new();
    for (case, rows) in cases {
        let rows: Vec<&ProgramResult> = rows
            .iter()
            .copied()
            .filter(|row| row.verdict.class() != Class::Skipped)
            .collect();
        for explanation in explain(&rows) {
            let class = explanation.verdict.class();
            problems.push((class, problem(case, &explanation, &rows, places)));
        }
    }
    problems.sort_by_key(|(class, _)| *class);
    let told = problems.into_iter().enumerate();
    let told = told.map(|(place, (_, mut problem))| {
        if place >= TOLD {
            problem.lacks.clear();
            problem.last.clear();
        }
        problem
    });
    told.collect()
}

fn problem(case: &str, e: &Explanation<'_>, rows: &[&ProgramResult], places: &Places) -> Problem {
    let found = e.programs.iter().filter_map(|program| {
        let same = |row: &&&ProgramResult| {
            let on = e.toolchain.is_none() || e.toolchain == row.toolchain.as_deref();
            row.program() == *program && on && row.verdict == e.verdict
        };
        Some(places.get(rows.iter().find(same)?))
    });
    let found: Vec<(usize, String)> = found.collect();
    let links = found.iter().zip(&e.programs).map(|((_, id), name)| Link {
        id: id.clone(),
        name: visible(&format!("{case}/{name}")),
    });
    let lacks = e.lacks.iter().map(|lack| LackView {
        title: visible(&lack.title()),
        violations: lack
            .violations
            .iter()
            .map(|violation| ViolationView {
                expectation: visible(&violation.expectation),
                message: match violation.certain {
                    true => visible(&violation.message),
                    false => format!("cannot be told: {}", visible(&violation.message)),
                },
            })
            .collect(),
        more: lack.more,
    });
    Problem {
        verdict: e.verdict.name(),
        tone: class(Tone::of_verdict(e.verdict)),
        n: match found.as_slice() {
            [(n, _)] => Some(*n),
            _ => None,
        },
        links: links.collect(),
        toolchain: e.toolchain.map(visible),
        reason: lines(&e.reason),
        last: e.last.join("\n"),
        lacks: lacks.collect(),
        command: e.command.as_deref().map(visible),
    }
}

/// A row a case, a cell a language: its programs, each with what it showed.
pub(super) fn glance(
    report: &Report,
    cases: &IndexMap<&str, Vec<&ProgramResult>>,
    places: &Places,
    languages: &[String],
) -> Vec<GlanceRow> {
    let named = report.results.len() <= NAMED;
    let row = |(case, rows): (&&str, &Vec<&ProgramResult>)| {
        let cell = |language: &String| {
            let here = rows
                .iter()
                .filter(|row| visible(&row.language) == *language);
            let chips = here.map(|row| chip(report, row, places));
            if named {
                GlanceCell {
                    chips: chips.collect(),
                    counts: Vec::new(),
                }
            } else {
                GlanceCell {
                    chips: Vec::new(),
                    counts: counts(chips),
                }
            }
        };
        GlanceRow {
            case: visible(case),
            cells: languages.iter().map(cell).collect(),
        }
    };
    cases.iter().map(row).collect()
}

fn counts(chips: impl Iterator<Item = Chip>) -> Vec<Count> {
    let mut counts: IndexMap<&str, Count> = IndexMap::new();
    for chip in chips {
        let count = counts.entry(chip.glyph).or_insert(Count {
            class: chip.class,
            glyph: chip.glyph,
            count: 0,
            says: match chip.class {
                "pitfall" => "show a pitfall",
                "remedy" => "are free of it",
                "quiet" => "were not run",
                "good" => "passed",
                _ => "did not pass",
            },
        });
        count.count += 1;
    }
    counts.into_values().collect()
}

fn chip(report: &Report, row: &ProgramResult, places: &Places) -> Chip {
    let (n, id) = places.get(row);
    let shown = row.behaviours.keys().next().map(String::as_str);
    let (class, glyph) = match (row.verdict, part(report, &row.case, shown)) {
        (Verdict::Pass, "pitfall") => ("pitfall", "▲"),
        (Verdict::Pass, "remedy") => ("remedy", "●"),
        (Verdict::Pass, _) => ("good", "●"),
        (verdict, _) if !verdict.is_news() => ("quiet", "○"),
        (verdict, _) => (class(Tone::of_verdict(verdict)), "✕"),
    };
    let says = if row.verdict == Verdict::Pass {
        seen(row)
    } else {
        row.verdict.name().into()
    };
    Chip {
        n,
        id,
        name: visible(&row.variant),
        class,
        glyph,
        says: visible(&says),
    }
}
