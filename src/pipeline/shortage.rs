//! Whether a program may have been killed for want of memory. The kernel counts whom it killed, and names nobody.

use std::fs;

use crate::model::report::{ExitRow, Trial};

/// Since when it is watched.
#[derive(Debug, Clone, Copy)]
pub struct Shortage {
    /// How many were killed before; `None` where the kernel does not tell.
    before: Option<u64>,
}

impl Shortage {
    /// From now on.
    #[must_use]
    pub fn watched() -> Shortage {
        Shortage { before: killed() }
    }

    /// `reason`, with what the kernel did meanwhile if one of `trials` was killed by somebody.
    #[must_use]
    pub fn explain(self, reason: String, trials: &[Trial]) -> String {
        let by_somebody = |trial: &Trial| trial.exit == ExitRow::Signal("SIGKILL".into());
        if !trials.iter().any(by_somebody) {
            return reason;
        }
        told(reason, self.before, killed())
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

/// In all groups of the machine, since it started.
fn killed() -> Option<u64> {
    let counts = fs::read_to_string("/proc/vmstat").ok()?;
    let mut counts = counts.lines().filter_map(|line| line.split_once(' '));
    let (_, count) = counts.find(|(name, _)| *name == "oom_kill")?;
    count.parse().ok()
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
