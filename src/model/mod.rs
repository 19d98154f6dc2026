//! What things are: cases, toolchains, traces, verdicts and reports. No file, clock or process is
//! touched here.

pub mod allowance;
pub mod amount;
pub mod answer;
pub mod backend;
pub mod case;
mod claim_result;
pub mod conditions;
mod example;
pub mod expect;
pub mod host;
pub mod interval;
pub mod label;
pub(crate) mod named;
pub mod pattern;
pub mod report;
pub mod report_json;
mod report_version_one;
pub mod shard;
pub mod signal;
pub mod stand_in;
mod statistics;
pub mod stream;
pub mod term;
pub mod toolchain;
pub mod trace;
pub mod values;
pub mod verdict;
pub mod version;
