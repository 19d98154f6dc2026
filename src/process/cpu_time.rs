//! The processor time of this process and of all that it waited for.
#![expect(unsafe_code, reason = "getrusage has no safe form")]

/// The processor time that this process took, and all those that were waited for below it; nanoseconds.
pub(super) fn cpu_time_ns() -> u64 {
    let of = |whose| {
        // SAFETY: all zeroes is a valid record, and the system fills it.
        let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
        // SAFETY: the system writes one record where the pointer says; neither of the two numbers is refused.
        unsafe { libc::getrusage(whose, &raw mut usage) };
        [usage.ru_utime, usage.ru_stime].map(|time| {
            // How wide these are differs from system to system; neither is ever negative.
            let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
            let microseconds = u64::try_from(time.tv_usec).unwrap_or(0);
            seconds * 1_000_000_000 + microseconds * 1000
        })
    };
    let times = [libc::RUSAGE_SELF, libc::RUSAGE_CHILDREN].map(of);
    times.iter().flatten().sum()
}
