//! Ways to capture what a program writes and when.
//!
//! Each way hands out two [`Outlets`](crate::process::Outlets) and a [`Source`] that yields what was written
//! as chunks. [`lines`] makes lines of them, whichever way they came.

use std::io;
use std::os::fd::BorrowedFd;

use crate::clock::{Clock, Stamp};
use crate::model::trace::Stream;

pub(super) mod lines;
pub(super) mod piped;

/// Bytes of one stream that were captured together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chunk<'a> {
    /// Where they were written.
    pub(super) stream: Stream,
    /// No byte of them was written before this instant.
    pub(super) earliest: Stamp,
    /// Every byte of them was written by this instant.
    pub(super) latest: Stamp,
    /// Which capture this is, counted over both streams.
    pub(super) read: u32,
    /// What was written; never empty.
    pub(super) bytes: &'a [u8],
}

/// Where a program's output comes out.
pub(super) trait Source {
    /// Takes what has been written, in order within a stream, and returns without waiting for more.
    ///
    /// Returns after a bounded amount even while more keeps coming, so that limits can be looked at.
    fn drain(&mut self, clock: Clock, take: &mut dyn FnMut(Chunk<'_>)) -> io::Result<()>;

    /// What becomes readable when there is more: nothing once both streams have ended.
    fn open_ends(&self) -> Vec<BorrowedFd<'_>>;

    /// Whether nothing more can come.
    fn is_at_end(&self) -> bool;
}
