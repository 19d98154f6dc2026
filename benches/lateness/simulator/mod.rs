//! A machine that runs small concurrent programs and delays them, to hold the judge against: what a delayed program seems to
//! show must be something that it can show without delay.

mod delays;
mod machine;
mod programs;
mod seen;
mod trial;

pub use trial::{Tally, run};
