//! What each operating system does in a way of its own, behind names that name none.
//!
//! `linux` is complete. `elsewhere` answers for every other system: what it cannot do it leaves out, and says so where
//! the caller needs to know. Programs under observation have a seam of their own in `process`, as stamped capture has
//! in `run`.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
mod file_limit;
#[cfg(target_os = "linux")]
mod linux;
mod peer;

#[cfg(not(target_os = "linux"))]
use elsewhere as here;
#[cfg(target_os = "linux")]
use linux as here;

pub use file_limit::outlive_file_limits;
pub use here::give_back_freed_memory;
pub(crate) use here::{
    PEER_GONE, Urgent, clear_flags, enlarge_pipe, forbids_programs, killed_for_memory,
    make_accessible, open_folder_within, own_binary, path_of, peer, pin_thread, pipe,
    runnable_threads, shared_by_name, unacknowledged_bytes, unmount_within, usable_cpus,
    wait_of_this_thread,
};
pub(crate) use peer::Peer;
