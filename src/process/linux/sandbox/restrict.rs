//! The calls that put the rules up, between fork and exec.
#![expect(
    unsafe_code,
    reason = "landlock_restrict_self has no safe form that allocates nothing"
)]
#![expect(clippy::disallowed_types, reason = "this is inside `process`")]

use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::Command;

use super::super::bpf::Instruction;
use super::privileges;

/// What is put up.
pub(super) struct Walls {
    /// Landlock's; none if `None`.
    pub(super) rules: Option<OwnedFd>,
    /// Of system calls; none if it is empty.
    pub(super) filter: Vec<Instruction>,
    /// Whether privileges are given up.
    pub(super) unprivileged: bool,
}

/// Has what `command` starts restrict itself, last of all before its exec. It must have no new privileges by then.
pub(super) fn before_exec(command: &mut Command, walls: Walls) {
    let restrict = move || {
        if walls.unprivileged {
            privileges::give_up()?;
        }
        if let Some(rules) = &walls.rules {
            landlock(rules)?;
        }
        seccomp(&walls.filter)
    };
    // SAFETY: the closure runs between fork and exec. It makes system calls on what was prepared before, and allocates
    // nothing.
    unsafe { command.pre_exec(restrict) };
}

fn landlock(rules: &OwnedFd) -> io::Result<()> {
    // SAFETY: the call takes two numbers.
    let refused = unsafe { libc::syscall(libc::SYS_landlock_restrict_self, rules.as_raw_fd(), 0) };
    done(refused)
}

fn seccomp(filter: &[Instruction]) -> io::Result<()> {
    if filter.is_empty() {
        return Ok(());
    }
    let program = libc::sock_fprog {
        // A filter of ours is some hundreds of instructions long.
        len: u16::try_from(filter.len()).unwrap_or(u16::MAX),
        filter: filter.as_ptr().cast_mut(),
    };
    // SAFETY: the kernel copies the filter that the record names with its true length.
    let refused = unsafe {
        libc::syscall(
            libc::SYS_seccomp,
            libc::SECCOMP_SET_MODE_FILTER,
            0,
            &raw const program,
        )
    };
    done(refused)
}

fn done(refused: libc::c_long) -> io::Result<()> {
    if refused == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}
