//! Artifact to trace: runs programs, captures what they write and when.

mod acts;
mod capture;
mod life;
mod observation;
mod observe;
mod trial;

pub use acts::Script;
pub use observation::{Limits, Observation, ObserveError};
pub use observe::Observer;
pub use trial::{Assignment, Observed, TrialError, artifact, command, trial};
