//! Looks for a trace that shows two behaviours at once: none of them could then be the other's negative control.
//!
//! What both demand is drawn up as events and as what must come before what. Random orders that respect that, at random
//! times, are judged by the judge. It is a search: what it finds is a witness, what it does not find is no proof.

mod exit;
mod participants;
mod schedule;
mod search;
mod sketch;

pub use search::{Witness, witnesses};
