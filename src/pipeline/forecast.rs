//! How many trials there will be, and how long they will take, judging by the last time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use crate::model::case::Lane;

use super::durations::Durations;
use super::pace::Pacing;
use super::planned::Planned;
use super::request::RunRequest;

/// What is known about a run's trials in advance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forecast {
    /// How many there will be; `None` if they go on for a given time.
    pub trials: Option<u64>,
    /// How long they will take; `None` if no program has run before.
    pub expected: Option<Duration>,
}

/// The forecast for these programs, launched in this order.
pub fn forecast<'p>(
    programs: impl Iterator<Item = &'p Planned>,
    request: &RunRequest,
    durations: &Durations,
    pacing: Pacing,
) -> Forecast {
    let rounds = u32::try_from(request.rounds().len()).unwrap_or(u32::MAX);
    if let Some(time) = request.lasting {
        return Forecast {
            trials: None,
            expected: Some(time.saturating_mul(rounds)),
        };
    }
    let expected = programs.map(|planned| Expected {
        trials: u64::from(planned.trials) * u64::from(rounds),
        longest: durations.longest(planned),
        startup: planned.startup,
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
    /// Their number.
    trials: u64,
    /// The longest trial of the last run; `None` if the program has never run.
    longest: Option<Duration>,
    /// The processor time that the program needs to start.
    startup: Duration,
    /// Whether the program runs beside others.
    lane: Lane,
}

/// How long it takes to run all programs in this order with this pacing; `None` if none has ever run. A program that has
/// never run is assumed to take as long as the longest of the others.
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
                // The next need not wait for one that has ended.
                free_at += pacing.apart(program.startup).min(lasts);
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
            // None waits for one that has ended.
            (
                vec![Expected {
                    startup: 9 * SECOND,
                    ..shared(3, Some(2))
                }],
                80,
                6,
            ),
            // One after another.
            (vec![shared(2, Some(5)), shared(1, Some(3))], 1, 13),
            (vec![shared(4, Some(5))], 2, 11),
            // A program that has never run takes as long as the longest.
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
