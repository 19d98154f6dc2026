//! How often programs did what over many trials: a table a case, each condition apart.

use std::io::{self, Write};

use crate::judge::bound_of_none;
use crate::model::report::{OutcomeRow, ProgramResult, Statistics};
use crate::terminal::grid::{Column, Grid};
use crate::terminal::layout::note;
use crate::terminal::style::{TerminalStyle, Tone};
use crate::terminal::text::counted;

/// Orders that are listed of a program that stands alone.
const ORDERS: usize = 8;

/// The table of the programs that were run more than once; `None` if none was.
pub(super) fn table(results: &[&ProgramResult]) -> Option<Grid> {
    let all = || results.iter().flat_map(|r| &r.statistics);
    all().next()?;
    let perturbed = all().any(|statistics| statistics.perturbation.is_some());
    let mut columns = vec![Column::wrapping("program")];
    if perturbed {
        columns.push(Column::fixed("condition"));
    }
    columns.extend([
        Column::wrapping("showed"),
        Column::number("trials"),
        Column::number("share at 95 %"),
        Column::number("orders"),
    ]);
    let mut grid = Grid::new(columns);
    for result in results {
        for statistics in &result.statistics {
            for (place, outcome) in statistics.outcomes.iter().enumerate() {
                grid.push(row(result, statistics, outcome, place == 0, perturbed));
            }
        }
    }
    Some(grid)
}

fn row(
    result: &ProgramResult,
    statistics: &Statistics,
    outcome: &OutcomeRow,
    first: bool,
    perturbed: bool,
) -> Vec<(String, Tone)> {
    // A program is named once; its further rows belong to it.
    let once = |text: String| if first { text } else { String::new() };
    let mut cells = vec![once(result.program())];
    if perturbed {
        cells.push(once(condition(statistics).into()));
    }
    let shown = outcome.behaviour.clone();
    cells.push(shown.unwrap_or_else(|| "no behaviour".into()));
    cells.push(format!("{}/{}", outcome.count, statistics.told));
    cells.push(share(outcome, statistics.told));
    cells.push(once(statistics.distinct_orders.to_string()));
    cells.into_iter().map(|text| (text, Tone::Plain)).collect()
}

pub(super) fn condition(statistics: &Statistics) -> &str {
    statistics.perturbation.as_deref().unwrap_or("as it is")
}

/// `84-100 %`; what was never seen has a bound alone: `< 14 %`.
pub(super) fn share(outcome: &OutcomeRow, told: u64) -> String {
    let percent = |share: f64| {
        let percent = share * 100.0;
        if (0.05..9.95).contains(&percent) {
            format!("{percent:.1}")
        } else {
            format!("{percent:.0}")
        }
    };
    if told == 0 {
        "-".into()
    } else if outcome.count == 0 {
        format!("< {} %", percent(bound_of_none(told)))
    } else {
        format!("{}-{} %", percent(outcome.low), percent(outcome.high))
    }
}

/// The most frequent orders of a program, each with how often it came.
pub(super) fn orders(
    result: &ProgramResult,
    style: TerminalStyle,
    out: &mut dyn Write,
) -> io::Result<()> {
    for statistics in &result.statistics {
        let many = usize::try_from(statistics.distinct_orders).unwrap_or(usize::MAX);
        let several = result.statistics.len() > 1;
        let apart = if several {
            format!(", {}", condition(statistics))
        } else {
            String::new()
        };
        note(
            out,
            style,
            2,
            Tone::Quiet,
            &format!("{}{apart}", counted(many, "order")),
        )?;
        for order in statistics.orders.iter().take(ORDERS) {
            let shown = order.behaviour.as_deref().unwrap_or("no behaviour");
            let text = format!(
                "{}/{} {shown}: {}",
                order.count, statistics.told, order.order
            );
            note(out, style, 4, Tone::Plain, &text)?;
        }
        if many > ORDERS {
            writeln!(out, "    {} {} more", style.ellipsis(), many - ORDERS)?;
        }
    }
    Ok(())
}
