//! How `repro` is told to be a portable supervisor.

/// The first argument that makes one of it; the limits, the program and its arguments follow.
pub(super) const ENTRY: &str = "__supervise-portably";
/// The same, where the program's stdin is handed over first.
pub(super) const ENTRY_WITH_STDIN: &str = "__supervise-portably-with-stdin";
