//! What each operating system does in a way of its own, behind names that name none.
//!
//! `linux` is complete. `elsewhere` answers for every other system: what it cannot do it leaves out, and says so where
//! the caller needs to know. Programs under observation have a seam of their own in `process`, as stamped capture has
//! in `run`.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;

#[cfg(not(target_os = "linux"))]
use elsewhere as here;
#[cfg(target_os = "linux")]
use linux as here;

pub use here::give_back_freed_memory;
pub(crate) use here::{
    PEER_GONE, Urgent, enlarge_pipe, forbids_programs, killed_for_memory, own_binary, pin_thread,
    pipe, runnable_threads, unacknowledged_bytes, usable_cpus,
};
