//! The report as one page of HTML: no network, no framework, and nothing that a program printed can act in it.
//!
//! Every text passes through the escaping that `askama.toml` names; what the template takes as it is comes from the
//! pictures and the highlighter, which escape for themselves. A policy in the page lets only our own script and style in,
//! by their hashes.

mod case;
mod overview;
mod page;
mod program;

#[cfg(test)]
mod tests;

pub use self::page::{HTML, html};
pub(crate) use self::page::{PAGE_STYLE, hash};
