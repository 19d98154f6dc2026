//! A program that runs under its supervisor, whichever backend started it.

use std::fmt::Debug;
use std::io;
use std::os::fd::BorrowedFd;

use super::here::ProgramSockets;
use super::message::{Heard, Notice, Request};

/// Our side of a supervisor. Dropped, it ends the supervisor, and what the program started.
pub(super) trait Supervision: Debug + Send {
    /// As [`Running::control`].
    fn control(&self) -> BorrowedFd<'_>;

    /// As [`Running::sockets`].
    fn sockets(&self) -> ProgramSockets;

    /// As [`Running::ask`].
    fn ask(&self, request: Request);

    /// As [`Running::wake`].
    fn wake(&self);

    /// As [`Running::hear`].
    fn hear(&mut self) -> io::Result<Heard<Notice>>;
}

/// A program with its supervisor. Dropped, it ends both, and what the program started.
#[derive(Debug)]
pub struct Running(pub(super) Box<dyn Supervision>);

impl Running {
    /// Becomes readable when the supervisor has something to say.
    #[must_use]
    pub fn control(&self) -> BorrowedFd<'_> {
        self.0.control()
    }

    /// The sockets of the program.
    #[must_use]
    pub fn sockets(&self) -> ProgramSockets {
        self.0.sockets()
    }

    /// Asks the supervisor to do something. One that is gone is not an error here: hearing tells.
    pub fn ask(&self, request: Request) {
        self.0.ask(request);
    }

    /// Lets a supervisor go on that the program has stopped, perhaps before it could say that it started one.
    pub fn wake(&self) {
        self.0.wake();
    }

    /// What the supervisor has to say, without waiting.
    ///
    /// # Errors
    /// The socket fails, or the supervisor talks nonsense.
    pub fn hear(&mut self) -> io::Result<Heard<Notice>> {
        self.0.hear()
    }
}
