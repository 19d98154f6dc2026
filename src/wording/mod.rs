//! The judge's typed results → sentences. Pure.
//!
//! A sentence names events as people know them: by label, captured values, stream and time.

mod conclusion;
mod event;
mod failure;
mod finding;
mod occurrence;
mod order;
mod reason;
mod spans;
mod time;
mod values;
mod world;

pub use conclusion::conclusion;
pub use failure::{failure, requirement};
pub use finding::{answer, sources};
pub use reason::reason;
