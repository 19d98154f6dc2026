//! One message off a socket, with the kernel's stamp. There is no safe call that brings the stamp.
#![expect(
    unsafe_code,
    reason = "recvmsg into spare capacity, and its control messages"
)]

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};

/// What a look at the socket found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Received {
    /// A message, now at the end of the arena.
    Message {
        /// When it was written, on the wall clock, in nanoseconds since 1970.
        wall_ns: u64,
        /// Its length in bytes; a write of nothing has none.
        length: usize,
    },
    /// No message for now.
    Nothing,
    /// Nobody can write any more.
    End,
}

/// Room for the one control message that is asked for, and for no other: descriptors that a program sends along would become
/// ours, until we had none left.
// SAFETY: the call only adds up sizes.
const CONTROL_BYTES: usize =
    unsafe { libc::CMSG_SPACE(size_of::<libc::timespec>() as u32) } as usize;

#[repr(C, align(8))]
struct Control([u8; CONTROL_BYTES]);

/// Has the kernel stamp each message as it is written to the other end.
pub(super) fn stamp_messages(socket: BorrowedFd<'_>) -> io::Result<()> {
    let on: libc::c_int = 1;
    // SAFETY: the kernel reads one int from where the pointer says.
    let refused = unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_TIMESTAMPNS,
            (&raw const on).cast(),
            socklen(size_of::<libc::c_int>()),
        )
    };
    if refused == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

/// Takes one message of at most `longest` bytes, without waiting.
///
/// # Errors
/// The socket fails, or the message was longer: nothing is ever cut in silence.
pub(super) fn receive(
    socket: impl AsFd,
    arena: &mut Vec<u8>,
    longest: usize,
) -> io::Result<Received> {
    arena.reserve(longest);
    let room = arena.spare_capacity_mut();
    let mut part = libc::iovec {
        iov_base: room.as_mut_ptr().cast(),
        iov_len: room.len(),
    };
    let mut control = Control([0; CONTROL_BYTES]);
    // SAFETY: all zeroes is a valid header that points nowhere.
    let mut header: libc::msghdr = unsafe { std::mem::zeroed() };
    header.msg_iov = &raw mut part;
    header.msg_iovlen = 1;
    header.msg_control = (&raw mut control).cast();
    header.msg_controllen = CONTROL_BYTES as _;
    let length = loop {
        let socket = socket.as_fd().as_raw_fd();
        // SAFETY: the header names the arena's spare room and the control buffer, each with its true size.
        let got = unsafe { libc::recvmsg(socket, &raw mut header, libc::MSG_DONTWAIT) };
        if let Ok(length) = usize::try_from(got) {
            break length;
        }
        let error = io::Error::last_os_error();
        match error.raw_os_error() {
            Some(libc::EINTR) => {}
            Some(libc::EAGAIN) => return Ok(Received::Nothing),
            Some(libc::ECONNRESET) => return Ok(Received::End),
            _ => return Err(error),
        }
    };
    if header.msg_flags & libc::MSG_TRUNC != 0 {
        let error = format!("a write of more than {longest} bytes came whole and would be cut");
        return Err(io::Error::other(error));
    }
    match stamp(&header) {
        Some(wall_ns) => {
            // SAFETY: the kernel has filled this many bytes of the spare room.
            unsafe { arena.set_len(arena.len() + length) };
            Ok(Received::Message { wall_ns, length })
        }
        // A write of nothing is a message of no bytes too: only the end bears no stamp.
        None if length == 0 => Ok(Received::End),
        None => Err(io::Error::other("the kernel did not stamp a message")),
    }
}

fn stamp(header: &libc::msghdr) -> Option<u64> {
    // SAFETY: the header is one that recvmsg filled; its control buffer is alive and aligned.
    let mut next = unsafe { libc::CMSG_FIRSTHDR(header) };
    while !next.is_null() {
        // SAFETY: not null, so a whole control header within that buffer.
        let one = unsafe { &*next };
        if (one.cmsg_level, one.cmsg_type) == (libc::SOL_SOCKET, libc::SCM_TIMESTAMPNS) {
            // SAFETY: the kernel wrote one timespec as the data of this control message.
            let time: libc::timespec =
                unsafe { std::ptr::read_unaligned(libc::CMSG_DATA(next).cast()) };
            return Some(time.tv_sec.unsigned_abs() * 1_000_000_000 + time.tv_nsec.unsigned_abs());
        }
        // SAFETY: as above.
        next = unsafe { libc::CMSG_NXTHDR(header, next) };
    }
    None
}

fn socklen(bytes: usize) -> libc::socklen_t {
    libc::socklen_t::try_from(bytes).unwrap_or(libc::socklen_t::MAX)
}

#[cfg(test)]
mod tests {
    use std::io::IoSlice;
    use std::mem::MaybeUninit;
    use std::os::fd::OwnedFd;

    use rustix::net::{
        AddressFamily, SendAncillaryBuffer, SendAncillaryMessage, SendFlags, SocketFlags,
        SocketType, sendmsg, socketpair,
    };

    use super::*;

    /// Our own open descriptors that lead to a device or a file at `path`.
    fn descriptors_of(path: &std::path::Path) -> usize {
        let all = std::fs::read_dir("/proc/self/fd").unwrap();
        let targets = all.filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok());
        targets.filter(|target| target == path).count()
    }

    #[test]
    fn descriptors_that_a_program_sends_along_never_become_ours() {
        let (ours, theirs) = socketpair(
            AddressFamily::UNIX,
            SocketType::SEQPACKET,
            SocketFlags::CLOEXEC,
            None,
        )
        .unwrap();
        stamp_messages(ours.as_fd()).unwrap();
        let file = tempfile::NamedTempFile::new().unwrap();
        for count in [1, 4, 250] {
            let copies: Vec<OwnedFd> = (0..count)
                .map(|_| OwnedFd::from(file.reopen().unwrap()))
                .collect();
            let handed: Vec<BorrowedFd<'_>> = copies.iter().map(AsFd::as_fd).collect();
            let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(253))];
            let mut with = SendAncillaryBuffer::new(&mut space);
            assert!(with.push(SendAncillaryMessage::ScmRights(&handed)));
            let text = [IoSlice::new(b"line\n")];
            sendmsg(&theirs, &text, &mut with, SendFlags::empty()).unwrap();
            drop(copies);
            let mut arena = Vec::new();
            let received = receive(&ours, &mut arena, 100).unwrap();
            assert!(matches!(received, Received::Message { length: 5, wall_ns } if wall_ns > 0));
            // The file itself is open once.
            assert_eq!(descriptors_of(file.path()), 1, "of {count}");
        }
    }
}
