//! Which expectations bite: what became of broken traces.

use std::io::{self, Write};

use indexmap::{IndexMap, IndexSet};

use super::writer::ListWriter;
use crate::formats::escape::markdown as escape;
use crate::formats::{ListFormat, tables};
use crate::mutants::{Bite, CaseMutants, Counts, Mutants, Operator, Survivor};
use crate::terminal::grid::{Column, Grid};
use crate::terminal::layout::Printer;
use crate::terminal::style::Tone;
use crate::terminal::text::counted;

/// Writes what became of broken traces.
///
/// # Errors
/// Those of the writer.
pub fn mutants(found: &Mutants, to: &mut ListWriter<'_>) -> io::Result<()> {
    match to.format {
        ListFormat::Json | ListFormat::Csv => to.table(&everything(found), found),
        ListFormat::Human => {
            let out = &mut to.printer();
            found.cases.iter().try_for_each(|case| human(case, out))?;
            out.note(0, Tone::Strong, &summary(found))
        }
        ListFormat::Markdown => markdown(found, to.out),
    }
}

fn markdown(found: &Mutants, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "**{}**\n", escape(&summary(found)))?;
    for case in &found.cases {
        writeln!(out, "### {}\n", escape(&case.case))?;
        for grid in [programs(case), operators(case)] {
            tables::markdown(&grid, out)?;
            writeln!(out)?;
        }
        for (head, _, body) in remarks(case) {
            writeln!(out, "- {}", escape(&format!("{head}: {body}")))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn human(case: &CaseMutants, out: &mut Printer<'_>) -> io::Result<()> {
    out.heading(&case.case, Some(&case.title))?;
    programs(case).human(2, out)?;
    writeln!(out)?;
    operators(case).human(2, out)?;
    writeln!(out)?;
    let remarks = remarks(case);
    for (head, tone, body) in &remarks {
        out.hang((2, 14), (head, *tone), body)?;
    }
    if !remarks.is_empty() {
        writeln!(out)?;
    }
    Ok(())
}

fn counts(head: Vec<(String, Tone)>, counts: &Counts) -> Vec<(String, Tone)> {
    let survived = if counts.survived == 0 {
        Tone::Plain
    } else {
        Tone::Doubt
    };
    let cells = [
        (counts.mutants.to_string(), Tone::Plain),
        (counts.caught.to_string(), Tone::Plain),
        (counts.same().to_string(), Tone::Quiet),
        (counts.survived.to_string(), survived),
        (share(counts), survived),
    ];
    head.into_iter().chain(cells).collect()
}

/// Only all is 100 %.
fn share(counts: &Counts) -> String {
    let share = counts.share();
    let shown = if counts.survived == 0 {
        share
    } else {
        share.min(99.9)
    };
    format!("{shown:.1} %")
}

fn columns(first: &[&'static str]) -> Vec<Column> {
    let heads = first.iter().map(|name| Column::fixed(*name));
    let numbers = ["mutants", "caught", "equivalent", "survived", "share"];
    heads.chain(numbers.map(Column::number)).collect()
}

fn programs(case: &CaseMutants) -> Grid {
    let mut grid = Grid::new(columns(&["program"]));
    for program in &case.programs {
        let head = vec![(program.program.clone(), Tone::Strong)];
        grid.push(counts(head, &program.total));
    }
    grid
}

fn operators(case: &CaseMutants) -> Grid {
    let mut grid = Grid::new(columns(&["broken by"]));
    for operator in Operator::ALL {
        if let Some(found) = case.operators.get(&operator) {
            grid.push(counts(vec![(operator.name().into(), Tone::Plain)], found));
        }
    }
    grid.push(counts(vec![("all".into(), Tone::Strong)], &case.total));
    grid
}

/// What the author may want to fix: a head, its tone, and a sentence.
fn remarks(case: &CaseMutants) -> Vec<(&'static str, Tone, String)> {
    let idle = case.expectations.iter().filter(|bite| bite.alone == 0);
    let idle = idle.map(|bite| match &bite.why {
        Some(why) => ("stays", Tone::Quiet, format!("{}: {why}", name(bite))),
        None => (
            "no mutants",
            Tone::Bad,
            format!("{}: {}", name(bite), reason(bite)),
        ),
    });
    let survivors = alike(&case.survivors);
    let survivors = survivors
        .into_iter()
        .map(|text| ("survived", Tone::Doubt, text));
    let ambiguous = alike(&case.ambiguous);
    let ambiguous = ambiguous.into_iter().map(|text| {
        let message = format!("{text}: what is left shows another behaviour too");
        ("ambiguous", Tone::Bad, message)
    });
    let untried = case.untried.iter();
    let untried = untried.map(|name| {
        let message = format!("{name}: no trace shows it");
        ("not tried", Tone::Quiet, message)
    });
    let left_out = case.left_out.iter();
    let left_out = left_out.map(|one| {
        let message = format!("{}: {}", one.trace, one.why);
        ("left out", Tone::Doubt, message)
    });
    idle.chain(ambiguous)
        .chain(survivors)
        .chain(untried)
        .chain(left_out)
        .collect()
}

/// Survivors of one behaviour and operator.
#[derive(Default)]
struct SurvivorGroup<'s> {
    on: IndexSet<String>,
    programs: IndexSet<&'s str>,
}

/// `held-up: late slow.start, slow.done (5 programs)`: all of one operator and behaviour together, without ranks.
fn alike(all: &[Survivor]) -> Vec<String> {
    let mut groups: IndexMap<(&str, Operator), SurvivorGroup> = IndexMap::new();
    for one in all {
        let group = groups.entry((&one.behaviour, one.operator)).or_default();
        group.on.insert(without_ranks(&one.on));
        group
            .programs
            .extend(one.programs.iter().map(String::as_str));
    }
    let line = |((behaviour, operator), group): ((&str, Operator), SurvivorGroup)| {
        let programs = match group.programs.first() {
            Some(program) if group.programs.len() == 1 => (*program).to_string(),
            _ => format!("{} programs", group.programs.len()),
        };
        let on: Vec<String> = group.on.into_iter().collect();
        format!(
            "{behaviour}: {} {} ({programs})",
            operator.name(),
            on.join(", ")
        )
    };
    groups.into_iter().map(line).collect()
}

/// `start[2]` becomes `start`: the rank does not help to fix an expectation.
fn without_ranks(text: &str) -> String {
    let mut parts = text.split('[');
    let first = parts.next().unwrap_or_default().to_string();
    parts.fold(first, |text, part| {
        text + part.split_once(']').map_or(part, |(_, rest)| rest)
    })
}

fn name(bite: &Bite) -> String {
    let owner = bite.behaviour.iter().chain(&bite.program).next();
    format!("{}: {}", owner.map_or("", String::as_str), bite.expectation)
}

fn reason(bite: &Bite) -> String {
    match (&bite.never_without, bite.caught) {
        (_, 0) => "nothing broke it".into(),
        (Some(other), n) => format!("broken {}, never without `{other}`", times(n)),
        (None, n) => format!("broken {}, each time with something else", times(n)),
    }
}

fn times(n: u64) -> String {
    match n {
        1 => "once".into(),
        n => format!("{n} times"),
    }
}

fn summary(found: &Mutants) -> String {
    let sum = |of: fn(&Counts) -> u64| found.cases.iter().map(|c| of(&c.total)).sum();
    let all = Counts {
        mutants: sum(|c| c.mutants),
        caught: sum(|c| c.caught),
        survived: sum(|c| c.survived),
        ..Counts::default()
    };
    let bites = || found.cases.iter().flat_map(|case| &case.expectations);
    let tried = bites().count();
    let idle = bites().filter(|bite| bite.is_idle()).count();
    let stays = bites().filter(|bite| bite.alone == 0 && bite.why.is_some());
    let stays = stays.count();
    let same = all.mutants - all.caught - all.survived;
    let mutants = counted(all.mutants, "mutant");
    let (caught, survived) = (all.caught, all.survived);
    let share = share(&all);
    let bite = tried - idle - stays;
    let expectations = counted(tried, "expectation");
    format!(
        "{mutants}: {caught} caught, {same} equivalent, {survived} survived: {share} of those that matter are caught; \
         {expectations}: {bite} caught a mutant that nothing else did, {stays} stay for the reason they give, {idle} have no \
         mutants"
    )
}

/// A row a case, program and operator.
fn everything(found: &Mutants) -> Grid {
    let mut grid = Grid::new(columns(&["case", "program", "operator"]));
    for case in &found.cases {
        for program in &case.programs {
            for (operator, found) in &program.operators {
                let head = [case.case.as_str(), &program.program, operator.name()];
                let head = head.map(|text| (text.to_string(), Tone::Plain));
                grid.push(counts(head.into(), found));
            }
        }
    }
    grid
}
