//! The whole flow: a [`RunRequest`] becomes a [`Plan`], [`execute`] builds, runs and judges what is planned, and the
//! result is a report. [`rejudge`] makes the same report from stored traces.

mod attempt;
mod capture_choices;
mod case_summary;
mod context;
mod cpu_load;
mod division;
mod dry_run;
mod durations;
mod execute;
mod forecast;
mod limit_hits;
mod loaded;
mod merge;
mod merge_error;
mod pace;
mod part;
mod plan;
mod planned;
mod profile;
mod program_trials;
mod refused;
mod rejudge;
mod report;
mod request;
mod rows;
mod schedule;
mod series;
mod sharding;
mod shortage;
mod starting;
mod tally;
mod trial_phase;

pub use context::RunContext;
pub use dry_run::dry_run;
pub use execute::execute;
pub use merge::{Merged, merge};
pub use merge_error::MergeError;
pub use part::Part;
pub use plan::{Plan, Row, plan};
pub use planned::Planned;
pub use profile::Profile;
pub use rejudge::{StoredTrace, rejudge};
pub use request::{LEAST_TOLD, Perturbation, RunRequest, ToolchainChoice};
