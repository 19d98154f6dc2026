//! Pipes, and how much they hold.

use std::io;
use std::os::fd::{AsFd, OwnedFd};

use rustix::pipe::{PipeFlags, fcntl_getpipe_size, fcntl_setpipe_size, pipe_with};

/// Capacities to ask for, largest first: an unprivileged user's pipes may take 64 MiB in all.
const CAPACITIES: [usize; 4] = [1 << 20, 1 << 19, 1 << 18, 1 << 17];

/// A pipe whose ends do not survive an exec: the end to read, and the end to write.
pub(crate) fn pipe() -> io::Result<(OwnedFd, OwnedFd)> {
    Ok(pipe_with(PipeFlags::CLOEXEC)?)
}

/// Enlarges a pipe as far as the system permits: its capacity in bytes, or `None` if that is unknown.
pub(crate) fn enlarge_pipe(pipe: impl AsFd) -> Option<u64> {
    // A pipe that is refused even the smallest keeps its original size: programs block sooner, no more.
    let _ = CAPACITIES
        .iter()
        .find(|bytes| fcntl_setpipe_size(&pipe, **bytes).is_ok());
    fcntl_getpipe_size(&pipe).ok().map(|bytes| bytes as u64)
}
