//! What was held for a program that wrote much is given back to the system once its trial is over.
#![expect(unsafe_code, reason = "mallopt has no safe counterpart")]

/// Bytes; what is larger is mapped by itself, and gone as soon as it is freed. That is the C library's own default, which
/// it forgets after the first large piece that is freed: from then on each thread keeps tens of megabytes.
#[cfg(target_env = "gnu")]
const MAPPED: i32 = 128 << 10;

/// Sees to it, where the C library has a say. To be called before other threads are started.
pub fn give_back_what_is_freed() {
    #[cfg(target_env = "gnu")]
    // SAFETY: it sets a number of the allocator's, and takes any.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, MAPPED);
    }
}
