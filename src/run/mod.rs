//! Request to trace: runs programs, captures what they write and when.

mod capture;
mod conditions;
mod error;
mod limits;
mod observation;
mod request;
mod signals;
mod stage;
mod trial_lifecycle;
mod watch;

pub use error::TrialError;
pub use limits::{AskedBy, Limits};
pub use request::{BuiltProgram, Input, Program, TrialRequest};
pub use signals::Script;
pub use stage::{Observed, Stage};
pub use watch::Follower;
