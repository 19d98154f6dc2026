//! From results to comparisons. Pure.

mod claims;

pub use claims::claims;
