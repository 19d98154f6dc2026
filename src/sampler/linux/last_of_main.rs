//! What was at work when main was seen to wait for the last time: what is gone shortly after, with the program, ended with it.

use super::rows::Rows;
use crate::probe_trace::{Event, StuckTask};

/// How long after that what is gone counts as gone with the program; nanoseconds. A runtime that ends drops its tasks first,
/// and a look may fall between.
const SHORTLY_NS: u64 = 250_000_000;

/// Main as it waited last, and the tasks that are gone since.
#[derive(Default)]
pub(super) struct LastOfMain {
    seen_ns: u64,
    main: Option<StuckTask>,
    gone: Vec<StuckTask>,
}

impl LastOfMain {
    pub(super) fn waiting(now_ns: u64, main: StuckTask) -> LastOfMain {
        LastOfMain {
            seen_ns: now_ns,
            main: Some(main),
            gone: Vec::new(),
        }
    }

    /// A task that waited at the look before, and is no more.
    pub(super) fn gone(&mut self, now_ns: u64, task: StuckTask) {
        if self.is_shortly_before(now_ns) {
            self.gone.push(task);
        }
    }

    /// Tells of the tasks that ended with the program, of which these were there at the last look. If main waited for its own
    /// tasks, one may have been done since, and main with it: nothing is known then.
    pub(super) fn killed(
        &self,
        alive: Vec<StuckTask>,
        from_outside: &[&str],
        now_ns: u64,
        rows: &mut Rows,
    ) {
        let main = self.main.as_ref();
        let main = main.filter(|main| from_outside.contains(&main.on.kind.as_str()));
        let Some(main) = main.filter(|_| self.is_shortly_before(now_ns)) else {
            return;
        };
        for StuckTask { task, chain, on } in alive.into_iter().chain(self.gone.iter().cloned()) {
            let killed = Event::Killed {
                task,
                chain,
                on,
                joined: None,
                main_at: main.chain.clone(),
            };
            rows.write(now_ns, killed);
        }
    }

    fn is_shortly_before(&self, now_ns: u64) -> bool {
        self.main.is_some() && now_ns.saturating_sub(self.seen_ns) <= SHORTLY_NS
    }
}
