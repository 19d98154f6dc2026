//! The limits of a program other than time, as far as they are stated.

use std::time::Duration;

/// The limits that somebody states; `None` where nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Allowance {
    /// Bytes of its output, over both streams.
    pub output_bytes: Option<u64>,
    /// Bytes kept of one line of output.
    pub line_bytes: Option<u64>,
    /// Bytes of the largest file that it may write.
    pub file_bytes: Option<u64>,
    /// Descriptors that each of its processes may hold.
    pub open_files: Option<u64>,
    /// How long one call of its compiler may take.
    pub build: Option<Duration>,
}

impl Allowance {
    /// These, and where one is not stated, that of `other`.
    #[must_use]
    pub fn or(self, other: Allowance) -> Allowance {
        Allowance {
            output_bytes: self.output_bytes.or(other.output_bytes),
            line_bytes: self.line_bytes.or(other.line_bytes),
            file_bytes: self.file_bytes.or(other.file_bytes),
            open_files: self.open_files.or(other.open_files),
            build: self.build.or(other.build),
        }
    }
}
