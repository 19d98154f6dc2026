//! Ways to capture what a program writes and when.
//!
//! Each way hands out two [`Outlets`](crate::process::Outlets) and a [`Source`] that yields what was written
//! as chunks. [`lines`] makes lines of them, whichever way they came. Pipes are found on every system; stamped sockets
//! are Linux's, and `elsewhere` refuses them.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
pub(super) mod lines;
#[cfg(target_os = "linux")]
mod linux;
mod open;
mod packed;
pub(super) mod piped;
mod source;
mod spill;

#[cfg(not(target_os = "linux"))]
use elsewhere as here;
#[cfg(target_os = "linux")]
use linux as here;

pub(super) use open::open;
pub(super) use source::{Chunk, Source, Wake};
