//! What the kernel tells of the other end of a connection within this machine.

/// The other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Peer {
    /// The number of the user who made the socket. It is 0 of one that was closed already, whoever made it.
    pub(crate) user: u32,
    /// The number of the socket itself, as its holders' descriptors name it. It is 0 of one that nobody holds any more.
    pub(crate) inode: u32,
}
