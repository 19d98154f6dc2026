//! Ways to capture what a program writes and when.
//!
//! Each way hands out two [`Outlets`](crate::process::Outlets) and a [`Source`] that yields what was written
//! as chunks. [`lines`] makes lines of them, whichever way they came.

use std::io;
use std::os::fd::BorrowedFd;
use std::time::Duration;

use crate::clock::{Clock, Stamp};
use crate::model::trace::{Capture, Stream};
use crate::process::Outlets;

pub(super) mod lines;
mod packed;
pub(super) mod piped;
mod spill;
pub(super) mod stamped;

/// Bytes of one stream that were captured together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chunk<'a> {
    /// Where they were written.
    pub(super) stream: Stream,
    /// No byte of them was written before this instant.
    pub(super) earliest: Stamp,
    /// Every byte of them was written by this instant.
    pub(super) latest: Stamp,
    /// Which write or read this is, counted over both streams in the order of time.
    pub(super) read: u32,
    /// Whether these are the bytes of exactly one write.
    pub(super) is_a_write: bool,
    /// What was written; never empty.
    pub(super) bytes: &'a [u8],
}

/// When to look for output again.
#[derive(Debug)]
pub(super) enum Wake<'a> {
    /// When one of these becomes readable, but after so long even if none does. None is left once both streams
    /// have ended.
    OnOutput(Vec<BorrowedFd<'a>>, Duration),
    /// After so long, whatever comes: output is left to gather.
    After(Duration),
}

/// Where a program's output comes out.
pub(super) trait Source {
    /// Takes what has been written, in order within a stream, and returns without waiting for more.
    ///
    /// Returns after a bounded amount even while more keeps coming, so that limits can be looked at.
    fn drain(&mut self, clock: Clock, take: &mut dyn FnMut(Chunk<'_>)) -> io::Result<()>;

    /// Takes what was received and held back for the sake of its order: no more is wanted.
    fn finish(&mut self, clock: Clock, take: &mut dyn FnMut(Chunk<'_>));

    /// When to drain next, if looks are worth so much that there may be one `every` so often.
    fn wake(&self, every: Duration) -> Wake<'_>;

    /// Whether nothing more can come.
    fn is_at_end(&self) -> bool;

    /// Whether a buffer was ever found full, so that the program may have waited for us.
    fn was_full(&self) -> bool;

    /// Which way this is.
    fn way(&self) -> Capture;
}

/// Opens a way: where the output comes out, and what the program writes to.
pub(super) fn open(way: Capture, clock: Clock) -> io::Result<(Box<dyn Source>, Outlets)> {
    Ok(match way {
        Capture::Piped => {
            let (reader, outlets) = piped::pipes(clock)?;
            (Box::new(reader), outlets)
        }
        Capture::Stamped => {
            let (receiver, outlets) = stamped::sockets(clock)?;
            (Box::new(receiver), outlets)
        }
    })
}
