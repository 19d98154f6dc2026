//! Case files: TOML text becomes a checked [`Case`](crate::model::case::Case), or a list of all its problems with their places.

mod allowance;
mod amendments;
mod case;
mod claims;
mod commands;
mod demands;
mod details;
mod duration;
mod events;
mod expect;
pub(crate) mod glob;
mod grades;
mod locate;
mod names;
mod pattern;
mod problem;
mod programs;
mod quote;
pub(crate) mod reader;
mod scan;
mod scope;
mod sentence;
mod shape;
mod sheet;
mod signals;
mod spans;
mod stand_in;
pub(crate) mod suggest;
mod term;
pub(crate) mod values;

#[cfg(test)]
pub(crate) use pattern::pattern as line_pattern;

pub use case::{Reading, read, read_with_sources, size, time};
pub use locate::{Places, Step};
pub use problem::Problem;
pub use programs::Source;

#[cfg(test)]
mod tests;
