//! Which shard of a run does how many trials of which program.
//!
//! Every shard finds this out for itself, so it follows from what all of them know alike: the plan, and the profile that
//! all of them were given. Nothing that one machine remembers counts.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::time::Duration;

/// A program is split if its trials take more than this part of what a shard takes on average: then all shards take
/// about as long, and most programs are built once.
const FINE: u32 = 16;

/// What a row of the plan takes of a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Its trials; none where there is nothing to run.
    pub trials: u64,
    /// How long after a trial of it another may be launched.
    pub apart: Duration,
    /// How long a trial lasts; zero where nobody knows.
    pub lasts: Duration,
    /// Whether nothing else runs meanwhile.
    pub is_alone: bool,
}

impl Load {
    /// What one trial takes of the time in which programs are launched.
    fn slot(&self) -> Duration {
        if self.is_alone {
            self.lasts.max(self.apart)
        } else {
            self.apart
        }
    }
}

/// The trials of each row by the index of the shard, from 1. A row without trials belongs to the first.
///
/// The longest rows come first, and each goes where it ends soonest by the forecast of that shard.
pub fn divide(rows: &[Load], total: u32) -> Vec<BTreeMap<u32, u64>> {
    let times = |time: Duration, n: u64| time.saturating_mul(u32::try_from(n).unwrap_or(u32::MAX));
    let all: Duration = rows.iter().map(|row| times(row.slot(), row.trials)).sum();
    let piece = all / total / FINE;
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|row| (rows[*row].is_alone, Reverse(rows[*row].lasts), *row));
    let mut shards = vec![Forecast::default(); total as usize];
    let mut shares = vec![BTreeMap::new(); rows.len()];
    for row in order {
        let load = &rows[row];
        if load.trials == 0 {
            shares[row].insert(1, 0);
        }
        for trials in pieces(load, piece) {
            let soonest = |shard: &usize| (shards[*shard].with(load, trials), *shard);
            let Some(best) = (0..shards.len()).min_by_key(soonest) else {
                continue;
            };
            shards[best] = shards[best].with(load, trials);
            let index = u32::try_from(best + 1).unwrap_or(u32::MAX);
            *shares[row].entry(index).or_default() += trials;
        }
    }
    shares
}

/// The trials of a row in pieces that take no longer than `piece`, but of a trial at least.
fn pieces(load: &Load, piece: Duration) -> impl Iterator<Item = u64> {
    let slot = load.slot().as_nanos();
    let fit = piece.as_nanos().checked_div(slot).unwrap_or(u128::MAX);
    let fit = u64::try_from(fit).unwrap_or(u64::MAX).max(1);
    let (trials, count) = (load.trials, load.trials.div_ceil(fit));
    (0..count).map(move |n| trials / count + u64::from(n < trials % count))
}

/// How long a shard takes so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Forecast {
    /// When all has ended.
    over: Duration,
    /// When the last was launched.
    launched: Duration,
    /// How many programs it builds and trials it runs: what counts between equals.
    trials: u64,
}

impl Forecast {
    fn with(self, load: &Load, trials: u64) -> Forecast {
        let times = u32::try_from(trials).unwrap_or(u32::MAX);
        let launched = self.launched.max(if load.is_alone {
            self.over
        } else {
            Duration::ZERO
        });
        let next = launched + load.slot().saturating_mul(times);
        let last_ends = next.saturating_sub(load.slot()) + load.lasts;
        Forecast {
            over: self.over.max(last_ends),
            launched: next,
            trials: self.trials + trials,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn load(trials: u64, apart_ms: u32, lasts_ms: u32) -> Load {
        Load {
            trials,
            apart: apart_ms * MS,
            lasts: lasts_ms * MS,
            is_alone: false,
        }
    }

    /// When the last shard has ended, and the least that any division takes.
    fn makespan(rows: &[Load], total: u32) -> (Duration, Duration) {
        let shares = divide(rows, total);
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by_key(|row| (rows[*row].is_alone, Reverse(rows[*row].lasts)));
        let ends = (1..=total).map(|index| {
            let mine = order
                .iter()
                .map(|row| (&rows[*row], shares[*row].get(&index)));
            let mine = mine.filter_map(|(load, trials)| Some((load, *trials?)));
            mine.fold(Forecast::default(), |so_far, (load, trials)| {
                so_far.with(load, trials)
            })
            .over
        });
        let longest = rows.iter().map(|row| row.lasts).max().unwrap_or_default();
        let all: Duration = rows
            .iter()
            .map(|row| row.slot() * u32::try_from(row.trials).unwrap())
            .sum();
        (ends.max().unwrap(), longest.max(all / total))
    }

    #[test]
    fn every_trial_has_one_shard_and_the_division_is_always_the_same() {
        let rows = [
            load(10_000, 4, 5),
            load(1, 80, 4000),
            load(0, 4, 0),
            load(7, 2, 0),
        ];
        for total in [1, 2, 7, 64] {
            let shares = divide(&rows, total);
            assert_eq!(shares, divide(&rows, total));
            for (row, shares) in rows.iter().zip(&shares) {
                assert_eq!(shares.values().sum::<u64>(), row.trials);
                assert!(shares.keys().all(|index| (1..=total).contains(index)));
            }
            assert_eq!(shares[2], BTreeMap::from([(1, 0)]));
        }
    }

    #[test]
    fn shards_end_together_within_a_twentieth_of_the_least_that_is_possible() {
        let many =
            |n: u32| (0..n).map(|i| load(1, [2, 70, 80][i as usize % 3], 50 + i * 37 % 4000));
        let many: Vec<Load> = many(400).collect();
        for (rows, total) in [
            (vec![load(10_000, 4, 5)], 16),
            (
                vec![load(1000, 2, 5), load(1000, 2, 5), load(1000, 2, 5)],
                16,
            ),
            (many.clone(), 2),
            (many, 4),
        ] {
            let (takes, least) = makespan(&rows, total);
            let limit = least + least / 20 + 160 * MS;
            assert!(takes <= limit, "{takes:?} of {least:?} in {total}");
        }
    }

    #[test]
    fn who_runs_alone_takes_its_whole_time_from_the_others() {
        let alone = |lasts_ms| Load {
            is_alone: true,
            ..load(1, 2, lasts_ms)
        };
        let rows = [alone(1000), load(100, 2, 10), alone(1000)];
        let shares = divide(&rows, 2);
        assert_ne!(shares[0], shares[2]);
    }
}
