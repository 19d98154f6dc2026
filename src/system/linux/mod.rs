//! Linux.

mod cpus;
mod heap;
mod machine;
mod pipes;
mod sockets;
mod urgent;

pub(crate) use cpus::{pin_thread, usable_cpus};
pub use heap::give_back_freed_memory;
pub(crate) use machine::{forbids_programs, killed_for_memory, own_binary, runnable_threads};
pub(crate) use pipes::{enlarge_pipe, pipe};
pub(crate) use sockets::{PEER_GONE, unacknowledged_bytes};
pub(crate) use urgent::Urgent;
