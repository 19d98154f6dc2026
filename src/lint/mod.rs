//! What can be known of a case without running it: behaviours that no trace can show, expectations that none can
//! violate, labels that nobody can tell apart or that no behaviour mentions.

mod case_checks;
mod chains;
mod code;
mod contradictions;
mod finding;
mod labels;
mod witness;

#[cfg(test)]
mod tests;

pub use case_checks::{errors, lint};
pub use code::{Code, Weight};
pub use finding::Finding;
pub use witness::{Witness, witnesses};
