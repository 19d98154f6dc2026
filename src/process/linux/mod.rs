//! Programs under observation on Linux.
//!
//! A supervisor is a sub-reaper, finds what it must end in `/proc`, and signals by process descriptors; Landlock and
//! seccomp confine the program, and a seccomp shim keeps it from noticing how its output is captured.

mod bpf;
mod calls;
mod conversation;
mod family;
mod holders;
mod narrowed;
mod running;
mod sandbox;
mod shim;
mod sockets;
mod supervised;
mod supervisor;
mod terms;
mod threads;

pub(super) use calls::keep_to_ourselves;
pub(super) use running::start;
pub(super) use sandbox::rules_here;
pub use sockets::ProgramSockets;
pub(super) use supervisor::supervise_if_asked;
pub(super) use threads::Family;
