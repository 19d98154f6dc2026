//! What the kernel tells of the other end of a TCP connection.
#![expect(unsafe_code, reason = "rustix has no safe wrapper for SIOCOUTQ")]

use std::io;
use std::os::fd::AsFd;

use rustix::event::PollFlags;
use rustix::ioctl::{Getter, Opcode, ioctl};

/// What `poll` says once the other end is gone, wholly or with its sending half.
pub(crate) const PEER_GONE: PollFlags =
    PollFlags::RDHUP.union(PollFlags::HUP).union(PollFlags::ERR);

/// `SIOCOUTQ` is `TIOCOUTQ` by another name.
const SIOCOUTQ: Opcode = libc::TIOCOUTQ as Opcode;

/// How many bytes that were handed to the kernel for this TCP connection its other end has not acknowledged; the mark that
/// ends our sending half counts as one.
pub(crate) fn unacknowledged_bytes(socket: impl AsFd) -> io::Result<usize> {
    // SAFETY: on a TCP socket SIOCOUTQ writes one `int` to its argument and does nothing else; on any
    // other descriptor it fails, or (a terminal) writes one `int` too.
    let bytes = unsafe { ioctl(socket, Getter::<SIOCOUTQ, libc::c_int>::new()) }?;
    Ok(usize::try_from(bytes).unwrap_or(0))
}
