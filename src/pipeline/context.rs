//! What a run works with.

use crate::build::Cache;
use crate::clock::Clock;
use crate::process::Stop;
use crate::progress::Listener;
use crate::toolchain::Surroundings;

/// What a run works with.
pub struct RunContext<'r> {
    /// Where builds are cached.
    pub cache: &'r Cache,
    /// PATH and variables, as they were at the start.
    pub surroundings: &'r Surroundings,
    /// The clock of stamps and waits.
    pub clock: Clock,
    /// Hears what happens.
    pub listener: &'r dyn Listener,
    /// Says whether the run is being ended.
    pub stop: &'r Stop,
}
