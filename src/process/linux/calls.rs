//! The few calls into the system that have no safe form.
#![expect(
    unsafe_code,
    reason = "signal dispositions, close_range and the code between fork and exec"
)]
#![expect(clippy::disallowed_types, reason = "this is inside `process`")]

use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

use rustix::mount::{MountFlags, MountPropagationFlags, mount, mount_change};
use rustix::process::{DumpableBehavior, Pid, Signal, set_dumpable_behavior};

/// The numbers of all signals, including the two that libc keeps for itself.
const SIGNALS: std::ops::RangeInclusive<i32> = 1..=64;

/// Makes this process ignore every signal, except those that report a fault of its own.
pub(super) fn ignore_signals() {
    let faults = [
        libc::SIGABRT,
        libc::SIGBUS,
        libc::SIGFPE,
        libc::SIGILL,
        libc::SIGSEGV,
        libc::SIGSYS,
        libc::SIGTRAP,
    ];
    for signal in SIGNALS.filter(|signal| !faults.contains(signal)) {
        // A child that ends while SIGCHLD is ignored leaves no status behind.
        let what = if signal == libc::SIGCHLD {
            libc::SIG_DFL
        } else {
            libc::SIG_IGN
        };
        // SAFETY: neither disposition runs code of ours; a signal that cannot be changed is refused.
        unsafe { libc::signal(signal, what) };
    }
}

/// Keeps this process from being read, changed or held by others of the same user; only the superuser still can.
pub(in crate::process) fn keep_to_ourselves() {
    // It is refused to nobody. What this process executes is not kept so.
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}

/// Keeps descriptors that we have inherited by accident out of the programs that we start.
pub(super) fn close_others_on_exec() {
    // SAFETY: the call takes three numbers and closes nothing in this process.
    let refused = unsafe {
        libc::syscall(
            libc::SYS_close_range,
            3_u32,
            u32::MAX,
            libc::CLOSE_RANGE_CLOEXEC,
        )
    };
    if refused == 0 {
        return;
    }
    // Kernels before 5.11 lack the call; few parents leave a high descriptor open.
    for fd in 3..1024 {
        // SAFETY: sets one flag of a descriptor, or is refused where there is none.
        unsafe { libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC) };
    }
}

/// Gives this process mounts, and memory to share by name, of its own, which go with it and with what it starts. Where that is
/// refused, we may not mount anything, and neither may the program.
pub(super) fn keep_apart() {
    // SAFETY: the call takes a number; this process shares nothing with threads of its own that they rely on.
    let refused = unsafe { libc::unshare(libc::CLONE_NEWNS | libc::CLONE_NEWIPC) };
    // What others mount still arrives here; what is mounted here goes nowhere.
    let downstream = MountPropagationFlags::DOWNSTREAM | MountPropagationFlags::REC;
    if refused == 0 && mount_change("/", downstream).is_ok() {
        let flags = MountFlags::NOSUID | MountFlags::NODEV;
        let _ = mount("tmpfs", "/dev/shm", "tmpfs", flags, c"mode=1777");
    }
}

/// Gives what `command` starts a process group of its own and default signal dispositions, and ties its life to `parent`'s.
pub(super) fn detach(command: &mut Command, parent: Pid) {
    // SAFETY: the closure runs between fork and exec. It makes plain system calls and allocates
    // nothing, so a lock that another thread held at the fork cannot block it.
    unsafe { command.pre_exec(move || between_fork_and_exec(parent)) };
}

fn between_fork_and_exec(parent: Pid) -> io::Result<()> {
    rustix::process::setpgid(None, None)?;
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
    // The parent may have died before the line above.
    if rustix::process::getppid() != Some(parent) {
        return Err(io::Error::from_raw_os_error(libc::ESRCH));
    }
    // Zero is the default; a kernel's own record of a disposition is at most four words long.
    let default = [0_u64; 8];
    for signal in SIGNALS {
        // A bare system call: libc refuses to touch its own two, even if our parent ignored them.
        // SAFETY: the kernel reads the record, and writes nothing back; a default runs no code of ours.
        unsafe {
            libc::syscall(
                libc::SYS_rt_sigaction,
                signal,
                default.as_ptr(),
                std::ptr::null_mut::<u64>(),
                size_of::<u64>(),
            );
        }
    }
    // SAFETY: a zeroed set is valid memory for sigemptyset to fill; both calls keep no pointer.
    let refused = unsafe {
        let mut none: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&raw mut none);
        libc::sigprocmask(libc::SIG_SETMASK, &raw const none, std::ptr::null_mut())
    };
    if refused == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}
