//! What there is, and what was compared: cases, claims, toolchains, one case, comparisons and mutants.

mod claims;
mod comparison;
mod list;
mod mutants;
mod show;
mod toolchains;
mod writer;

#[cfg(test)]
mod golden;

pub use self::claims::list_claims;
pub use self::comparison::comparison;
pub use self::list::list;
pub use self::mutants::mutants;
pub use self::show::{show, show_program};
pub use self::toolchains::{ToolchainFound, ToolchainStatus, toolchains};
pub use self::writer::ListWriter;
