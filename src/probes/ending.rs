//! Ends an observed program as its user would: by SIGINT, after its probes have told what it was waiting for.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};

use crate::clock::Clock;
use crate::process::{Stop, Urgency};

/// How often the wish to end is looked for.
const LOOK: Duration = Duration::from_millis(10);
/// How long the probes may take to tell what is alive.
const TELLING: Duration = Duration::from_millis(800);

/// How long a program may be built before its time begins.
const BUILDING: Duration = Duration::from_secs(300);

/// What a watch over the end of a program needs.
pub(super) struct Ending<'e> {
    pub(super) clock: Clock,
    /// Whether the user wants it to end.
    pub(super) wish: &'e Stop,
    /// How long it may run, if there is a limit.
    pub(super) lasting: Option<Duration>,
    /// Whether the command builds the program first, which is no part of that.
    pub(super) builds: bool,
    /// Makes the stage end it.
    pub(super) stop: &'e Stop,
    /// Where the probes write.
    pub(super) rows: &'e Path,
    /// Whether it has ended.
    pub(super) over: &'e AtomicBool,
}

impl Ending<'_> {
    /// Watches until the program has ended.
    pub(super) fn watch(&self) {
        let spawned = self.clock.now();
        let mut begun = (!self.builds).then_some(spawned);
        let mut asked = false;
        while !self.over.load(Ordering::Acquire) {
            self.clock.sleep(LOOK);
            let now = self.clock.now();
            if begun.is_none() && (self.counted().0 > 0 || now.since(spawned) >= BUILDING) {
                begun = Some(now);
            }
            let is_late = |lasting| begun.is_some_and(|begun| now.since(begun) >= lasting);
            let wish = self.wish.urgency();
            let is_late = wish == Urgency::None && self.lasting.is_some_and(is_late);
            let urgency = if is_late { Urgency::WithGrace } else { wish };
            if urgency != Urgency::None && !asked {
                asked = true;
                self.have_it_told();
            }
            self.stop.ask(urgency);
        }
    }

    /// Asks every probe to tell what is alive, and waits until each has.
    fn have_it_told(&self) {
        if fs::write(self.rows.join("ask"), "").is_err() {
            return;
        }
        let begun = self.clock.now();
        let in_time = || self.clock.now().since(begun) < TELLING;
        while in_time() && !self.over.load(Ordering::Acquire) && self.wish.urgency() != Urgency::Now
        {
            let (told, answered) = self.counted();
            if answered >= told {
                break;
            }
            self.clock.sleep(LOOK);
        }
    }

    /// How many probes have told anything, and how many have answered.
    fn counted(&self) -> (usize, usize) {
        let Ok(entries) = fs::read_dir(self.rows) else {
            return (0, 0);
        };
        let (mut told, mut answered) = (0, 0);
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            // A process that is gone will not answer.
            let pid = name.strip_suffix(".ndjson");
            told += usize::from(pid.is_some_and(is_alive));
            answered += usize::from(name.starts_with("answered-"));
        }
        (told, answered)
    }
}

/// Whether there is a process of this number.
fn is_alive(pid: &str) -> bool {
    let pid = pid.parse().ok().and_then(Pid::from_raw);
    pid.is_some_and(|pid| test_kill_process(pid) != Err(Errno::SRCH))
}
