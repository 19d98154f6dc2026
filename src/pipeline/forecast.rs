//! What is known of the trials before the first of them: how many, and how long they will take, from how long they took
//! the last time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use super::Repetition;
use super::durations::Durations;
use super::pace::Pacing;
use super::plan::Planned;
use super::trials;
use crate::model::case::Lane;

/// What is foretold of the trials of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forecast {
    /// How many there will be; `None` if they go on for as long as was said.
    pub trials: Option<u64>,
    /// How long they take; `None` if nothing is known of that.
    pub expected: Option<Duration>,
}

/// Foretells the trials of these programs, launched in this order.
pub fn forecast<'p>(
    programs: impl Iterator<Item = &'p Planned>,
    wanted: &Repetition,
    durations: &Durations,
    pacing: Pacing,
) -> Forecast {
    let conditions = 1 + u32::try_from(wanted.perturbed.len()).unwrap_or(u32::MAX - 1);
    if let Some(time) = wanted.lasting {
        return Forecast {
            trials: None,
            expected: Some(time.saturating_mul(conditions)),
        };
    }
    let expected = programs.map(|planned| Expected {
        trials: u64::from(trials::count(planned, wanted)) * u64::from(conditions),
        longest: durations.longest(planned),
        startup: trials::startup(planned),
        lane: planned.program.lane,
    });
    let expected: Vec<Expected> = expected.collect();
    Forecast {
        trials: Some(expected.iter().map(|program| program.trials).sum()),
        expected: estimate(&expected, pacing),
    }
}

/// The trials of one program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Expected {
    /// How many.
    trials: u64,
    /// How long the longest took the last time; `None` if it has never run.
    longest: Option<Duration>,
    /// The processor time that it is given to start.
    startup: Duration,
    /// Whether it runs beside others.
    lane: Lane,
}

/// How long it takes to run all of them in this order, launched as [`Pacing`] has it; `None` if none has ever run.
///
/// One that has never run is taken to last as long as the longest of those that have.
fn estimate(programs: &[Expected], pacing: Pacing) -> Option<Duration> {
    let longest = programs
        .iter()
        .filter_map(|program| program.longest)
        .max()?;
    let mut ends: BinaryHeap<Reverse<Duration>> = BinaryHeap::new();
    let (mut free_at, mut over) = (Duration::ZERO, Duration::ZERO);
    for program in programs {
        let lasts = program.longest.unwrap_or(longest);
        for _ in 0..program.trials {
            let alone = program.lane == Lane::Alone;
            while ends.len() >= if alone { 1 } else { pacing.places } {
                let Some(Reverse(end)) = ends.pop() else {
                    break;
                };
                free_at = free_at.max(end);
            }
            let end = free_at + lasts;
            over = over.max(end);
            if alone {
                free_at = end;
            } else {
                ends.push(Reverse(end));
                free_at += pacing.apart(program.startup);
            }
        }
    }
    Some(over)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn program(trials: u64, longest: Option<u32>, lane: Lane) -> Expected {
        Expected {
            trials,
            longest: longest.map(|seconds| seconds * SECOND),
            startup: SECOND,
            lane,
        }
    }

    #[test]
    fn launches_places_and_lanes_all_take_their_time() {
        let shared = |trials, longest| program(trials, longest, Lane::Shared);
        // A second of processor time on two cores: the next is launched a second later.
        let pacing = |places| Pacing {
            cores: 2,
            places,
            short_of: None,
        };
        for (programs, places, seconds) in [
            (vec![shared(1, Some(5))], 80, 5),
            (vec![shared(1, Some(5)), shared(1, Some(5))], 80, 6),
            (vec![shared(3, Some(5))], 80, 7),
            // One after another.
            (vec![shared(2, Some(5)), shared(1, Some(3))], 1, 13),
            (vec![shared(4, Some(5))], 2, 11),
            // Whoever has never run lasts as long as the longest.
            (vec![shared(1, None), shared(1, Some(5))], 80, 6),
            (
                vec![shared(1, Some(5)), program(2, Some(3), Lane::Alone)],
                80,
                11,
            ),
        ] {
            let expected = Some(seconds * SECOND);
            assert_eq!(
                estimate(&programs, pacing(places)),
                expected,
                "{programs:?}"
            );
        }
        assert_eq!(estimate(&[shared(3, None)], pacing(80)), None);
        assert_eq!(estimate(&[], pacing(80)), None);
    }
}
