//! Capture by two pipes and one reader that looks at both.
//!
//! A pipe tells when it was read, not when it was written to. But a read that comes back short has emptied the pipe, so
//! whatever the next read brings was written after this one began: the time of a write lies between the beginning of the
//! last such read and the return of the read that brought it. To keep the two streams comparable, a read that brings data
//! from one is followed by another read of the other, until both are empty.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::time::Duration;

use rustix::io::{Errno, ioctl_fionbio, ioctl_fionread, read};

use super::source::{Chunk, Source, Wake};
use crate::clock::{Clock, Stamp};
use crate::model::trace::{Capture, Stream};
use crate::process::Outlets;
use crate::system::{enlarge_pipe, pipe};

const READ_BYTES: usize = 256 << 10;
/// How often limits are looked at once a program has closed its output.
const CLOSED: Duration = Duration::from_millis(20);
/// Output of so many bytes between two looks is dense: reading each line at once would make all of them dearer, and would
/// not tell their order either.
const DENSE_BYTES: usize = 4096;
/// For how long dense output is left to gather.
const GATHER: Duration = Duration::from_micros(200);
/// With less room than a page, a pipe makes writers wait.
const PAGE: u64 = 4096;
/// How many reads a drain may take while a program keeps writing.
const READS_A_DRAIN: u32 = 64;

/// Makes the pipes: one side to read, one for the program.
pub(in crate::run) fn pipes(clock: Clock) -> io::Result<(Reader, Outlets)> {
    let (stdout, their_stdout) = pipe()?;
    let (stderr, their_stderr) = pipe()?;
    let empty = clock.now();
    let end = |stream, pipe: OwnedFd| -> io::Result<End> {
        let holds = enlarge_pipe(&pipe).unwrap_or(u64::MAX);
        // Our ends alone: a program must find its ends as it would find any pipe.
        ioctl_fionbio(&pipe, true)?;
        Ok(End {
            stream,
            holds,
            pipe: Some(pipe),
            empty,
        })
    };
    let reader = Reader {
        ends: [end(Stream::Stdout, stdout)?, end(Stream::Stderr, stderr)?],
        buffer: vec![0; READ_BYTES],
        reads: 0,
        is_dense: false,
        was_full: false,
    };
    Ok((
        reader,
        Outlets {
            stdin: None,
            stdout: their_stdout,
            stderr: their_stderr,
        },
    ))
}

/// Reads both pipes.
#[derive(Debug)]
pub(in crate::run) struct Reader {
    ends: [End; 2],
    buffer: Vec<u8>,
    reads: u32,
    /// Whether the last look brought much, though not so much that writers would wait if output is left to gather.
    is_dense: bool,
    was_full: bool,
}

#[derive(Debug)]
struct End {
    stream: Stream,
    /// Gone once its end of file was read.
    pipe: Option<OwnedFd>,
    /// Its capacity in bytes; a pipe of unknown capacity never counts as full.
    holds: u64,
    /// The last instant at which, or after which, the pipe is known to have been empty.
    empty: Stamp,
}

/// What one read found.
enum Found {
    /// More may be there.
    Full,
    /// These were the last bytes for now.
    Last,
    /// Nothing, for now or for good.
    Nothing,
}

impl Source for Reader {
    fn drain(&mut self, clock: Clock, take: &mut dyn FnMut(Chunk<'_>)) -> io::Result<()> {
        let mut look = [true, true];
        let mut left = READS_A_DRAIN;
        let mut brought = 0;
        let take = &mut |chunk: Chunk<'_>| {
            brought += chunk.bytes.len();
            take(chunk);
        };
        while left > 0 && look.contains(&true) {
            for this in 0..2 {
                if !look[this] {
                    continue;
                }
                left = left.saturating_sub(1);
                match self.read(this, clock, take)? {
                    Found::Full => look[1 - this] = true,
                    Found::Last => {
                        look[this] = false;
                        look[1 - this] = true;
                    }
                    Found::Nothing => look[this] = false,
                }
            }
        }
        let room = self.ends.iter().map(|end| end.holds).min();
        let fits = room.is_some_and(|room| brought as u64 <= room / 4);
        self.is_dense = brought >= DENSE_BYTES && fits;
        Ok(())
    }

    /// Nothing is left: everything that was read was handed on at once.
    fn finish(&mut self, _clock: Clock, _take: &mut dyn FnMut(Chunk<'_>)) {}

    fn wake(&self, every: Duration, no_more: bool) -> Wake<'_> {
        if self.is_dense && !no_more {
            return Wake::After(GATHER);
        }
        let pipes = self.ends.iter().filter_map(|end| end.pipe.as_ref());
        let pipes: Vec<_> = pipes.map(AsFd::as_fd).collect();
        let every = if pipes.is_empty() { CLOSED } else { every };
        Wake::OnOutput(pipes, every)
    }

    fn is_at_end(&self) -> bool {
        self.ends.iter().all(|end| end.pipe.is_none())
    }

    fn was_full(&self) -> bool {
        self.was_full
    }

    fn way(&self) -> Capture {
        Capture::Piped
    }
}

impl Reader {
    fn read(
        &mut self,
        this: usize,
        clock: Clock,
        take: &mut dyn FnMut(Chunk<'_>),
    ) -> io::Result<Found> {
        let end = &mut self.ends[this];
        let Some(pipe) = &end.pipe else {
            return Ok(Found::Nothing);
        };
        let before = clock.now();
        let length = match read(pipe, &mut self.buffer[..]) {
            Ok(0) => {
                end.pipe = None;
                return Ok(Found::Nothing);
            }
            Ok(length) => length,
            Err(Errno::AGAIN) => {
                end.empty = before;
                return Ok(Found::Nothing);
            }
            Err(Errno::INTR) => return Ok(Found::Full),
            Err(error) => return Err(error.into()),
        };
        take(Chunk {
            stream: end.stream,
            earliest: end.empty,
            latest: clock.now(),
            read: self.reads,
            is_a_write: false,
            bytes: &self.buffer[..length],
        });
        self.reads = self.reads.saturating_add(1);
        if length == READ_BYTES {
            let rest = ioctl_fionread(pipe).unwrap_or(0);
            self.was_full |= length as u64 + rest + PAGE > end.holds;
            return Ok(Found::Full);
        }
        self.was_full |= length as u64 + PAGE > end.holds;
        end.empty = before;
        Ok(Found::Last)
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use rustix::io::write;
    use rustix::pipe::{fcntl_getpipe_size, fcntl_setpipe_size};

    use super::*;

    fn drained(reader: &mut Reader) -> Vec<(Stream, Stamp, Stamp, Vec<u8>)> {
        let mut chunks = Vec::new();
        let take = &mut |c: Chunk<'_>| {
            chunks.push((c.stream, c.earliest, c.latest, c.bytes.to_vec()));
        };
        reader.drain(Clock::Real, take).unwrap();
        chunks
    }

    #[test]
    fn a_pipe_is_full_if_a_write_would_have_had_to_wait() {
        let (mut reader, outlets) = pipes(Clock::Real).unwrap();
        ioctl_fionbio(&outlets.stdout, true).unwrap();
        let part = [b'x'; 4096];
        for _ in 0..3 {
            write(&outlets.stdout, &part).unwrap();
        }
        drained(&mut reader);
        assert!(!reader.was_full());
        while write(&outlets.stdout, &part).is_ok() {}
        drained(&mut reader);
        assert!(reader.was_full());
    }

    #[test]
    fn dense_output_is_left_to_gather_unless_its_writer_may_have_to_wait() {
        let (mut reader, outlets) = pipes(Clock::Real).unwrap();
        let mut after = |bytes: usize| {
            for part in vec![b'x'; bytes].chunks(4096) {
                write(&outlets.stdout, part).unwrap();
            }
            drained(&mut reader);
            matches!(reader.wake(Duration::ZERO, false), Wake::After(GATHER))
        };
        assert!(!after(DENSE_BYTES - 1));
        assert!(after(DENSE_BYTES));
        assert!(!after(0));
        let held = fcntl_getpipe_size(&outlets.stdout).unwrap();
        assert!(!after(held / 2));
    }

    #[test]
    fn the_true_time_of_a_write_lies_within_its_interval() {
        const WRITES: usize = 2_000;
        let clock = Clock::Real;
        let (mut reader, outlets) = pipes(clock).unwrap();
        let writer = thread::spawn(move || {
            let write = |n: usize| {
                let end = if n.is_multiple_of(2) {
                    &outlets.stdout
                } else {
                    &outlets.stderr
                };
                let before = clock.now();
                write(end, &n.to_le_bytes()).unwrap();
                let after = clock.now();
                if n.is_multiple_of(7) {
                    clock.sleep(Duration::from_micros(100));
                }
                (before, after)
            };
            (0..WRITES).map(write).collect::<Vec<_>>()
        });
        let mut seen = Vec::new();
        while !reader.is_at_end() {
            for (_, earliest, latest, bytes) in drained(&mut reader) {
                for number in bytes.chunks(size_of::<usize>()) {
                    let number = usize::from_le_bytes(number.try_into().unwrap());
                    seen.push((number, earliest, latest));
                }
            }
            clock.sleep(Duration::from_micros(50));
        }
        let truth = writer.join().unwrap();
        assert_eq!(seen.len(), WRITES);
        for (number, earliest, latest) in seen {
            let (before, after) = truth[number];
            assert!(
                earliest < after && before < latest,
                "write {number} lies outside"
            );
        }
    }

    #[test]
    fn a_write_between_two_looks_lies_between_them() {
        let clock = Clock::Real;
        let (mut reader, outlets) = pipes(clock).unwrap();
        for _ in 0..50 {
            assert!(drained(&mut reader).is_empty());
            let before = clock.now();
            write(&outlets.stderr, b"x").unwrap();
            let after = clock.now();
            let chunks = drained(&mut reader);
            let [(Stream::Stderr, earliest, latest, _)] = &chunks[..] else {
                panic!("{chunks:?}")
            };
            assert!(*earliest <= before && after <= *latest);
        }
    }

    #[test]
    fn an_interval_begins_where_its_pipe_was_last_empty_however_much_was_read_since() {
        let clock = Clock::Real;
        let (mut reader, outlets) = pipes(clock).unwrap();
        let held = fcntl_setpipe_size(&outlets.stdout, 0).unwrap_or(1 << 16);
        let before = clock.now();
        let some = vec![b'x'; held.min(READ_BYTES + 10)];
        write(&outlets.stdout, &some).unwrap();
        for (_, earliest, ..) in drained(&mut reader) {
            assert!(earliest <= before);
        }
    }

    #[test]
    fn the_end_comes_when_both_are_closed() {
        let (mut reader, outlets) = pipes(Clock::Real).unwrap();
        write(&outlets.stdout, b"last words").unwrap();
        drop(outlets.stdout);
        assert_eq!(drained(&mut reader).len(), 1);
        assert!(drained(&mut reader).is_empty());
        assert!(!reader.is_at_end());
        assert!(
            matches!(reader.wake(Duration::ZERO, false), Wake::OnOutput(ends, _) if ends.len() == 1)
        );
        drop(outlets.stderr);
        assert!(drained(&mut reader).is_empty());
        assert!(reader.is_at_end());
    }
}
