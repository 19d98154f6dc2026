//! Trials under load run after all others, because busy loops slow the whole machine and not one program.

use std::io;
use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

use crate::process::Burners;

/// The number of busy loops for each processor: a program then gets about a fifth of it.
const LOOPS_PER_CORE: usize = 4;

/// The time when all programs run beside busy loops.
#[derive(Debug)]
pub struct LoadPhase {
    loops: usize,
    /// The number of programs whose quiet trials are not over.
    quiet: watch::Sender<usize>,
    burning: Mutex<Burning>,
}

#[derive(Debug, Default)]
struct Burning {
    /// The number of programs that wait for the load phase or run in it.
    waiting: usize,
    burners: Option<Burners>,
}

/// A program that keeps the load phase from beginning, until this is dropped or [`Quiet::over`] is called.
#[derive(Debug)]
pub struct Quiet<'r>(&'r LoadPhase);

/// A program that keeps the load phase from ending.
#[derive(Debug)]
pub struct UnderLoad<'r>(&'r LoadPhase);

impl LoadPhase {
    /// The load phase of a machine with this many processors.
    #[must_use]
    pub fn new(cores: usize) -> LoadPhase {
        LoadPhase {
            loops: cores * LOOPS_PER_CORE,
            quiet: watch::Sender::new(0),
            burning: Mutex::default(),
        }
    }

    /// Registers a program that runs without load first. All programs must register before the first one waits.
    pub fn quiet(&self) -> Quiet<'_> {
        self.quiet.send_modify(|programs| *programs += 1);
        Quiet(self)
    }

    fn burning(&self) -> std::sync::MutexGuard<'_, Burning> {
        self.burning.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'r> Quiet<'r> {
    /// Waits until no program needs quiet any longer. The busy loops then run until every program is done.
    ///
    /// # Errors
    /// The busy loops cannot be started.
    pub async fn over(self) -> io::Result<UnderLoad<'r>> {
        let phase = self.0;
        phase.burning().waiting += 1;
        let under_load = UnderLoad(phase);
        drop(self);
        // This cannot fail: the sender lives as long as the phase.
        let _ = phase
            .quiet
            .subscribe()
            .wait_for(|programs| *programs == 0)
            .await;
        let mut burning = phase.burning();
        if burning.burners.is_none() {
            burning.burners = Some(Burners::start(phase.loops)?);
        }
        drop(burning);
        Ok(under_load)
    }
}

impl Drop for Quiet<'_> {
    fn drop(&mut self) {
        self.0.quiet.send_modify(|programs| *programs -= 1);
    }
}

impl Drop for UnderLoad<'_> {
    fn drop(&mut self) {
        let mut burning = self.0.burning();
        burning.waiting -= 1;
        if burning.waiting == 0 {
            burning.burners = None;
        }
    }
}
