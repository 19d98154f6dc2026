//! What a removal had to leave.

use std::path::PathBuf;

use rustix::io::Errno;

/// Something that could not be removed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path} {why}", path = path.display())]
pub struct Left {
    /// Where it is.
    pub path: PathBuf,
    /// Why it is still there.
    pub why: WhyLeft,
}

/// Why something was not removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WhyLeft {
    /// Another file system, or another part of this one, is mounted there.
    #[error("is where something else is mounted: unmount it, then remove it")]
    Mounted,
    /// The system refuses.
    #[error("could not be removed: {0}")]
    Refused(Errno),
    /// The folder that was to be removed is no longer there, but something else is.
    #[error("was put in the place of a folder that was to be removed")]
    Replaced,
}
