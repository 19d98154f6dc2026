//! What we and a supervisor say to each other: one JSON object a packet, over a socket that keeps
//! packets apart.

use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use super::waits::Waited;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, SocketFlags, SocketType, recv, recvmsg, send, sendmsg,
    socketpair,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Asked of a supervisor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Request {
    /// Send SIGTERM to the program's process group.
    Terminate,
    /// Send SIGKILL to the program, its group and everything it started.
    Kill,
    /// Send the program's process this signal, and no other process.
    Signal(i32),
}

/// Told by a supervisor. Instants are absolute nanoseconds on the monotonic clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Notice {
    /// The program runs.
    Started {
        /// Its process, which is also its process group.
        pid: i32,
        /// Just before the fork.
        before_ns: u64,
        /// Just after its exec.
        after_ns: u64,
    },
    /// The program cannot be run.
    NotStarted {
        /// What the system said.
        reason: String,
        /// Whether it lacked what may be given back.
        is_shortage: bool,
    },
    /// The program was sent a signal that was asked for, while it lived.
    Signalled {
        /// Its number.
        signal: i32,
        /// Just before.
        before_ns: u64,
        /// Just after.
        after_ns: u64,
    },
    /// The program has ended; what it started may live on.
    Exited {
        /// How.
        status: Status,
        /// The last instant at which it was known to live.
        earliest_ns: u64,
        /// The instant at which it was seen dead.
        latest_ns: u64,
        /// What was measured while it ran.
        measured: Measured,
    },
    /// Nothing of what the program started lives any longer, except `left`.
    Swept {
        /// How many processes had to be killed.
        killed: u32,
        /// How many would not die within the time for it.
        left: u32,
    },
}

/// What a supervisor measures while its program runs: what is not known is `None`, never 0.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measured {
    /// How long the program's threads waited for a processor, until it asked for its end or we began to end it.
    pub waited: Waited,
    /// How late a thread that only naps woke at worst, in the program's own session; nanoseconds.
    pub late_ns: Option<u64>,
    /// How long somebody had the program stopped before it was continued; nanoseconds, at most.
    pub paused_ns: u64,
}

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It returned this code.
    Code(i32),
    /// This signal's number ended it.
    Signal(i32),
}

/// What a look at the socket found.
#[derive(Debug)]
pub enum Heard<T> {
    /// A message.
    Message(T),
    /// Nothing for now.
    Nothing,
    /// The other side is gone.
    Gone,
}

/// The two ends of a conversation. Neither blocks, neither survives an exec by itself.
pub(super) fn conversation() -> io::Result<(OwnedFd, OwnedFd)> {
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    Ok(socketpair(
        AddressFamily::UNIX,
        SocketType::SEQPACKET,
        flags,
        None,
    )?)
}

/// Says one thing. The few small packets of a trial always fit, so it does not wait.
pub(super) fn say<T: Serialize>(socket: impl AsFd, message: &T) -> io::Result<()> {
    let packet = serde_json::to_vec(message)?;
    send(socket, &packet, SendFlags::NOSIGNAL)?;
    Ok(())
}

/// Hands over a descriptor: the first thing that is said to a supervisor that was told to wait for one.
pub(super) fn hand_over(socket: impl AsFd, descriptor: BorrowedFd<'_>) -> io::Result<()> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut with = SendAncillaryBuffer::new(&mut space);
    let handed = [descriptor];
    with.push(SendAncillaryMessage::ScmRights(&handed));
    sendmsg(
        socket,
        &[IoSlice::new(b"!")],
        &mut with,
        SendFlags::NOSIGNAL,
    )?;
    Ok(())
}

/// Waits for the descriptor that [`hand_over`] hands over.
pub(super) fn take_over(socket: impl AsFd) -> io::Result<OwnedFd> {
    let mut arrived = [PollFd::new(&socket, PollFlags::IN)];
    while let Err(error) = poll(&mut arrived, None) {
        if error != Errno::INTR {
            return Err(error.into());
        }
    }
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut with = RecvAncillaryBuffer::new(&mut space);
    let mut packet = [0];
    recvmsg(
        &socket,
        &mut [IoSliceMut::new(&mut packet)],
        &mut with,
        RecvFlags::CMSG_CLOEXEC,
    )?;
    for message in with.drain() {
        if let RecvAncillaryMessage::ScmRights(mut descriptors) = message
            && let Some(descriptor) = descriptors.next()
        {
            return Ok(descriptor);
        }
    }
    Err(io::ErrorKind::BrokenPipe.into())
}

/// Takes one message off the socket, if there is one.
pub(super) fn hear<T: DeserializeOwned>(socket: impl AsFd) -> io::Result<Heard<T>> {
    // A reason quotes the system's own short text: 8 KiB hold every message.
    let mut packet = [0_u8; 8192];
    match recv(socket, &mut packet, RecvFlags::empty()) {
        Ok((0, _)) | Err(Errno::CONNRESET | Errno::PIPE) => Ok(Heard::Gone),
        Ok((length, _)) => Ok(Heard::Message(serde_json::from_slice(&packet[..length])?)),
        Err(Errno::AGAIN | Errno::INTR) => Ok(Heard::Nothing),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_descriptor_is_handed_over_before_anything_is_said() {
        let (ours, theirs) = conversation().unwrap();
        let (reader, writer) = rustix::pipe::pipe().unwrap();
        hand_over(&ours, reader.as_fd()).unwrap();
        say(&ours, &Request::Kill).unwrap();
        let taken = take_over(&theirs).unwrap();
        rustix::io::write(&writer, b"through").unwrap();
        let mut bytes = [0; 7];
        rustix::io::read(&taken, &mut bytes).unwrap();
        assert_eq!(&bytes, b"through");
        assert!(matches!(
            hear(&theirs).unwrap(),
            Heard::Message(Request::Kill)
        ));
        drop(ours);
        assert!(take_over(&theirs).is_err());
    }

    #[test]
    fn messages_stay_apart_and_the_end_is_seen_after_them() {
        let (ours, theirs) = conversation().unwrap();
        assert!(matches!(hear::<Request>(&theirs).unwrap(), Heard::Nothing));
        say(&ours, &Request::Terminate).unwrap();
        say(&ours, &Request::Kill).unwrap();
        drop(ours);
        let heard = [hear(&theirs).unwrap(), hear(&theirs).unwrap()];
        assert!(matches!(
            heard,
            [
                Heard::Message(Request::Terminate),
                Heard::Message(Request::Kill)
            ]
        ));
        assert!(matches!(hear::<Request>(&theirs).unwrap(), Heard::Gone));
    }
}
