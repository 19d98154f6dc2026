//! Capture by sockets whose messages Linux stamps as they are written.

mod offset;
mod receive;
mod stamped;

pub(super) use stamped::sockets;
