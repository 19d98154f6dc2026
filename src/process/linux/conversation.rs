//! How we and a supervisor talk: one JSON object a packet, over a socket that keeps packets apart.

use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, SocketFlags, SocketType, recv, recvmsg, send, sendmsg,
    socketpair,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::process::Heard;

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
    let mut length = length_of_next(&socket);
    if length == Err(Errno::CONNRESET) {
        // It closed its end without reading all that we said. The system tells that first, and once; its last words follow.
        length = length_of_next(&socket);
    }
    match length {
        Ok(0) | Err(Errno::CONNRESET | Errno::PIPE) => Ok(Heard::Gone),
        Ok(length) => {
            let mut packet = vec![0_u8; length];
            recv(&socket, &mut packet, RecvFlags::empty())?;
            Ok(Heard::Message(serde_json::from_slice(&packet)?))
        }
        Err(Errno::AGAIN | Errno::INTR) => Ok(Heard::Nothing),
        Err(error) => Err(error.into()),
    }
}

/// The bytes of the next message, which stays where it is; none at the end.
fn length_of_next(socket: impl AsFd) -> Result<usize, Errno> {
    let flags = RecvFlags::PEEK | RecvFlags::TRUNC;
    recv(socket, &mut [0_u8; 0], flags).map(|(_, length)| length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::Request;

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
    fn last_words_are_heard_though_something_said_to_the_other_side_was_never_read() {
        let (ours, theirs) = conversation().unwrap();
        say(&ours, &Request::Terminate).unwrap();
        for word in [Request::Kill, Request::Signal(15)] {
            say(&theirs, &word).unwrap();
        }
        drop(theirs);
        let heard = || hear::<Request>(&ours).unwrap();
        assert!(matches!(heard(), Heard::Message(Request::Kill)));
        assert!(matches!(heard(), Heard::Message(Request::Signal(15))));
        assert!(matches!(heard(), Heard::Gone));
    }

    #[test]
    fn as_many_delays_as_are_kept_fit_into_one_message() {
        let delay = |n: u64| crate::model::conditions::Delay {
            cause: crate::model::conditions::DelayCause::LateTimer,
            from_ns: u64::MAX / 2 - 2_000_000 + n * 2,
            until_ns: u64::MAX / 2 - 2_000_000 + n * 2 + 1,
            most_ns: 1,
        };
        let (ours, theirs) = conversation().unwrap();
        let many = crate::model::conditions::joined_delays((0..100_000).map(delay));
        let all: Vec<_> = [&many[..], &many, &many].concat();
        say(&ours, &all).unwrap();
        let Heard::Message(heard) = hear::<Vec<crate::model::conditions::Delay>>(&theirs).unwrap()
        else {
            panic!("it was heard");
        };
        assert_eq!(heard, all);
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
