//! Makes programs ready to run: reads scripts, compiles the others, keeps what was built.

mod all;
mod artifact;
mod by_hand;
mod cache;
mod context;
mod entry;
mod error;
mod estimate;
mod in_place;
mod names;
mod own;
mod package;
mod plan;
mod prune;
mod request;
mod runnable;
mod single;
mod together;

pub use all::{all, identity, preview};
pub use artifact::{Artifact, SourceFile};
pub use by_hand::by_hand;
pub use cache::{Cache, CacheError};
pub use error::{BuildError, Fault};
pub use in_place::in_place;
pub use request::{Built, LIMIT, Request};

#[cfg(test)]
mod tests;
