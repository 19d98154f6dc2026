//! From results to comparisons. Pure.

mod chance;
mod claims;
mod comparison;
mod exact;
mod forms;
mod matrix;
mod observed;

pub use chance::ChanceTest;
pub use claims::claims;
pub use comparison::{Comparison, SCHEMA, compare};
pub use forms::{Forms, forms};
pub use matrix::{
    Cell, Difference, LabelledResults, Matrix, MatrixRow, differences, matrices, untold,
};

#[cfg(test)]
mod tests;
