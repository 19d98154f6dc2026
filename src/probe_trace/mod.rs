//! What was recorded of a program by probes inside it, and how that stands in a file: JSON, one row a line. Pure.
//!
//! Probes record and judge nothing: [`diagnose`](crate::diagnose) does. Every time is in nanoseconds on `CLOCK_MONOTONIC`,
//! the clock of the lines of output.

mod event;
mod file;
mod frame;
mod recording;

pub use event::{Event, Incapable, Joined, StuckTask, StuckThread, WaitedFor};
pub use file::{SCHEMA, Unreadable, read, read_rows, write};
pub use frame::{Frame, Sample};
pub use recording::{Header, OutputLine, Process, Recording, SourceText, Timed};
