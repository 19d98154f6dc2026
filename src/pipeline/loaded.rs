//! Trials beside busy loops: after all others, for a load is the machine's and not one program's.

use std::io;
use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

use crate::process::burners::Burners;

/// Busy loops for each processor: whoever wants it then gets about a fifth.
const LOOPS_PER_CORE: usize = 4;

/// The time when all programs are run beside busy loops.
#[derive(Debug)]
pub struct LoadPhase {
    loops: usize,
    /// Programs whose quiet trials are not over.
    quiet: watch::Sender<usize>,
    burning: Mutex<Burning>,
}

#[derive(Debug, Default)]
struct Burning {
    /// Programs that want it.
    waiting: usize,
    burners: Option<Burners>,
}

/// A program that keeps the load phase from beginning, until this is dropped or waited with.
#[derive(Debug)]
pub struct Quiet<'r>(&'r LoadPhase);

/// A program that keeps the load phase from ending.
#[derive(Debug)]
pub struct UnderLoad<'r>(&'r LoadPhase);

impl LoadPhase {
    /// On a machine with this many processors.
    #[must_use]
    pub fn new(cores: usize) -> LoadPhase {
        LoadPhase {
            loops: cores * LOOPS_PER_CORE,
            quiet: watch::Sender::new(0),
            burning: Mutex::default(),
        }
    }

    /// One more program is run without a load first. Every one says so before the first is waited for.
    pub fn quiet(&self) -> Quiet<'_> {
        self.quiet.send_modify(|programs| *programs += 1);
        Quiet(self)
    }

    fn burning(&self) -> std::sync::MutexGuard<'_, Burning> {
        self.burning.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'r> Quiet<'r> {
    /// Waits until no program wants quiet any longer. The busy loops then run until every program is through.
    ///
    /// # Errors
    /// The busy loops cannot be started.
    pub async fn over(self) -> io::Result<UnderLoad<'r>> {
        let phase = self.0;
        phase.burning().waiting += 1;
        let under_load = UnderLoad(phase);
        drop(self);
        // The sender lives as long as the phase itself.
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
