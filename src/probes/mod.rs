//! Runs a command once with a probe in each runtime that it starts, and collects what they recorded.
//!
//! Which languages it uses is known by the processes that actually run: the variables that load a probe reach every
//! process that the command starts, and each runtime heeds its own.

mod collect;
mod ending;
mod observe;
mod placed;
mod run;

pub use observe::{ObserveError, observe};
pub use run::{Original, ProbedRun};
