//! Takes every privilege from what a process will execute: the superuser's number remains, and no capability with it.
#![expect(
    unsafe_code,
    reason = "capset and these settings of a process have no safe form that allocates nothing"
)]

use std::io;

/// The kernel knows no capability of a higher number, and is asked up to there.
const CAPABILITIES: std::ops::RangeInclusive<libc::c_ulong> = 0..=63;
/// `_LINUX_CAPABILITY_VERSION_3` of linux/capability.h.
const VERSION: u32 = 0x2008_0522;

/// Gives up all capabilities for good. An ordinary user has none, and need not be able to.
///
/// It is for a process between fork and exec: it makes plain system calls.
pub(super) fn give_up() -> io::Result<()> {
    for capability in CAPABILITIES {
        if !is_done(set(libc::PR_CAPBSET_DROP, capability))? {
            break;
        }
    }
    let locked = libc::SECBIT_NOROOT
        | libc::SECBIT_NOROOT_LOCKED
        | libc::SECBIT_NO_SETUID_FIXUP
        | libc::SECBIT_NO_SETUID_FIXUP_LOCKED
        | libc::SECBIT_KEEP_CAPS_LOCKED
        | libc::SECBIT_NO_CAP_AMBIENT_RAISE
        | libc::SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;
    is_done(set(libc::PR_SET_SECUREBITS, locked.unsigned_abs().into()))?;
    let header = [VERSION, 0];
    let none = [0_u32; 6];
    // SAFETY: the kernel reads two records of these lengths.
    let refused = unsafe { libc::syscall(libc::SYS_capset, header.as_ptr(), none.as_ptr()) };
    match refused {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

fn set(what: libc::c_int, value: libc::c_ulong) -> libc::c_int {
    let none: libc::c_ulong = 0;
    // SAFETY: the call takes numbers.
    unsafe { libc::prctl(what, value, none, none, none) }
}

/// Whether it was; not where there is nothing to give up (`EPERM`), nor past the last capability (`EINVAL`).
fn is_done(refused: libc::c_int) -> io::Result<bool> {
    if refused == 0 {
        return Ok(true);
    }
    let error = io::Error::last_os_error();
    match error.raw_os_error() {
        Some(libc::EPERM | libc::EINVAL) => Ok(false),
        _ => Err(error),
    }
}
