//! How long SIGSTOP kept a program from running: its times are not its own doing then.

use rustix::process::{Signal, WaitId, WaitIdOptions, waitid};

use crate::clock::Stamp;
use crate::model::conditions::{Delay, DelayCause, joined_delays};

/// What a look found that had happened since the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    /// It was stopped, and still is.
    Stopped,
    /// It was continued, and may have been stopped since the last look.
    Continued,
}

/// The pauses of a program, as far as looks from outside find them.
#[derive(Debug)]
pub(super) struct Pauses {
    looked: Stamp,
    since: Option<Stamp>,
    /// Whether the case itself stopped it.
    is_meant: bool,
    pauses: Vec<Delay>,
}

impl Pauses {
    pub(super) fn new(started: Stamp) -> Self {
        Pauses {
            looked: started,
            since: None,
            is_meant: false,
            pauses: Vec::new(),
        }
    }

    /// Asks the system what has changed.
    pub(super) fn look(&mut self, program: WaitId<'_>, now: Stamp) {
        let options = WaitIdOptions::STOPPED | WaitIdOptions::CONTINUED | WaitIdOptions::NOHANG;
        let change = match waitid(program, options) {
            Ok(Some(status)) if status.stopped() => Some(Change::Stopped),
            Ok(Some(status)) if status.continued() => Some(Change::Continued),
            _ => None,
        };
        self.learn(change, now);
    }

    /// Notes that the case itself sends it this signal.
    pub(super) fn expect(&mut self, signal: Signal) {
        let stops = [Signal::STOP, Signal::TSTP, Signal::TTIN, Signal::TTOU];
        self.is_meant |= stops.contains(&signal);
    }

    /// Notes that it ended by itself: if it was stopped, it must have been continued.
    pub(super) fn end(&mut self, now: Stamp) {
        if self.since.is_some() {
            self.learn(Some(Change::Continued), now);
        }
    }

    /// How long it was stopped before it was continued, in all and at most; nanoseconds.
    ///
    /// A pause that never ended does not count: a program that stops itself for good runs into its timeout.
    pub(super) fn total_ns(&self) -> u64 {
        self.delays().iter().map(|pause| pause.most_ns).sum()
    }

    /// The same, one by one.
    pub(super) fn delays(&self) -> Vec<Delay> {
        joined_delays(self.pauses.iter().copied())
    }

    fn learn(&mut self, change: Option<Change>, now: Stamp) {
        match change {
            Some(Change::Stopped) => {
                self.since.get_or_insert(self.looked);
            }
            Some(Change::Continued) => {
                let since = self.since.take().unwrap_or(self.looked);
                if !std::mem::take(&mut self.is_meant) {
                    self.pauses.push(Delay {
                        cause: DelayCause::Stopped,
                        from_ns: since.ns,
                        until_ns: now.ns,
                        most_ns: now.ns.saturating_sub(since.ns),
                    });
                }
            }
            None => {}
        }
        self.looked = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(changes: &[Option<Change>]) -> Pauses {
        let mut pauses = Pauses::new(Stamp { ns: 0 });
        for (n, change) in (1..).zip(changes) {
            pauses.learn(*change, Stamp { ns: n * 10 });
        }
        pauses
    }

    #[test]
    fn a_pause_lasts_from_the_look_before_it_to_the_one_that_finds_it_over() {
        let seen = [None, Some(Change::Stopped), None, Some(Change::Continued)];
        assert_eq!(after(&seen).total_ns(), 30);
        let twice = [
            Some(Change::Continued),
            None,
            Some(Change::Stopped),
            Some(Change::Stopped),
            Some(Change::Continued),
        ];
        assert_eq!(after(&twice).total_ns(), 10 + 30);
        let mut open = after(&[None, Some(Change::Stopped), None]);
        assert_eq!(open.total_ns(), 0);
        open.end(Stamp { ns: 35 });
        assert_eq!(open.total_ns(), 25);
    }

    #[test]
    fn what_the_case_itself_does_is_no_pause() {
        let mut pauses = after(&[None]);
        pauses.expect(Signal::TERM);
        assert!(!pauses.is_meant);
        pauses.expect(Signal::STOP);
        pauses.learn(Some(Change::Stopped), Stamp { ns: 20 });
        pauses.learn(Some(Change::Continued), Stamp { ns: 90 });
        assert_eq!(pauses.total_ns(), 0);
        pauses.learn(Some(Change::Continued), Stamp { ns: 100 });
        assert_eq!(pauses.total_ns(), 10);
    }
}
