//! How late a program can have been, and what that leaves open. Nothing else in the judge reads these conditions of a trial.
//!
//! `docs/judging.md` has the argument. In short: up to the case's margin no delay changes what a program does, so events can
//! only have moved; beyond it, the program may have done something else.

use super::failure::Excuse;
use crate::model::conditions::{Conditions, Delay, DelayCause};
use crate::model::interval::Interval;

/// The delay that changes nothing a program does, where the case states none: what any machine that has other things to do
/// shows.
const USUAL_MARGIN_NS: u64 = 50_000_000;

/// How exactly delays are measured. Less than this is taken for none, and any other may have been longer by this much.
const EXACTNESS_NS: u64 = 5_000_000;

/// The looks at a program stand no further apart than this: a sum of waits since the first event may hold those of so long
/// before it.
const BETWEEN_LOOKS_NS: u64 = 200_000_000;

/// The delays of one trial: where they acted, and how much of one the case's programs stand.
#[derive(Debug, Clone)]
pub struct Lateness {
    /// What can have moved events against each other; `None` if it is unknown.
    under_way: Option<Vec<Delay>>,
    /// The most that moved all events alike, against the spawn; nanoseconds.
    before_ns: u64,
    margin_ns: u64,
    /// Whether the case states its margin, so that no delay up to it changes which of two events comes first.
    keeps_order: bool,
    may_print_after_exit: bool,
    canary_delay_ns: u64,
    /// Instants after which nothing can have been due any sooner than what stands beside them; both rise. Nanoseconds.
    floors: Vec<(u64, u64)>,
}

impl Lateness {
    /// Of a trial whose first event came at `first_ns`, and of a case with this margin.
    #[must_use]
    pub fn new(conditions: &Conditions, first_ns: u64, margin_ns: Option<u64>) -> Lateness {
        let delays = delays(conditions, first_ns);
        let is_before = |delay: &&Delay| delay.until_ns <= first_ns;
        let before = delays.iter().flatten().filter(is_before);
        let before_ns = before.map(|delay| delay.most_ns).sum();
        let under_way = delays.map(|mut delays| {
            delays.retain(|delay| !is_before(&delay));
            delays
        });
        Lateness {
            floors: floors(under_way.as_deref().unwrap_or_default()),
            under_way,
            before_ns,
            margin_ns: margin_ns.unwrap_or(USUAL_MARGIN_NS),
            keeps_order: margin_ns.is_some(),
            may_print_after_exit: may_print_after_exit(conditions),
            canary_delay_ns: conditions.canary_delay_ns.unwrap_or(0),
        }
    }

    /// What leaves open whatever a delay can change of a program that ended, or was ended, at `end_ns`: it may have made
    /// another choice.
    #[must_use]
    pub fn of_choices(&self, end_ns: u64) -> Option<Excuse> {
        self.beyond_margin(end_ns, 0)
    }

    /// The same for an end by the time limit, which counts from the spawn.
    #[must_use]
    pub fn of_time_limit(&self, end_ns: u64) -> Option<Excuse> {
        self.beyond_margin(end_ns, self.before_ns)
    }

    fn beyond_margin(&self, end_ns: u64, before_ns: u64) -> Option<Excuse> {
        let Some(delays) = &self.under_way else {
            return Some(Excuse::Unmeasured);
        };
        let late_ns = before_ns.saturating_add(sum(delays, end_ns));
        (late_ns > self.margin_ns).then(|| self.cause())
    }

    /// Whether a delay within the margin leaves every order as it is that the case looks at: its author says so.
    #[must_use]
    pub fn keeps_order(&self) -> bool {
        self.keeps_order
    }

    /// What can have moved the events of a program that ended at `end_ns`, if anything can.
    #[must_use]
    pub fn of_moves(&self, end_ns: u64) -> Option<Excuse> {
        let late_ns = self.late_ns(end_ns).max(self.before_ns);
        (late_ns > EXACTNESS_NS).then(|| self.cause())
    }

    /// When an event that was stamped `at` would have happened without delay. Of what is later, neither end is earlier.
    #[must_use]
    pub fn moved(&self, at: Interval) -> Interval {
        let delays = self.under_way.as_deref().unwrap_or_default();
        let passed = self.floors.partition_point(|(ns, _)| *ns <= at.earliest_ns);
        let floor = passed.checked_sub(1).map_or(0, |last| self.floors[last].1);
        Interval {
            earliest_ns: due(delays, at.earliest_ns).max(floor),
            ..at
        }
    }

    /// When the spawn would have been, had all events been as late against it as they were against each other.
    #[must_use]
    pub fn moved_spawn(&self, at: Interval) -> Interval {
        Interval {
            latest_ns: at.latest_ns.saturating_add(self.before_ns),
            ..at
        }
    }

    /// How late a thread that only wakes up was, nanoseconds; 0 if that is not known.
    #[must_use]
    pub fn canary_delay_ns(&self) -> u64 {
        self.canary_delay_ns
    }

    /// Whether a process that outlives the program may have written after its exit.
    #[must_use]
    pub fn may_print_after_exit(&self) -> bool {
        self.may_print_after_exit
    }

    /// All delay that can have acted up to `until_ns`, also before the first event; nanoseconds.
    #[must_use]
    pub fn all_ns(&self, until_ns: u64) -> u64 {
        self.before_ns.saturating_add(self.late_ns(until_ns))
    }

    fn late_ns(&self, until_ns: u64) -> u64 {
        let delays = self.under_way.as_deref();
        delays.map_or(0, |delays| sum(delays, until_ns))
    }

    /// The cause that has the greatest part in the delay, and its part.
    fn cause(&self) -> Excuse {
        let part = |cause: DelayCause| {
            let delays = self.under_way.iter().flatten();
            let own = delays.filter(|delay| delay.cause == cause);
            own.map(|delay| delay.most_ns).sum::<u64>()
        };
        let waited_ns = part(DelayCause::CpuWait) + self.before_ns;
        let (stopped_ns, timers_ns) = (part(DelayCause::Stopped), part(DelayCause::LateTimer));
        if stopped_ns > waited_ns.max(timers_ns) {
            Excuse::Stopped(stopped_ns)
        } else if timers_ns > waited_ns {
            Excuse::LateMachine(timers_ns)
        } else {
            Excuse::Starved(waited_ns)
        }
    }
}

/// Whether a process may have outlived the program. Of a log in which nothing was measured it is taken that none has.
fn may_print_after_exit(conditions: &Conditions) -> bool {
    let is_a_log = conditions.tell_no_delay();
    conditions
        .leaked
        .map_or(!is_a_log, |processes| processes > 0)
}

/// The earliest at which something that was seen at `ns` can have been due.
fn due(delays: &[Delay], ns: u64) -> u64 {
    match sum(delays, ns) {
        ..=EXACTNESS_NS => ns,
        late_ns => ns.saturating_sub(late_ns.saturating_add(EXACTNESS_NS)),
    }
}

/// What was not there yet at an instant was due no sooner than what came then, or it would have been delayed by more than
/// all delays up to there. So the latest that anything before can have been due holds for all that follows; it can only be
/// where a delay begins to act, or to matter.
fn floors(delays: &[Delay]) -> Vec<(u64, u64)> {
    let mut instants: Vec<u64> = delays.iter().map(|delay| delay.from_ns).collect();
    instants.push(last_without(delays));
    instants.sort_unstable();
    let mut known: Vec<(u64, u64)> = Vec::new();
    for ns in instants {
        let due_ns = due(delays, ns);
        if known.last().is_none_or(|(_, floor)| *floor < due_ns) {
            known.push((ns, due_ns));
        }
    }
    known
}

/// The last instant at which all delay up to there is taken for none.
fn last_without(delays: &[Delay]) -> u64 {
    let (mut low, mut high) = (0, u64::MAX);
    while low < high {
        let middle = high - (high - low) / 2;
        match sum(delays, middle) {
            ..=EXACTNESS_NS => low = middle,
            _ => high = middle - 1,
        }
    }
    low
}

/// How much of these delays can have acted up to `until_ns`.
fn sum(delays: &[Delay], until_ns: u64) -> u64 {
    let acted = |delay: &Delay| delay.most_ns.min(until_ns.saturating_sub(delay.from_ns));
    let all = delays.iter().map(acted).fold(0, u64::saturating_add);
    all.min(until_ns)
}

/// Every delay of a trial whose first event came at `first_ns`; `None` if one that matters was not measured. A trial of
/// which nothing at all was measured is taken for one without delay.
fn delays(conditions: &Conditions, first_ns: u64) -> Option<Vec<Delay>> {
    if conditions.tell_no_delay() {
        return Some(Vec::new());
    }
    let (all_ns, under_way_ns) = (conditions.cpu_wait_ns?, conditions.cpu_wait_under_way_ns?);
    if let Some(delays) = &conditions.delays {
        return Some(delays.clone());
    }
    let delay = |cause, from_ns, until_ns, most_ns| Delay {
        cause,
        from_ns,
        until_ns,
        most_ns,
    };
    let begun_ns = first_ns.saturating_sub(BETWEEN_LOOKS_NS);
    let known = [
        delay(
            DelayCause::CpuWait,
            0,
            first_ns,
            all_ns.saturating_sub(under_way_ns),
        ),
        delay(DelayCause::CpuWait, begun_ns, u64::MAX, under_way_ns),
        delay(DelayCause::Stopped, 0, u64::MAX, conditions.stopped_ns?),
        delay(
            DelayCause::LateTimer,
            0,
            u64::MAX,
            conditions.canary_delay_ns?,
        ),
    ];
    Some(
        known
            .into_iter()
            .filter(|delay| delay.most_ns > 0)
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MS: u64 = 1_000_000;

    fn delay() -> impl Strategy<Value = Delay> {
        (0..400_u64, 1..200_u64, 1..200_u64).prop_map(|(from, lasts, most)| Delay {
            cause: DelayCause::CpuWait,
            from_ns: from * MS,
            until_ns: (from + lasts) * MS,
            most_ns: most.min(lasts) * MS,
        })
    }

    #[test]
    fn what_is_not_known_to_be_gone_may_print_after_the_end() {
        let may_print = |leaked| {
            let conditions = Conditions {
                leaked,
                ..Conditions::ideal()
            };
            Lateness::new(&conditions, 0, None).may_print_after_exit()
        };
        assert_eq!([Some(0), Some(1), None].map(may_print), [false, true, true]);
        // A log of another tool.
        let log = Lateness::new(&Conditions::default(), 0, None);
        assert!(!log.may_print_after_exit());
    }

    proptest! {
        #[test]
        fn what_is_later_was_due_no_earlier(delays in prop::collection::vec(delay(), 0..5)) {
            let conditions = Conditions { delays: Some(delays.clone()), ..Conditions::ideal() };
            let lateness = Lateness::new(&conditions, 0, None);
            let mut latest = 0;
            for ms in 0..700 {
                let seen = ms * MS;
                // Of each instant up to this one: what was not there by then was due no more than all delay before.
                latest = latest.max(due(&delays, seen));
                let moved = lateness.moved(Interval::exactly(seen));
                prop_assert!(moved.earliest_ns >= latest, "{ms} ms: {moved:?}");
                prop_assert!(moved.earliest_ns < latest + MS, "{ms} ms: {moved:?}");
            }
        }
    }
}
