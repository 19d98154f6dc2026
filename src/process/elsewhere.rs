//! Systems on which no program can be observed yet: everything is refused, with the reason.

use std::convert::Infallible;
use std::io;
use std::os::fd::BorrowedFd;

use super::message::{Heard, Notice, Request};
use super::socket_holder::SocketHolder;
use super::{Command, Outlets, Resources, SandboxRules, StartError, Supervisor};
use crate::clock::Clock;

/// A process of ours is never started as a helper here.
pub fn main_if_asked(_clock: Clock, _background: fn() -> Vec<&'static str>) {}

/// Whether this process can be started again as a supervisor: nothing can.
pub(super) fn can_supervise() -> bool {
    false
}

/// Busy loops; there can be none.
#[derive(Debug)]
pub struct Burners(Infallible);

impl Burners {
    /// Refuses.
    ///
    /// # Errors
    /// Always.
    pub fn start(_count: usize) -> io::Result<Burners> {
        Err(unsupported())
    }
}

/// A program with its supervisor; there can be none.
#[derive(Debug)]
pub struct Running(Infallible);

/// The sockets of a program; there can be none.
#[derive(Debug)]
pub struct ProgramSockets(Infallible);

impl ProgramSockets {
    /// Who holds the socket of this number.
    #[must_use]
    pub fn holder(&self, _inode: u32) -> SocketHolder {
        match self.0 {}
    }
}

impl Supervisor {
    /// Refuses.
    ///
    /// # Errors
    /// Always.
    pub fn start(
        &self,
        _command: &Command,
        _outlets: Outlets,
        _resources: Resources,
        _clock: Clock,
    ) -> Result<Running, StartError> {
        Err(StartError::Refused {
            exe: self.exe.clone(),
            error: unsupported(),
        })
    }
}

impl SandboxRules {
    /// None: no rule can be enforced.
    #[must_use]
    pub fn here() -> SandboxRules {
        SandboxRules {
            rules: Vec::new(),
            port: None,
        }
    }
}

impl Running {
    /// Becomes readable when the supervisor has something to say.
    #[must_use]
    pub fn control(&self) -> BorrowedFd<'_> {
        match self.0 {}
    }

    /// The sockets of the program.
    #[must_use]
    pub fn sockets(&self) -> ProgramSockets {
        match self.0 {}
    }

    /// Asks the supervisor to do something.
    pub fn ask(&self, _request: Request) {
        match self.0 {}
    }

    /// Lets a supervisor go on that the program has stopped.
    pub fn wake(&self) {
        match self.0 {}
    }

    /// What the supervisor has to say, without waiting.
    ///
    /// # Errors
    /// Never.
    pub fn hear(&mut self) -> io::Result<Heard<Notice>> {
        match self.0 {}
    }
}

fn unsupported() -> io::Error {
    let system = std::env::consts::OS;
    io::Error::new(
        io::ErrorKind::Unsupported,
        format!("programs cannot be observed on {system} yet; run repro on Linux"),
    )
}
