//! What was seen of a program while it ran.

use crate::clock::Stamp;
use crate::model::interval::Interval;
use crate::model::trace::{Capture, Exit, Line, Sent};
use crate::process::Measured;

/// What was seen of one trial. Times of lines and of the exit count from `spawned`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Observation {
    /// Just before the program's fork.
    pub(super) spawned: Stamp,
    /// Every line, by stream in the order written; streams interleave by the order of their reads.
    pub(super) lines: Vec<Line>,
    /// How the program ended. If `interrupted`, it may have been by our own signal.
    pub(super) exit: Exit,
    /// When it ended.
    pub(super) exit_at: Interval,
    /// The signals that it was sent.
    pub(super) sent: Vec<Sent>,
    /// What its supervisor measured while it ran.
    pub(super) measured: Measured,
    /// Processes that it left behind and that had to be killed; `None` if that is not known.
    pub(super) leaked: Option<u32>,
    /// The processor time that all of it took, its supervisor included; nanoseconds.
    pub(super) cpu_ns: u64,
    /// Whether its output was found waiting in a full buffer: it may have waited for us.
    pub(super) held_up: bool,
    /// Bytes of output that were read and not kept.
    pub(super) dropped_bytes: u64,
    /// How it was captured.
    pub(super) capture: Capture,
    /// Whether it was ended because somebody wanted the run to end.
    pub(super) interrupted: bool,
}
