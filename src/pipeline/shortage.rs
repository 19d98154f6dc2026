//! Whether a program may have been killed because memory ran out. The kernel counts such kills, but does not say which
//! process was killed.

use crate::model::report::{ExitRow, Trial};
use crate::system::killed_for_memory;

/// Counts the processes that the kernel kills because memory runs out.
#[derive(Debug, Clone, Copy)]
pub struct OomKills {
    /// The count at the start; `None` where the kernel does not provide it.
    before: Option<u64>,
}

impl OomKills {
    /// Begins to count.
    #[must_use]
    pub fn watch() -> OomKills {
        OomKills {
            before: killed_for_memory(),
        }
    }

    /// `reason`, with the number of such kills if one of `trials` ended by SIGKILL.
    #[must_use]
    pub fn explain(self, reason: String, trials: &[Trial]) -> String {
        let is_killed = |trial: &Trial| trial.exit == ExitRow::Signal("SIGKILL".into());
        if !trials.iter().any(is_killed) {
            return reason;
        }
        told(reason, self.before, killed_for_memory())
    }
}

fn told(reason: String, before: Option<u64>, now: Option<u64>) -> String {
    match (before, now) {
        (Some(before), Some(now)) if now > before => {
            let processes = now - before;
            let plural = if processes == 1 { "" } else { "es" };
            format!(
                "{reason}; since the run began the kernel has killed {processes} process{plural} for want of memory"
            )
        }
        _ => reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_kernel_did_meanwhile_is_told() {
        let told = |before, now| told("killed".into(), before, now);
        for (before, now) in [
            (None, None),
            (Some(3), None),
            (None, Some(3)),
            (Some(3), Some(3)),
        ] {
            assert_eq!(told(before, now), "killed");
        }
        assert!(told(Some(3), Some(4)).ends_with("killed 1 process for want of memory"));
        assert!(told(Some(3), Some(5)).ends_with("killed 2 processes for want of memory"));
    }
}
