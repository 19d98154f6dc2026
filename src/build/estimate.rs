//! How long builds take, from how long they took the last time.

use std::time::Duration;

use super::plan::Plan;

/// A program to be built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Call<T> {
    /// How long the call took that built it the last time.
    took: Option<Duration>,
    /// What it is built with in one call; `None` if it has a call of its own.
    together: Option<T>,
}

/// How long it takes to build these, with as many compilers at once as there are cores; `None` if nothing is known of
/// any of them.
pub(super) fn expected(plans: &[&Plan<'_>], cores: usize) -> Option<Duration> {
    let calls = plans.iter().map(|plan| Call {
        took: plan.request.took,
        together: plan
            .way
            .alone()
            .is_none()
            .then_some(&plan.request.toolchain),
    });
    duration_of(&calls.collect::<Vec<_>>(), cores)
}

/// A call of which nothing is known is taken to last as long as the longest of those that are known.
fn duration_of<T: PartialEq>(calls: &[Call<T>], cores: usize) -> Option<Duration> {
    let longest = calls.iter().filter_map(|call| call.took).max()?;
    let mut free_at = vec![Duration::ZERO; cores.max(1)];
    for call in calls.iter().filter(|call| call.together.is_none()) {
        if let Some(next) = free_at.iter_mut().min() {
            *next += call.took.unwrap_or(longest);
        }
    }
    let mut over = free_at.into_iter().max().unwrap_or_default();
    let mut groups: Vec<(&T, Option<Duration>)> = Vec::new();
    for call in calls {
        let Some(with) = &call.together else { continue };
        match groups.iter_mut().find(|(known, _)| *known == with) {
            // One call builds them all, and was noted for each.
            Some((_, took)) => *took = (*took).max(call.took),
            None => groups.push((with, call.took)),
        }
    }
    for (_, took) in groups {
        over += took.unwrap_or(longest);
    }
    Some(over)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn single_files_share_the_cores_and_one_call_builds_what_is_built_together() {
        let call = |took: Option<u32>, together| Call {
            took: took.map(|seconds| seconds * SECOND),
            together,
        };
        let alone = |took| call(Some(took), None);
        let new = || call(None, None);
        for (calls, seconds) in [
            (vec![alone(3), alone(2)], 3),
            (vec![alone(3), alone(2), alone(2)], 4),
            // What is new takes as long as the longest.
            (vec![alone(3), new(), new()], 6),
            (
                vec![call(Some(9), Some("rust")), call(Some(8), Some("rust"))],
                9,
            ),
            (
                vec![
                    call(Some(9), Some("rust")),
                    call(None, Some("rust")),
                    alone(2),
                ],
                11,
            ),
            (
                vec![call(Some(9), Some("rust")), call(None, Some("java"))],
                18,
            ),
        ] {
            assert_eq!(duration_of(&calls, 2), Some(seconds * SECOND), "{calls:?}");
        }
        assert_eq!(duration_of(&[new(), call(None, Some("rust"))], 2), None);
        assert_eq!(duration_of::<&str>(&[], 2), None);
    }
}
