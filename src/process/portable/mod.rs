//! Programs under observation on any Unix.
//!
//! A supervisor stands between us and a program here too, so that the program ends if we do. It starts the program in a
//! process group of its own and signals that group. A process that leaves the group is neither seen nor ended; the
//! program's output tells of it only as long as such a process holds it.

mod calls;
mod conversation;
mod end;
mod entry;
mod program;
mod running;
mod signals;
mod supervisor;

pub(super) use running::start;
pub(super) use supervisor::supervise_if_asked;
