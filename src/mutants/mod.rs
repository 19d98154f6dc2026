//! Breaks traces in a few fixed ways, judges the results, and tells which expectations would have noticed. Pure.
//!
//! A trace that passes is taken apart into its events; each change makes a mutant of it. A mutant that no longer
//! passes as the same behaviour is caught. One that does is equivalent, where the case says that the change makes no
//! difference, or has survived.

mod breakage;
mod change;
mod changes;
mod equivalent;
mod rows;
mod script;
mod tally;

#[cfg(test)]
mod tests;

pub use breakage::Subject;
pub use change::Operator;
pub use equivalent::Sameness;
pub use rows::{Bite, CaseMutants, Counts, LeftOut, Mutants, ProgramMutants, SCHEMA, Survivor};
pub use tally::mutants;
