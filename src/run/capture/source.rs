//! What every way of capture yields, and how it is asked.

use std::io;
use std::os::fd::BorrowedFd;
use std::time::Duration;

use crate::clock::{Clock, Stamp};
use crate::model::trace::{Capture, Stream};

/// Bytes of one stream that were captured together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::run) struct Chunk<'a> {
    /// Where they were written.
    pub(in crate::run) stream: Stream,
    /// No byte of them was written before this instant.
    pub(in crate::run) earliest: Stamp,
    /// Every byte of them was written by this instant.
    pub(in crate::run) latest: Stamp,
    /// Which write or read this is, counted over both streams in the order of time.
    pub(in crate::run) read: u32,
    /// Whether these are the bytes of exactly one write.
    pub(in crate::run) is_a_write: bool,
    /// What was written; never empty.
    pub(in crate::run) bytes: &'a [u8],
}

/// When to look for output again.
#[derive(Debug)]
pub(in crate::run) enum Wake<'a> {
    /// When one of these becomes readable, but after so long even if none does. None is left once both streams
    /// have ended.
    OnOutput(Vec<BorrowedFd<'a>>, Duration),
    /// After this long, whatever arrives: output is left to gather.
    After(Duration),
}

/// Where a program's output comes out.
pub(in crate::run) trait Source {
    /// Takes what has been written, in order within a stream, and returns without waiting for more.
    ///
    /// Returns after a bounded amount even while more keeps coming, so that limits can be looked at.
    fn drain(&mut self, clock: Clock, take: &mut dyn FnMut(Chunk<'_>)) -> io::Result<()>;

    /// Takes what was received and held back for the sake of its order: no more is wanted.
    fn finish(&mut self, clock: Clock, take: &mut dyn FnMut(Chunk<'_>));

    /// When to drain next, if looks are worth so much that there may be one `every` so often. Once `no_more` is written,
    /// nothing gathers.
    fn wake(&self, every: Duration, no_more: bool) -> Wake<'_>;

    /// Whether nothing more can come.
    fn is_at_end(&self) -> bool;

    /// Whether a buffer was ever found full, so that the program may have waited for us.
    fn was_full(&self) -> bool;

    /// Which way this is.
    fn way(&self) -> Capture;
}
