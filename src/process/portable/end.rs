//! Learning of a child's end at once, without a signal handler: a thread waits for it.

use std::io;
use std::os::fd::OwnedFd;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use rustix::io::Errno;
use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

use crate::system::pipe;

/// Whoever is told the child, and what becomes readable once that has ended. The child stays to be reaped.
pub(super) fn watch_for_end() -> io::Result<(Sender<Pid>, OwnedFd)> {
    let (reader, writer) = pipe()?;
    let (tell, told) = channel();
    thread::Builder::new().name("end".into()).spawn(move || {
        if let Ok(child) = told.recv() {
            wait_for_end(child);
        }
        // The reader sees the end of the pipe.
        drop(writer);
    })?;
    Ok((tell, reader))
}

fn wait_for_end(child: Pid) {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
    while waitid(WaitId::Pid(child), options).is_err_and(|error| error == Errno::INTR) {}
}

/// Whether a child has ended. It stays to be reaped.
pub(super) fn has_ended(child: Pid) -> io::Result<bool> {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
    Ok(waitid(WaitId::Pid(child), options)?.is_some())
}
