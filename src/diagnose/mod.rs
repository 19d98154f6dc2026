//! Recording → what is wrong with the program: a rule a file. Pure.
//!
//! A rule sees what probes recorded, and says nothing about what they could not see. It makes no sentences: it returns
//! suspicions with typed facts, which `wording` puts into words.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a rule is about a few of the many events"
)]

mod channel;
mod code;
mod deadlock;
mod evidence;
mod failfast;
mod forgotten;
mod held;
mod jobs;
mod lock;
#[cfg(test)]
mod made;
mod never_exits;
mod one_task;
mod output;
mod pool;
mod result;
mod rules;
mod sequential;
mod stall;
mod suspicion;
mod units;
mod view;
mod when;

pub use evidence::{begun_ns, evidence};
pub use rules::{Diagnosis, Untold, diagnose};
pub use suspicion::{Role, Suspicion, What};
pub use when::when;
