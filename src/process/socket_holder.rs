//! Who holds a socket, as far as the system tells.

/// Who holds a socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SocketHolder {
    /// The program under observation, or a process that it started.
    Program,
    /// Somebody else, and nobody of the program's.
    Other {
        /// How the kernel names the process. Any text can stand here.
        name: String,
        /// Its number.
        process: u32,
    },
    /// Nobody any more, somebody whose descriptors we may not read, or the system does not tell.
    Unknown,
}
