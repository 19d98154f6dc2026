//! Folders that somebody else has worked in: opened without leaving them, and made removable.

use std::ffi::{CStr, OsString};
use std::fs;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use rustix::fs::{
    AtFlags, IFlags, Mode, OFlags, ResolveFlags, StatxFlags, chmod, ioctl_getflags, ioctl_setflags,
    openat, openat2, statx,
};
use rustix::io::Errno;
use rustix::mount::{UnmountFlags, unmount};

/// Opens the folder `name` in `folder`; `EXDEV` if something is mounted there, and never what a link leads to.
pub(crate) fn open_folder_within(folder: BorrowedFd<'_>, name: &CStr) -> Result<OwnedFd, Errno> {
    open_within(folder, name, OFlags::RDONLY | OFlags::DIRECTORY)
}

fn open_within(folder: BorrowedFd<'_>, name: &CStr, flags: OFlags) -> Result<OwnedFd, Errno> {
    let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let within = ResolveFlags::BENEATH | ResolveFlags::NO_XDEV | ResolveFlags::NO_SYMLINKS;
    match openat2(folder, name, flags, Mode::empty(), within) {
        // Kernels before 5.6, and some filters of system calls.
        Err(Errno::NOSYS | Errno::PERM) => {
            let opened = openat(folder, name, flags, Mode::empty())?;
            if mount_of(folder)? == mount_of(opened.as_fd())? {
                Ok(opened)
            } else {
                Err(Errno::XDEV)
            }
        }
        opened => opened,
    }
}

/// What tells one mount from another.
fn mount_of(opened: BorrowedFd<'_>) -> Result<(u32, u32, u64), Errno> {
    let stat = statx(opened, c"", AtFlags::EMPTY_PATH, StatxFlags::MNT_ID)?;
    Ok((stat.stx_dev_major, stat.stx_dev_minor, stat.stx_mnt_id))
}

/// Gives us every right to the folder `name` in `folder`.
pub(crate) fn make_accessible(folder: BorrowedFd<'_>, name: &CStr) -> Result<(), Errno> {
    let own = open_within(folder, name, OFlags::PATH | OFlags::DIRECTORY)?;
    chmod(format!("/proc/self/fd/{}", own.as_raw_fd()), Mode::RWXU)
}

/// Takes the flags from `name` in `folder` that keep it from being changed or removed, if we may.
pub(crate) fn clear_flags(folder: BorrowedFd<'_>, name: &CStr) {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK;
    let Ok(own) = open_within(folder, name, flags) else {
        return;
    };
    let fixed = IFlags::IMMUTABLE | IFlags::APPEND;
    if let Ok(flags) = ioctl_getflags(&own)
        && flags.intersects(fixed)
    {
        let _ = ioctl_setflags(&own, flags - fixed);
    }
}

/// Where an open folder is now; `None` if it is nowhere.
pub(crate) fn path_of(opened: &OwnedFd) -> Option<PathBuf> {
    let path = fs::read_link(format!("/proc/self/fd/{}", opened.as_raw_fd())).ok()?;
    (!path.as_os_str().as_encoded_bytes().ends_with(b" (deleted)")).then_some(path)
}

/// Takes away what is mounted on `folder` or within it, if we may: the last that was mounted first.
pub(crate) fn unmount_within(folder: &Path) {
    let Ok(mounts) = fs::read("/proc/self/mountinfo") else {
        return;
    };
    for line in mounts.split(|byte| *byte == b'\n').rev() {
        let Some(place) = line.split(|byte| *byte == b' ').nth(4) else {
            continue;
        };
        let place = unescaped(place);
        if place.starts_with(folder) {
            let _ = unmount(&place, UnmountFlags::DETACH | UnmountFlags::NOFOLLOW);
        }
    }
}

/// A path of `mountinfo`, in which blanks are written as three octal digits, as proc(5) has it.
fn unescaped(written: &[u8]) -> PathBuf {
    let mut bytes = Vec::with_capacity(written.len());
    let mut rest = written;
    while let Some((&first, after)) = rest.split_first() {
        let octal = after
            .get(..3)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        let code = octal.and_then(|digits| u8::from_str_radix(digits, 8).ok());
        match (first, code) {
            (b'\\', Some(byte)) => {
                bytes.push(byte);
                rest = &after[3..];
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    PathBuf::from(OsString::from_vec(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_in_a_path_of_the_list_of_mounts_are_read() {
        assert_eq!(unescaped(br"/a\040b\134c"), Path::new(r"/a b\c"));
        assert_eq!(unescaped(br"/a\9"), Path::new(r"/a\9"));
    }
}
