//! The two sockets, and how to tell that another process's descriptor is one of them.

use std::fs;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// A program's stdout and stderr. A stream is the object, not the number: copies and redirections are found too.
#[derive(Debug)]
pub(super) struct Streams {
    sockets: [OwnedFd; 2],
    /// What `/proc` links to each of them say.
    names: [String; 2],
    longest_write: usize,
}

impl Streams {
    pub(super) fn new(sockets: [OwnedFd; 2], longest_write: usize) -> io::Result<Self> {
        let name = |socket: &OwnedFd| io::Result::Ok(format!("socket:[{}]", inode(socket)?));
        let names = [name(&sockets[0])?, name(&sockets[1])?];
        Ok(Streams {
            sockets,
            names,
            longest_write,
        })
    }

    /// The most bytes that one message holds.
    pub(super) fn longest_write(&self) -> usize {
        self.longest_write
    }

    /// The stream that a thread knows by this number, if it is one.
    pub(super) fn of(&self, thread: u32, descriptor: u64) -> Option<BorrowedFd<'_>> {
        // A descriptor is an int, whatever the upper half of the register holds.
        let number = descriptor & 0xFFFF_FFFF;
        self.behind(Path::new(&format!("/proc/{thread}/fd/{number}")))
    }

    /// The stream that a link of `/proc` leads to, if it is one.
    pub(super) fn behind(&self, link: &Path) -> Option<BorrowedFd<'_>> {
        let name = fs::read_link(link).ok()?;
        let at = self
            .names
            .iter()
            .position(|known| name == Path::new(known))?;
        self.sockets.get(at).map(AsFd::as_fd)
    }
}

/// The inode behind a descriptor of our own.
fn inode(of: &OwnedFd) -> io::Result<u64> {
    Ok(fs::File::from(of.try_clone()?).metadata()?.ino())
}
