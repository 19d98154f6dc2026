//! A file of ours that may not grow is an error, and no end of us.
#![expect(unsafe_code, reason = "signal dispositions have no safe counterpart")]

/// Makes a write beyond the largest file that we may make fail (`EFBIG`) in place of ending us by SIGXFSZ. Programs get the
/// usual disposition back. Call it before other threads are started.
pub fn outlive_file_limits() {
    // SAFETY: the disposition runs no code of ours.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
}
