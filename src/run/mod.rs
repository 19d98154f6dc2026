//! Artifact to trace: runs programs, captures what they write and when.

mod capture;
mod conditions;
mod observation;
mod observe;
mod signals;
mod trial;
mod trial_lifecycle;

pub use observation::{Limits, Observation, ObserveError};
pub use observe::Observer;
pub use signals::Script;
pub use trial::{Assignment, Observed, TrialError, artifact, command, trial};
