//! Every system without a folder of its own: what needs one is left out.

use std::collections::BTreeSet;
use std::ffi::CStr;
use std::io;
use std::net::SocketAddrV4;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::event::PollFlags;
use rustix::fs::{AtFlags, Mode, OFlags, chmodat, fstat, openat};
use rustix::io::{Errno, FdFlags, fcntl_setfd};

use super::peer::Peer;

/// The running binary, as its path was when it was started.
pub(crate) fn own_binary() -> PathBuf {
    std::env::current_exe().unwrap_or_else(|_| "repro".into())
}

/// The system does not tell.
pub(crate) fn runnable_threads() -> Option<u32> {
    None
}

/// The system does not tell.
pub(crate) fn killed_for_memory() -> Option<u64> {
    None
}

/// The system does not tell: a program that cannot be run says so itself.
pub(crate) fn forbids_programs(_folder: &Path) -> io::Result<bool> {
    Ok(false)
}

/// What `poll` says once the other end is gone; a half that was closed is not told.
pub(crate) const PEER_GONE: PollFlags = PollFlags::HUP.union(PollFlags::ERR);

/// The system does not tell: what was written counts as accepted.
pub(crate) fn unacknowledged_bytes(_socket: impl AsFd) -> io::Result<usize> {
    Ok(0)
}

/// A pipe whose ends do not survive an exec: the end to read, and the end to write.
pub(crate) fn pipe() -> io::Result<(OwnedFd, OwnedFd)> {
    let (reader, writer) = rustix::pipe::pipe()?;
    fcntl_setfd(&reader, FdFlags::CLOEXEC)?;
    fcntl_setfd(&writer, FdFlags::CLOEXEC)?;
    Ok((reader, writer))
}

/// The capacity of a pipe can be neither changed nor asked for.
pub(crate) fn enlarge_pipe(_pipe: impl AsFd) -> Option<u64> {
    None
}

/// The system does not tell.
pub(crate) fn usable_cpus() -> Option<Vec<usize>> {
    None
}

/// The system does not tell.
pub(crate) fn wait_of_this_thread() -> Option<u64> {
    None
}

/// The system moves threads as it sees fit.
pub(crate) fn pin_thread(_cpu: usize) {}

/// Nothing to fix.
pub fn give_back_freed_memory() {}

/// No thread is a real-time thread.
#[derive(Debug)]
pub(crate) struct Urgent;

impl Urgent {
    /// Never.
    pub(crate) fn is_permitted(&self) -> bool {
        false
    }

    /// The thread stays as late as any other.
    pub(crate) fn if_permitted() -> Self {
        Urgent
    }
}

/// Opens the folder `name` in `folder`; `EXDEV` if another file system is mounted there, and never what a link leads to.
pub(crate) fn open_folder_within(folder: BorrowedFd<'_>, name: &CStr) -> Result<OwnedFd, Errno> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let opened = openat(folder, name, flags, Mode::empty())?;
    if fstat(folder)?.st_dev == fstat(&opened)?.st_dev {
        Ok(opened)
    } else {
        Err(Errno::XDEV)
    }
}

/// Gives us every right to the folder `name` in `folder`.
pub(crate) fn make_accessible(folder: BorrowedFd<'_>, name: &CStr) -> Result<(), Errno> {
    chmodat(folder, name, Mode::RWXU, AtFlags::SYMLINK_NOFOLLOW)
}

/// Such flags are left as they are.
pub(crate) fn clear_flags(_folder: BorrowedFd<'_>, _name: &CStr) {}

/// The system does not tell.
pub(crate) fn path_of(_opened: &OwnedFd) -> Option<PathBuf> {
    None
}

/// What is mounted stays.
pub(crate) fn unmount_within(_folder: &Path) {}

/// The system does not list it.
pub(crate) fn shared_by_name() -> BTreeSet<String> {
    BTreeSet::new()
}

/// The system does not tell.
pub(crate) fn peer(_theirs: SocketAddrV4, _ours: SocketAddrV4) -> Option<Peer> {
    None
}
