//! The report as one page of HTML: no network, no framework, nothing in it that a program printed can act.
//!
//! Every text passes through [`visible`] and then through the template's escaping; what the template takes as it is comes
//! from the pictures and the highlighter, which escape for themselves. A policy in the page lets only our own script and
//! style in, by their hashes.

mod case;
mod markup;
mod overview;
mod page;
mod places;
mod program;
mod words;

#[cfg(test)]
mod tests;

pub use self::page::{HTML, html};
