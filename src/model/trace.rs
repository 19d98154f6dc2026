//! What a program printed and when, with its exit and what the stand-in saw.

use serde::{Deserialize, Serialize};

use super::conditions::Conditions;
use super::interval::Interval;
use super::label::Label;
use super::named::named;

named! {
    /// Which output a line was written to.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum Stream {
        /// File descriptor 1.
        #[default]
        Stdout = "stdout",
        /// File descriptor 2.
        Stderr = "stderr",
    }
}

pub use super::values::Values;

/// One line as the program wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Where it was written.
    pub stream: Stream,
    /// Its bytes without the final newline.
    pub bytes: Vec<u8>,
    /// When its first byte was written.
    pub first: Interval,
    /// When its last byte (the newline, if it has one) was written.
    pub last: Interval,
    /// Which read of the capture brought its last byte, counted over both streams. Lines with the same
    /// number arrived together.
    pub read: u32,
    /// Whether a newline ended it. Only the last line of a stream may lack one.
    pub terminated: bool,
    /// Whether bytes beyond the longest line kept were dropped.
    pub cut: bool,
    /// Where in `bytes` each write after the first began, and when it was made; empty where the capture does not
    /// see writes. Threads that share a stream can glue their lines: this is where they can be parted again.
    pub seams: Vec<(usize, Interval)>,
}

/// A line that is handed on and not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineRef<'l> {
    /// As [`Line`] has it.
    pub stream: Stream,
    /// As [`Line`] has it.
    pub bytes: &'l [u8],
    /// As [`Line`] has it.
    pub first: Interval,
    /// As [`Line`] has it.
    pub last: Interval,
    /// As [`Line`] has it.
    pub terminated: bool,
    /// As [`Line`] has it.
    pub cut: bool,
}

impl<'l> From<&'l Line> for LineRef<'l> {
    fn from(line: &'l Line) -> Self {
        LineRef {
            stream: line.stream,
            bytes: &line.bytes,
            first: line.first,
            last: line.last,
            terminated: line.terminated,
            cut: line.cut,
        }
    }
}

named! {
    /// What the stand-in saw of one request.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum Service {
        /// The request arrived.
        Asked = "asked",
        /// The whole answer was accepted, and the client had not gone first.
        Answered = "answered",
        /// The client was gone before its answer was complete.
        Dropped = "dropped",
    }
}

impl Service {
    /// The label of the event that a request of this route did so.
    #[must_use]
    pub fn label(self, route: &str) -> Option<Label> {
        Label::parse(&format!("{route}.{}", self.name()))
    }
}

/// An event of the stand-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// The route of the case file that the request matched.
    pub route: String,
    /// What happened.
    pub service: Service,
    /// When.
    pub at: Interval,
    /// What the route's path captured.
    pub values: Values,
}

/// A signal that the program was sent because its case says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    /// Its number.
    pub signal: i32,
    /// Just before it was sent, while the program lived: what it provokes comes later.
    pub at: Interval,
}

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// It returned this code.
    Code(i32),
    /// A signal that we did not send ended it; the signal's number.
    Signal(i32),
    /// Its time was up; the number of the signal of ours that ended it.
    Timeout {
        /// SIGTERM or SIGKILL.
        ended_by: i32,
    },
    /// It wrote more than a trial may keep, and we ended it.
    Flooded,
}

named! {
    /// Which way the output was captured.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum Capture {
        /// Two sockets, each write stamped by the kernel as it is made.
        Stamped = "stamped",
        /// Two pipes, read by one settling reader.
        #[default]
        Piped = "piped",
    }
}

/// One trial as it was observed: what a program printed, when, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// Every line, by stream in the order written; streams interleave by the order of their reads.
    pub lines: Vec<Line>,
    /// What the stand-in saw, in its own order.
    pub served: Vec<Served>,
    /// The signals that it was sent, in order.
    pub sent: Vec<Sent>,
    /// How the program ended.
    pub exit: Exit,
    /// When it ended.
    pub exit_at: Interval,
    /// How it was captured.
    pub capture: Capture,
    /// How the trial went.
    pub conditions: Conditions,
}
