//! Trials as pictures: what stands where, and on which scale of time. Pure.

mod layout;
mod pairs;
mod scale;

#[cfg(test)]
mod tests;

pub use layout::{Bar, Kind, Lane, Mark, Moment, Timeline};
pub use pairs::{Figure, Panel, Role, figure, figures};
pub use scale::Scale;
