//! Linux.

mod cpus;
mod folders;
mod heap;
mod machine;
mod peers;
mod pipes;
mod shared_memory;
mod sockets;
mod urgent;

pub(crate) use cpus::{pin_thread, usable_cpus, wait_of_this_thread};
pub(crate) use folders::{
    clear_flags, make_accessible, open_folder_within, path_of, unmount_within,
};
pub use heap::give_back_freed_memory;
pub(crate) use machine::{forbids_programs, killed_for_memory, own_binary, runnable_threads};
pub(crate) use peers::peer;
pub(crate) use pipes::{enlarge_pipe, pipe};
pub(crate) use shared_memory::shared_by_name;
pub(crate) use sockets::{PEER_GONE, unacknowledged_bytes};
pub(crate) use urgent::Urgent;
