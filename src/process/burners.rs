//! Busy loops, each a process of its own in a session of its own.
//!
//! Linux shares processors between sessions first: loops in our session would compete with us and not with a program, and
//! loops in one session would count as one.
#![expect(clippy::disallowed_types, reason = "this is inside `process`")]

use std::hint::black_box;
use std::io::{self, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, Stdio};

use rustix::process::{Pid, setsid};

use super::own_children::own_children;
use crate::system::own_binary;

/// The first argument that makes `repro` a burner.
pub(super) const ENTRY: &str = "__burn";

/// Becomes a busy loop, which ends with the process that started it.
pub(super) fn burn() -> ! {
    // Refused only to a process that leads a session already.
    let _ = setsid();
    std::thread::spawn(|| {
        loop {
            black_box(());
        }
    });
    let _ = io::stdin().read(&mut [0]);
    std::process::exit(0);
}

/// Busy loops. Dropped, they end.
#[derive(Debug)]
pub struct Burners(Vec<Burner>);

#[derive(Debug)]
struct Burner {
    process: Child,
    /// Never written to: its end is the burner's end, even if we are killed.
    _lifeline: Option<ChildStdin>,
}

impl Burners {
    /// Starts so many.
    ///
    /// # Errors
    /// The system refuses one; those that were started end.
    pub fn start(count: usize) -> io::Result<Burners> {
        let mut burners = Burners(Vec::new());
        for _ in 0..count {
            burners.0.push(Burner::start()?);
        }
        Ok(burners)
    }
}

impl Burner {
    fn start() -> io::Result<Burner> {
        let mut start = std::process::Command::new(own_binary());
        start.arg0("repro").arg(ENTRY).env_clear();
        start.stdin(Stdio::piped()).stdout(Stdio::null());
        let mut own = own_children();
        let mut process = start.spawn()?;
        own.insert(Pid::from_child(&process).as_raw_pid());
        Ok(Burner {
            _lifeline: process.stdin.take(),
            process,
        })
    }
}

impl Drop for Burner {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        own_children().remove(&Pid::from_child(&self.process).as_raw_pid());
    }
}
