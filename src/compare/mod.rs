//! From results to comparisons. Pure.

mod claims;
mod comparison;
mod forms;
mod matrix;

pub use claims::claims;
pub use comparison::{Comparison, SCHEMA, compare};
pub use forms::{Forms, forms};
pub use matrix::{Cell, Difference, LabelledResults, Matrix, MatrixRow, differences, matrices};
