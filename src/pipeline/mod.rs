//! The whole flow: a [`RunRequest`] becomes a [`Plan`], [`execute`] builds, runs and judges what is planned, and the
//! result is a report. [`rejudge`] makes the same report from stored traces.

mod attempt;
mod capture_choices;
mod case_summary;
mod context;
mod cpu_load;
mod dry_run;
mod durations;
mod execute;
mod forecast;
mod limit_hits;
mod loaded;
mod pace;
mod plan;
mod planned;
mod program_trials;
mod refused;
mod rejudge;
mod report;
mod request;
mod rows;
mod schedule;
mod series;
mod shortage;
mod starting;
mod tally;
mod trial_phase;

pub use context::RunContext;
pub use dry_run::dry_run;
pub use execute::execute;
pub use plan::{Plan, Row, plan};
pub use planned::Planned;
pub use rejudge::{StoredTrace, rejudge};
pub use request::{LEAST_TOLD, Perturbation, RunRequest, ToolchainChoice};
