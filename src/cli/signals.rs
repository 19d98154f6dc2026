//! Ctrl-C and other ending signals: the first ends the programs gently, the second kills them, the third leaves at once.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use tokio::runtime::{Builder, EnterGuard, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::model::signal::signal_name;
use crate::process::{Stop, Urgency};
use crate::progress::{Listener, Progress};

use super::failure::Failure;

/// The signals that end a run, by number: SIGHUP, SIGINT and SIGTERM.
const ENDING: [i32; 3] = [1, 2, 15];

/// A runtime that listens for signals until it is dropped.
#[derive(Debug)]
pub struct SignalRuntime {
    runtime: Runtime,
    first: Arc<AtomicI32>,
}

impl SignalRuntime {
    /// Listens from now on: passes signals on to `stop`, and tells `listener` of the first.
    ///
    /// # Errors
    /// If the system refuses threads or signal handlers.
    pub fn start(stop: &Stop, listener: &Arc<dyn Listener>) -> Result<SignalRuntime, Failure> {
        SignalRuntime::try_start(stop, listener).map_err(|error| {
            Failure::environment(format_args!("cannot start its own threads: {error}"))
        })
    }

    fn try_start(stop: &Stop, listener: &Arc<dyn Listener>) -> io::Result<SignalRuntime> {
        // Trials block threads of their own; the workers serve the stand-in, timers and signals.
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?;
        let first = Arc::new(AtomicI32::new(0));
        let guard = runtime.enter();
        for number in ENDING {
            let signals = signal(SignalKind::from_raw(number))?;
            let (first, stop, listener) = (Arc::clone(&first), stop.clone(), Arc::clone(listener));
            runtime.spawn(pass_on(signals, number, first, stop, listener));
        }
        drop(guard);
        Ok(SignalRuntime { runtime, first })
    }

    /// Runs a future to its end.
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }

    /// Lets this thread serve and wait by the runtime, until what is returned is dropped.
    pub fn enter(&self) -> EnterGuard<'_> {
        self.runtime.enter()
    }

    /// The number of the first signal that came.
    #[must_use]
    pub fn first(&self) -> Option<i32> {
        let signal = self.first.load(Ordering::Relaxed);
        (signal != 0).then_some(signal)
    }
}

async fn pass_on(
    mut signals: Signal,
    number: i32,
    first: Arc<AtomicI32>,
    stop: Stop,
    listener: Arc<dyn Listener>,
) {
    while signals.recv().await.is_some() {
        if stop.urgency() == Urgency::Now {
            // The supervisors see our end of their socket close, and kill what is left.
            std::process::exit(128 + number);
        }
        let is_first = first.compare_exchange(0, number, Ordering::Relaxed, Ordering::Relaxed);
        if is_first.is_ok() {
            let signal = signal_name(number);
            listener.on(&Progress::Interrupted { signal });
            stop.ask(Urgency::WithGrace);
        } else {
            stop.ask(Urgency::Now);
        }
    }
}
