//! Memory that was held for a program's output goes back to the system once its trial is over.
#![cfg_attr(
    target_env = "gnu",
    expect(unsafe_code, reason = "mallopt has no safe counterpart")
)]

/// Bytes. glibc maps a larger piece by itself, and unmaps it as soon as it is freed. This is its default, which it
/// raises after the first large piece is freed: from then on each thread keeps tens of megabytes.
#[cfg(target_env = "gnu")]
const MAPPED: i32 = 128 << 10;

/// Fixes glibc's mmap threshold; a no-op with any other C library. Call it before other threads are started.
pub fn give_back_freed_memory() {
    #[cfg(target_env = "gnu")]
    // SAFETY: the call sets a number of the allocator's, and takes any.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, MAPPED);
    }
}
