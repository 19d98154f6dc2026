//! Finds cases: in a folder, or inside the binary. Lists everything that is wrong with any of them.

mod built_in;
mod error;
mod files;
mod fitting;
mod folders;
mod origin;
mod select;
mod settings;
mod suite;
mod trust;

pub use error::DiscoverError;
pub use origin::{SuiteOrigin, suite_origin};
pub use select::{SelectError, Selected, names, select};
pub use settings::{Settings, settings};
pub use suite::{BrokenCase, Suite, cases};
pub use trust::Trust;

#[cfg(test)]
mod tests;
