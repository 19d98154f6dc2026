//! What the conditions of a trial excuse. Nothing else in the judge reads them; what is not known excuses nothing.

use super::failure::Excuse;
use crate::model::conditions::Conditions;

/// What a start costs any program on a machine that has other things to do.
const USUAL_WAIT_NS: u64 = 50_000_000;

/// What excuses a program that denies something timed.
#[derive(Debug, Clone, Copy)]
pub struct Excuses<'t> {
    conditions: &'t Conditions,
    /// How late the machine may have been before the violation of a timed expectation says nothing, if the case states it.
    margin_ns: Option<u64>,
    /// The wait for a processor that excuses what is denied by no more than this; none unless somebody asks for it.
    starved_ns: u64,
}

impl<'t> Excuses<'t> {
    /// Those of a trial of a case with this margin, without the wait for a processor.
    #[must_use]
    pub fn new(conditions: &'t Conditions, margin_ns: Option<u64>) -> Excuses<'t> {
        Excuses {
            conditions,
            margin_ns,
            starved_ns: 0,
        }
    }

    /// These, and the longest that the program can have waited for a processor. `None` if that was no longer than the margin.
    ///
    /// A canary that is woken in time does not tell how little of the processor a busy machine leaves to others.
    #[must_use]
    pub fn with_starvation(self) -> Option<Excuses<'t>> {
        let waited_ns = self.conditions.cpu_wait_ns;
        self.starved(waited_ns.max(self.conditions.cpu_wait_under_way_ns))
    }

    /// The same, with what it can have waited since its first event: a wait before that made all of it late alike.
    #[must_use]
    pub fn with_starvation_under_way(self) -> Option<Excuses<'t>> {
        self.starved(self.conditions.cpu_wait_under_way_ns)
    }

    fn starved(self, waited_ns: Option<u64>) -> Option<Excuses<'t>> {
        let starved_ns = waited_ns?;
        (starved_ns > self.margin_ns.unwrap_or(USUAL_WAIT_NS))
            .then_some(Excuses { starved_ns, ..self })
    }

    /// What excuses a program for something timed that the events deny by `by_ns`, if a right program could have looked
    /// the same in this trial.
    ///
    /// That is so when the canary was later, or somebody had the program stopped for longer, than the case's margin; where
    /// the case states none, when two such delays could have made up the whole of `by_ns`.
    #[must_use]
    pub fn excuse(&self, by_ns: u64) -> Option<Excuse> {
        let late_ns = self.canary_delay_ns();
        let stopped_ns = self.conditions.stopped_ns.unwrap_or(0);
        let delay_ns = late_ns.max(stopped_ns);
        let late = match self.margin_ns {
            Some(margin_ns) => delay_ns > margin_ns,
            None => delay_ns > 0 && delay_ns.saturating_mul(2) >= by_ns,
        };
        if late && stopped_ns > late_ns {
            Some(Excuse::Stopped(stopped_ns))
        } else if late {
            Some(Excuse::LateMachine(late_ns))
        } else {
            let starved = self.starved_ns > 0 && self.starved_ns >= by_ns;
            starved.then_some(Excuse::Starved(self.starved_ns))
        }
    }

    /// What excuses a program that ran out of time after `lived_ns`: the machine was late, or one of its threads waited for
    /// a processor, during a fifth of it.
    #[must_use]
    pub fn timeout_excuse(&self, lived_ns: u64) -> Option<Excuse> {
        let fifth_ns = lived_ns / 5;
        let waited_ns = self.conditions.cpu_wait_ns;
        let starved = waited_ns.filter(|waited_ns| *waited_ns >= fifth_ns);
        self.excuse(fifth_ns).or(starved.map(Excuse::Starved))
    }

    /// How late the machine was at least as far as is known, nanoseconds.
    #[must_use]
    pub fn canary_delay_ns(&self) -> u64 {
        self.conditions.canary_delay_ns.unwrap_or(0)
    }

    /// Whether a process that outlives the program may have written after its exit.
    #[must_use]
    pub fn may_print_after_exit(&self) -> bool {
        self.conditions
            .leaked
            .is_some_and(|processes| processes > 0)
    }
}
