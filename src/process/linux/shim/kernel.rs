//! The kernel's side of the shim: the filter, its notifications, and the memory of the process that waits.
#![expect(
    unsafe_code,
    reason = "seccomp, its ioctls and process_vm_readv have no safe form"
)]

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

use libc::{c_int, c_void, iovec};

/// A system call that waits for an answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    id: u64,
    /// The thread that made it.
    pub(super) thread: u32,
    /// Which call it is.
    pub(super) number: i32,
    /// Its arguments, as the registers held them.
    pub(super) arguments: [u64; 6],
}

/// What the caller gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// The kernel carries the call out as it is.
    AsItIs,
    /// It returns this value; a negative one is an error's number.
    Returns(i64),
}

/// Puts the filter on this thread and all that comes from it, and returns where its questions arrive.
///
/// # Errors
/// The kernel refuses, or knows no filter whose questions may not be interrupted (before 5.19).
pub(super) fn install(filter: &mut [libc::sock_filter]) -> io::Result<OwnedFd> {
    let program = libc::sock_fprog {
        len: u16::try_from(filter.len()).map_err(io::Error::other)?,
        filter: filter.as_mut_ptr(),
    };
    let flags =
        libc::SECCOMP_FILTER_FLAG_NEW_LISTENER | libc::SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
    // SAFETY: the kernel copies the filter that the record names with its true length.
    let listener = unsafe {
        libc::syscall(
            libc::SYS_seccomp,
            libc::SECCOMP_SET_MODE_FILTER,
            flags,
            &raw const program,
        )
    };
    let listener = c_int::try_from(listener).map_err(io::Error::other)?;
    if listener < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the kernel has just made this descriptor for us.
    Ok(unsafe { OwnedFd::from_raw_fd(listener) })
}

/// Whether the kernel knows filters whose questions may not be interrupted.
pub(in crate::process::linux) fn can_be_asked() -> bool {
    let flags =
        libc::SECCOMP_FILTER_FLAG_NEW_LISTENER | libc::SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
    let nothing = std::ptr::null::<libc::sock_fprog>();
    // SAFETY: where there is no filter to read, the kernel puts none up.
    let refused = unsafe {
        libc::syscall(
            libc::SYS_seccomp,
            libc::SECCOMP_SET_MODE_FILTER,
            flags,
            nothing,
        )
    };
    // It complains of the flags first, if it does not know them.
    refused < 0 && io::Error::last_os_error().raw_os_error() == Some(libc::EFAULT)
}

/// Waits for the next question; `None` if the caller has died already.
pub(super) fn next(listener: BorrowedFd<'_>) -> io::Result<Option<Asked>> {
    // SAFETY: all zeroes is what the kernel demands of the record it fills.
    let mut asked: libc::seccomp_notif = unsafe { std::mem::zeroed() };
    let request = libc::SECCOMP_IOCTL_NOTIF_RECV;
    // SAFETY: the kernel fills the record that this call is defined for.
    if unsafe { libc::ioctl(listener.as_raw_fd(), request, &raw mut asked) } < 0 {
        let error = io::Error::last_os_error();
        let gone = matches!(error.raw_os_error(), Some(libc::ENOENT | libc::EINTR));
        return if gone { Ok(None) } else { Err(error) };
    }
    Ok(Some(Asked {
        id: asked.id,
        thread: asked.pid,
        number: asked.data.nr,
        arguments: asked.data.args,
    }))
}

/// Answers. That the caller has died meanwhile is no error.
pub(super) fn answer(listener: BorrowedFd<'_>, asked: &Asked, answer: Answer) {
    let (val, error, flags) = match answer {
        Answer::AsItIs => (0, 0, libc::SECCOMP_USER_NOTIF_FLAG_CONTINUE),
        Answer::Returns(value) if value < 0 => (0, i32::try_from(value).unwrap_or(-libc::EIO), 0),
        Answer::Returns(value) => (value, 0, 0),
    };
    let mut response = libc::seccomp_notif_resp {
        id: asked.id,
        val,
        error,
        flags: u32::try_from(flags).unwrap_or_default(),
    };
    let request = libc::SECCOMP_IOCTL_NOTIF_SEND;
    // SAFETY: the kernel reads the record that this call is defined for.
    let _ = unsafe { libc::ioctl(listener.as_raw_fd(), request, &raw mut response) };
}

/// Answers an open with a copy of a descriptor of ours: whether that was possible.
pub(super) fn hand_over(
    listener: BorrowedFd<'_>,
    asked: &Asked,
    what: BorrowedFd<'_>,
    close_on_exec: bool,
) -> bool {
    let cloexec = if close_on_exec { libc::O_CLOEXEC } else { 0 };
    let mut added = libc::seccomp_notif_addfd {
        id: asked.id,
        // The descriptor is added and the call answered with its number in one step.
        flags: u32::try_from(libc::SECCOMP_ADDFD_FLAG_SEND).unwrap_or_default(),
        srcfd: what.as_raw_fd().unsigned_abs(),
        newfd: 0,
        newfd_flags: cloexec.unsigned_abs(),
    };
    let request = libc::SECCOMP_IOCTL_NOTIF_ADDFD;
    // SAFETY: the kernel reads the record that this call is defined for.
    unsafe { libc::ioctl(listener.as_raw_fd(), request, &raw mut added) >= 0 }
}

/// Whether the caller still waits: only then is its memory what it was.
pub(super) fn still_waits(listener: BorrowedFd<'_>, asked: &Asked) -> bool {
    let mut id = asked.id;
    let request = libc::SECCOMP_IOCTL_NOTIF_ID_VALID;
    // SAFETY: the kernel reads one number.
    unsafe { libc::ioctl(listener.as_raw_fd(), request, &raw mut id) == 0 }
}

/// Reads the caller's memory: how many bytes could be read.
pub(super) fn read(asked: &Asked, from: u64, into: &mut [u8]) -> io::Result<usize> {
    let (ours, theirs) = parts(into.as_mut_ptr(), into.len(), from)?;
    let thread = c_int::try_from(asked.thread).map_err(io::Error::other)?;
    // SAFETY: our part is a live buffer of this length; the kernel checks theirs.
    let read =
        unsafe { libc::process_vm_readv(thread, &raw const ours, 1, &raw const theirs, 1, 0) };
    usize::try_from(read).map_err(|_| io::Error::last_os_error())
}

/// Writes all bytes to the caller's memory.
pub(super) fn write(asked: &Asked, to: u64, bytes: &[u8]) -> io::Result<()> {
    let (ours, theirs) = parts(bytes.as_ptr().cast_mut(), bytes.len(), to)?;
    let thread = c_int::try_from(asked.thread).map_err(io::Error::other)?;
    // SAFETY: our part is a live buffer of this length, which is only read; the kernel checks theirs.
    let wrote =
        unsafe { libc::process_vm_writev(thread, &raw const ours, 1, &raw const theirs, 1, 0) };
    if usize::try_from(wrote) == Ok(bytes.len()) {
        return Ok(());
    }
    Err(io::Error::last_os_error())
}

fn parts(ours: *mut u8, length: usize, theirs: u64) -> io::Result<(iovec, iovec)> {
    let theirs = usize::try_from(theirs).map_err(io::Error::other)?;
    let ours = iovec {
        iov_base: ours.cast(),
        iov_len: length,
    };
    let theirs = iovec {
        // Never dereferenced here: an address of another process.
        iov_base: std::ptr::without_provenance_mut::<c_void>(theirs),
        iov_len: length,
    };
    Ok((ours, theirs))
}
