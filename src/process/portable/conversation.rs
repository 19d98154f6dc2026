//! How we and a portable supervisor talk: one JSON object a line, over a stream socket, which every Unix has.

use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, FdFlags, fcntl_setfd, ioctl_fionbio, read, write};
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, SocketFlags, SocketType, recvmsg, sendmsg, socketpair,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::process::Heard;

/// For how long the other side may leave no room for what is said.
const PATIENCE: Timespec = Timespec {
    tv_sec: 10,
    tv_nsec: 0,
};

/// One end of a conversation. It does not block, and does not survive an exec by itself.
#[derive(Debug)]
pub(super) struct Conversation {
    socket: OwnedFd,
    /// What was read and is not a whole line yet.
    begun: Vec<u8>,
    /// Whether the system told that the other side left before it had read everything: it does so once.
    was_reset: bool,
}

/// Both ends.
pub(super) fn conversation() -> io::Result<(Conversation, OwnedFd)> {
    let nothing = SocketFlags::empty();
    let (ours, theirs) = socketpair(AddressFamily::UNIX, SocketType::STREAM, nothing, None)?;
    fcntl_setfd(&theirs, FdFlags::CLOEXEC)?;
    Ok((Conversation::over(ours)?, theirs))
}

impl Conversation {
    /// Over a socket of our own.
    pub(super) fn over(socket: OwnedFd) -> io::Result<Conversation> {
        fcntl_setfd(&socket, FdFlags::CLOEXEC)?;
        ioctl_fionbio(&socket, true)?;
        Ok(Conversation {
            socket,
            begun: Vec::new(),
            was_reset: false,
        })
    }

    /// Becomes readable when there is something to hear.
    pub(super) fn socket(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }

    /// Says one thing.
    pub(super) fn say<T: Serialize>(&self, message: &T) -> io::Result<()> {
        let mut line = serde_json::to_vec(message)?;
        line.push(b'\n');
        let mut rest = line.as_slice();
        while !rest.is_empty() {
            match write(&self.socket, rest) {
                Ok(written) => rest = rest.get(written..).unwrap_or_default(),
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => {
                    let mut room = [PollFd::new(&self.socket, PollFlags::OUT)];
                    if poll(&mut room, Some(&PATIENCE)) == Ok(0) {
                        return Err(io::ErrorKind::TimedOut.into());
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Takes one message off the socket, if there is one.
    pub(super) fn hear<T: DeserializeOwned>(&mut self) -> io::Result<Heard<T>> {
        let mut piece = [0; 4096];
        loop {
            if let Some(end) = self.begun.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.begun.drain(..=end).collect();
                return Ok(Heard::Message(serde_json::from_slice(&line)?));
            }
            match read(&self.socket, &mut piece) {
                Ok(0) => return Ok(Heard::Gone),
                Ok(length) => self.begun.extend_from_slice(&piece[..length]),
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return Ok(Heard::Nothing),
                // Its last words follow.
                Err(Errno::CONNRESET) if !self.was_reset => self.was_reset = true,
                Err(Errno::CONNRESET | Errno::PIPE) => return Ok(Heard::Gone),
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Hands over a descriptor: the first thing that is said to a supervisor that was told to wait for one.
    pub(super) fn hand_over(&self, descriptor: BorrowedFd<'_>) -> io::Result<()> {
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut with = SendAncillaryBuffer::new(&mut space);
        let handed = [descriptor];
        with.push(SendAncillaryMessage::ScmRights(&handed));
        sendmsg(
            &self.socket,
            &[IoSlice::new(b"!")],
            &mut with,
            SendFlags::empty(),
        )?;
        Ok(())
    }

    /// Waits for the descriptor that [`Conversation::hand_over`] hands over.
    pub(super) fn take_over(&self) -> io::Result<OwnedFd> {
        let mut arrived = [PollFd::new(&self.socket, PollFlags::IN)];
        while let Err(error) = poll(&mut arrived, None) {
            if error != Errno::INTR {
                return Err(error.into());
            }
        }
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut with = RecvAncillaryBuffer::new(&mut space);
        let mut byte = [0];
        recvmsg(
            &self.socket,
            &mut [IoSliceMut::new(&mut byte)],
            &mut with,
            RecvFlags::empty(),
        )?;
        for message in with.drain() {
            if let RecvAncillaryMessage::ScmRights(mut descriptors) = message
                && let Some(descriptor) = descriptors.next()
            {
                fcntl_setfd(&descriptor, FdFlags::CLOEXEC)?;
                return Ok(descriptor);
            }
        }
        Err(io::ErrorKind::BrokenPipe.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::Request;

    fn both() -> (Conversation, Conversation) {
        let (ours, theirs) = conversation().unwrap();
        (ours, Conversation::over(theirs).unwrap())
    }

    #[test]
    fn messages_stay_apart_and_the_end_is_seen_after_them() {
        let (ours, mut theirs) = both();
        assert!(matches!(theirs.hear::<Request>().unwrap(), Heard::Nothing));
        ours.say(&Request::Terminate).unwrap();
        ours.say(&Request::Kill).unwrap();
        drop(ours);
        let mut heard = || theirs.hear().unwrap();
        assert!(matches!(heard(), Heard::Message(Request::Terminate)));
        assert!(matches!(heard(), Heard::Message(Request::Kill)));
        assert!(matches!(heard(), Heard::Gone));
    }

    #[test]
    fn last_words_are_heard_though_something_said_to_the_other_side_was_never_read() {
        let (mut ours, theirs) = both();
        ours.say(&Request::Terminate).unwrap();
        theirs.say(&Request::Kill).unwrap();
        drop(theirs);
        let mut heard = || ours.hear().unwrap();
        assert!(matches!(heard(), Heard::Message(Request::Kill)));
        assert!(matches!(heard(), Heard::<Request>::Gone));
    }

    #[test]
    fn what_is_longer_than_the_socket_holds_arrives_whole() {
        let (ours, mut theirs) = both();
        let long = "x".repeat(1 << 20);
        let said = long.clone();
        let speaker = std::thread::spawn(move || ours.say(&said));
        let heard = loop {
            match theirs.hear::<String>().unwrap() {
                Heard::Message(heard) => break heard,
                Heard::Nothing => std::thread::yield_now(),
                Heard::Gone => panic!("it was heard"),
            }
        };
        speaker.join().unwrap().unwrap();
        assert_eq!(heard, long);
    }

    #[test]
    fn a_descriptor_is_handed_over_before_anything_is_said() {
        let (ours, mut theirs) = both();
        let (reader, writer) = crate::system::pipe().unwrap();
        ours.hand_over(reader.as_fd()).unwrap();
        ours.say(&Request::Kill).unwrap();
        let taken = theirs.take_over().unwrap();
        write(&writer, b"through").unwrap();
        let mut bytes = [0; 7];
        read(&taken, &mut bytes).unwrap();
        assert_eq!(&bytes, b"through");
        assert!(matches!(
            theirs.hear().unwrap(),
            Heard::Message(Request::Kill)
        ));
        drop(ours);
        assert!(theirs.take_over().is_err());
    }
}
