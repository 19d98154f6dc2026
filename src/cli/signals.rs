//! Ctrl-C and its kin: the first ends the programs gently, the second kills them, the third leaves at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::model::signal::signal_name;
use crate::process::{Stop, Urgency};
use crate::progress::{Listener, Progress};

/// The signals that end a run, by number.
const ENDING: [i32; 3] = [1, 2, 15];

/// Which signal ended the run, if one did.
#[derive(Debug, Clone, Default)]
pub struct Caught(Arc<AtomicI32>);

impl Caught {
    /// The first signal that came.
    #[must_use]
    pub fn first(&self) -> Option<i32> {
        let signal = self.0.load(Ordering::Relaxed);
        (signal != 0).then_some(signal)
    }
}

/// Listens for signals from now on, within the runtime that this is called in.
///
/// # Errors
/// If the system refuses the handlers.
pub fn listen(stop: &Stop, listener: &Arc<dyn Listener>) -> std::io::Result<Caught> {
    let caught = Caught::default();
    for number in ENDING {
        let signals = signal(SignalKind::from_raw(number))?;
        tokio::spawn(obey(
            signals,
            number,
            caught.clone(),
            stop.clone(),
            Arc::clone(listener),
        ));
    }
    Ok(caught)
}

async fn obey(
    mut signals: Signal,
    number: i32,
    caught: Caught,
    stop: Stop,
    listener: Arc<dyn Listener>,
) {
    while signals.recv().await.is_some() {
        if stop.urgency() == Urgency::Now {
            // The supervisors see our end of their socket close, and kill what is left.
            std::process::exit(128 + number);
        }
        let first = caught
            .0
            .compare_exchange(0, number, Ordering::Relaxed, Ordering::Relaxed)
            .is_ok();
        if first {
            listener.on(&Progress::Interrupted {
                signal: signal_name(number),
            });
            stop.ask(Urgency::WithGrace);
        } else {
            stop.ask(Urgency::Now);
        }
    }
}
