//! How far each way's stamps are from the truth, and how often it inverts the order of two lines.

use super::generator::{Order, Truth};
use super::load::Load;
use super::ways::{Seen, Way};

const GAPS_NS: [(u64, usize, &str); 5] = [
    (0, 20_000, "none"),
    (1_000, 20_000, "1 us"),
    (10_000, 20_000, "10 us"),
    (100_000, 10_000, "100 us"),
    (1_000_000, 2_000, "1 ms"),
];
const LOADS: [usize; 3] = [0, 2, 8];
/// Enough for a way that is a thousand times off.
const FEW: usize = 2_000;

pub fn table(ways: &[Way]) {
    println!("### Accuracy\n");
    println!(
        "Error is stamp minus the generator's clock before the write; the write itself took so long at p99."
    );
    println!("Inverted: of neighbouring lines on different");
    println!(
        "streams, those whose stamps are in the wrong order. Undecided: those whose intervals overlap.\n"
    );
    println!(
        "| busy loops | gap | way | lines | error p50 | p99 | the write p99 | inverted | undecided | lost |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for burners in LOADS {
        for (gap_ns, count, gap) in GAPS_NS {
            for way in ways.iter().filter(|way| way.is_here()) {
                let count = if way.is_slow() { count.min(FEW) } else { count };
                let load = Load::of(burners);
                let (seen, truth) = way.run(&Order::Lines { count, gap_ns });
                drop(load);
                let cell = Cell::of(seen, &truth);
                println!(
                    "| {burners} | {gap} | {} | {count} | {} |",
                    way.name(),
                    cell.columns()
                );
            }
        }
    }
    println!();
}

/// Every interval must meet the generator's own.
pub fn intervals() {
    println!("### Intervals\n");
    println!(
        "A line is missed if its interval does not meet the time between the generator's two readings.\n"
    );
    println!("| busy loops | way | lines | missed | lost | inverted for certain |");
    println!("|---|---|---|---|---|---|");
    for burners in [0, 8] {
        for way in [Way::Stamped, Way::Piped] {
            let (mut lines, mut missed, mut lost, mut inverted) = (0, 0, 0, 0);
            for gap_ns in [0, 2_000] {
                let load = Load::of(burners);
                let (seen, truth) = way.run(&Order::Lines {
                    count: 500_000,
                    gap_ns,
                });
                drop(load);
                lines += truth.len();
                lost += truth.len() - seen.len();
                let outside = |seen: &&Seen| {
                    let (earliest, latest) = seen.bounds_ns.unwrap();
                    let truth = truth[seen.number];
                    latest < truth.before_ns || earliest > truth.after_ns
                };
                missed += seen.iter().filter(outside).count();
                inverted += Cell::of(seen, &truth).inverted;
            }
            println!(
                "| {burners} | {} | {lines} | {missed} | {lost} | {inverted} |",
                way.name()
            );
        }
    }
    println!();
}

struct Cell {
    p50_ns: i64,
    p99_ns: i64,
    /// How long the write itself took, the generator's two readings of the clock apart.
    write_p99_ns: i64,
    pairs: usize,
    inverted: usize,
    undecided: Option<usize>,
    lost: usize,
}

impl Cell {
    fn of(mut seen: Vec<Seen>, truth: &[Truth]) -> Cell {
        let mut errors: Vec<i64> = seen
            .iter()
            .map(|seen| (seen.at_ns - truth[seen.number].before_ns as i64).abs())
            .collect();
        errors.sort_unstable();
        let mut writes: Vec<i64> = truth
            .iter()
            .map(|line| (line.after_ns - line.before_ns) as i64)
            .collect();
        writes.sort_unstable();
        seen.sort_by_key(|seen| seen.number);
        let neighbours = seen.windows(2).filter(|pair| {
            pair[1].number == pair[0].number + 1
                && truth[pair[0].number].stream != truth[pair[1].number].stream
        });
        let (mut pairs, mut inverted, mut undecided) = (0, 0, 0);
        let mut has_bounds = false;
        for pair in neighbours {
            pairs += 1;
            match (pair[0].bounds_ns, pair[1].bounds_ns) {
                (Some(first), Some(second)) => {
                    has_bounds = true;
                    inverted += usize::from(second.1 < first.0);
                    undecided += usize::from(second.1 >= first.0 && first.1 > second.0);
                }
                _ => inverted += usize::from(pair[1].at_ns < pair[0].at_ns),
            }
        }
        Cell {
            p50_ns: quantile(&errors, 0.5),
            p99_ns: quantile(&errors, 0.99),
            write_p99_ns: quantile(&writes, 0.99),
            pairs,
            inverted,
            undecided: has_bounds.then_some(undecided),
            lost: truth.len() - seen.len(),
        }
    }

    fn columns(&self) -> String {
        let share = |count: usize| match count {
            0 => "0".into(),
            count => format!("{:.1} %", 100.0 * count as f64 / self.pairs as f64),
        };
        let undecided = self.undecided.map_or("-".into(), share);
        let [p50, p99, write] = [self.p50_ns, self.p99_ns, self.write_p99_ns].map(time);
        format!(
            "{p50} | {p99} | {write} | {} | {undecided} | {}",
            share(self.inverted),
            self.lost
        )
    }
}

fn quantile(sorted: &[i64], share: f64) -> i64 {
    let at = (sorted.len() as f64 * share) as usize;
    sorted.get(at).copied().unwrap_or(0)
}

fn time(ns: i64) -> String {
    match ns as f64 {
        ns if ns < 1e3 => format!("{ns:.0} ns"),
        ns if ns < 1e6 => format!("{:.1} us", ns / 1e3),
        ns => format!("{:.1} ms", ns / 1e6),
    }
}
