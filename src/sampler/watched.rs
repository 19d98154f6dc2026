//! What is to be watched.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use crate::clock::Clock;

/// What to watch, and where to write what was seen.
pub struct Watch<'w> {
    /// What stamps and waits.
    pub clock: Clock,
    /// Where probes write, and where they are asked what is alive.
    pub rows: &'w Path,
    /// Whether the command has ended.
    pub over: &'w AtomicBool,
}
