//! What there is, and what was compared: cases, claims, toolchains, one case, comparisons and mutants.

mod catalog;
mod comparison;
mod mutants;
mod show;

#[cfg(test)]
mod golden;

pub use self::catalog::{ToolchainFound, ToolchainStatus, list, list_claims, toolchains};
pub use self::comparison::comparison;
pub use self::mutants::mutants;
pub use self::show::show;
