//! A write that is longer than a message may be, made in pieces on the caller's behalf.

use std::io;
use std::os::fd::BorrowedFd;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::{OFlags, fcntl_getfl};
use rustix::io::Errno;
use rustix::net::{SendFlags, send};

use super::kernel::{self, Answer, Asked};

/// The most parts that one call may gather, as the kernel has it.
const MOST_PARTS: u64 = 1024;
/// The bytes of one part's record: an address and a length.
const RECORD_BYTES: usize = 16;

/// The addresses and lengths of what a gathering call writes.
pub(super) fn gathered(asked: &Asked, records_at: u64, count: u64) -> io::Result<Vec<(u64, u64)>> {
    // The kernel itself refuses more than it allows.
    let count = usize::try_from(count.min(MOST_PARTS + 1)).map_err(io::Error::other)?;
    if count as u64 > MOST_PARTS {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut records = vec![0; count * RECORD_BYTES];
    if kernel::read(asked, records_at, &mut records)? < records.len() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let (records, _) = records.as_chunks::<8>();
    let numbers: Vec<u64> = records
        .iter()
        .map(|bytes| u64::from_ne_bytes(*bytes))
        .collect();
    let (pairs, _) = numbers.as_chunks::<2>();
    Ok(pairs
        .iter()
        .map(|[address, length]| (*address, *length))
        .collect())
}

/// The same for a message: its record holds the address and the length of the recipient's name, then those of the records.
pub(super) fn message(asked: &Asked, record_at: u64) -> io::Result<Vec<(u64, u64)>> {
    let mut record = [0; 32];
    if kernel::read(asked, record_at, &mut record)? < record.len() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let (numbers, _) = record.as_chunks::<8>();
    let [records_at, count] = [2, 3].map(|at: usize| u64::from_ne_bytes(numbers[at]));
    gathered(asked, records_at, count)
}

/// Writes the parts to `stream` in messages of at most `longest` bytes, as the caller's own write would have.
pub(super) fn write(
    listener: BorrowedFd<'_>,
    asked: &Asked,
    stream: BorrowedFd<'_>,
    parts: &[(u64, u64)],
    longest: usize,
) -> Answer {
    let total = parts
        .iter()
        .map(|(_, length)| *length)
        .fold(0, u64::saturating_add);
    if total <= longest as u64 {
        return Answer::AsItIs;
    }
    let mut piece = vec![0; longest];
    let mut written: u64 = 0;
    for (address, length) in parts {
        let mut done = 0;
        while done < *length {
            let size = usize::try_from(length - done)
                .unwrap_or(longest)
                .min(longest);
            let step = kernel::read(asked, address + done, &mut piece[..size])
                .map_err(|_| Errno::FAULT)
                .and_then(|read| say(listener, asked, stream, &piece[..read]));
            match step {
                Ok(0) => return told(written, Errno::FAULT),
                Ok(sent) => {
                    done += sent as u64;
                    written += sent as u64;
                }
                Err(error) => return told(written, error),
            }
        }
    }
    Answer::Returns(written.cast_signed())
}

/// What a write returns that has written this much when an error occurs.
fn told(written: u64, error: Errno) -> Answer {
    if written == 0 {
        return Answer::Returns(-i64::from(error.raw_os_error()));
    }
    Answer::Returns(written.cast_signed())
}

/// Sends one message. It waits where the caller would have waited, and no longer than the caller lives.
fn say(
    listener: BorrowedFd<'_>,
    asked: &Asked,
    stream: BorrowedFd<'_>,
    bytes: &[u8],
) -> Result<usize, Errno> {
    let waits = !fcntl_getfl(stream)?.contains(OFlags::NONBLOCK);
    loop {
        match send(stream, bytes, SendFlags::NOSIGNAL | SendFlags::DONTWAIT) {
            Err(Errno::AGAIN) if waits => {
                if !kernel::still_waits(listener, asked) {
                    return Err(Errno::INTR);
                }
                let room = &mut [PollFd::from_borrowed_fd(stream, PollFlags::OUT)];
                let limit = rustix::event::Timespec {
                    tv_sec: 0,
                    tv_nsec: 20_000_000,
                };
                match poll(room, Some(&limit)) {
                    Ok(_) | Err(Errno::INTR) => {}
                    Err(error) => return Err(error),
                }
            }
            Err(Errno::INTR) => {}
            sent => return sent,
        }
    }
}
