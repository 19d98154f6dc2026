//! Programs under observation on Linux.
//!
//! A supervisor is a sub-reaper, finds what it must end in `/proc`, and signals by process descriptors; Landlock and
//! seccomp confine the program, and a seccomp shim keeps it from noticing how its output is captured.

mod bpf;
mod burners;
mod calls;
mod conversation;
mod family;
mod holders;
mod narrowed;
mod pauses;
mod running;
mod sandbox;
mod shim;
mod sockets;
mod supervised;
mod supervisor;
mod terms;
mod threads;
mod waits;

pub use burners::Burners;
pub use running::Running;
pub use sockets::ProgramSockets;
pub(super) use supervisor::can_supervise;
pub use supervisor::main_if_asked;
