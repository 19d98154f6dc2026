//! How often programs did what over many trials: a table a case, each condition apart.

use std::io;

use crate::judge::bound_of_none;
use crate::model::report::{OutcomeRow, ProgramResult, Statistics};
use crate::terminal::grid::{Column, Grid};
use crate::terminal::layout::Printer;
use crate::terminal::style::Tone;
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
                // A program is named once; its further rows belong to it.
                let once = |text: String| if place == 0 { text } else { String::new() };
                let mut row = vec![once(result.program())];
                row.extend(perturbed.then(|| once(condition(statistics).into())));
                row.extend([
                    shown(outcome.behaviour.as_deref()).into(),
                    format!("{}/{}", outcome.count, statistics.told),
                    share(outcome, statistics.told),
                    once(statistics.distinct_orders.to_string()),
                ]);
                grid.push_plain(row);
            }
        }
    }
    Some(grid)
}

/// A behaviour, or that there was none.
pub(super) fn shown(behaviour: Option<&str>) -> &str {
    behaviour.unwrap_or("no behaviour")
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
pub(super) fn orders(result: &ProgramResult, out: &mut Printer<'_>) -> io::Result<()> {
    for statistics in &result.statistics {
        let many = statistics.distinct_orders;
        let apart = match result.statistics.len() {
            0 | 1 => String::new(),
            _ => format!(", {}", condition(statistics)),
        };
        let heading = format!("{}{apart}", counted(many, "order"));
        out.note(2, Tone::Quiet, &heading)?;
        for order in statistics.orders.iter().take(ORDERS) {
            let (count, told) = (order.count, statistics.told);
            let shown = shown(order.behaviour.as_deref());
            let line = format!("{count}/{told} {shown}: {}", order.order);
            out.note(4, Tone::Plain, &line)?;
        }
        if many > ORDERS as u64 {
            writeln!(
                out,
                "    {} {} more",
                out.style.ellipsis(),
                many - ORDERS as u64
            )?;
        }
    }
    Ok(())
}
