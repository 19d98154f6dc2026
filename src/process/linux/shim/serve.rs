//! Installs the shim, and answers the calls that stop at it.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use rustix::net::sockopt::socket_send_buffer_size;

use super::exits::Exits;
use super::filter::{self, Questions};
use super::kernel::{self, Answer, Asked};
use super::streams::Streams;
use super::{connect, path, writes};
use crate::clock::Clock;

/// The longest write that passes as one message. The sockets hold more, if the system permits it.
const LONGEST_WRITE: usize = 128 << 10;

/// What of a program stops at the shim.
pub(in crate::process::linux) struct Watched {
    /// The sockets that it gets as its stdout and stderr; `None` if it gets others.
    pub(in crate::process::linux) output: Option<[OwnedFd; 2]>,
    /// The port of this host that alone it may connect to; `None` if its connections are not asked about.
    pub(in crate::process::linux) port: Option<u16>,
}

/// What is known of the program whose calls are answered.
struct Known {
    streams: Option<Streams>,
    port: Option<u16>,
}

/// Puts the shim between this thread, all that it will start, and the kernel. `exits` learns who is about to end.
///
/// # Errors
/// The kernel, or what confines this process, does not permit it.
pub(in crate::process::linux) fn install(
    watched: Watched,
    exits: Arc<Exits>,
    clock: Clock,
) -> io::Result<()> {
    let Watched { output, port } = watched;
    let streams = output.map(streams).transpose()?;
    let longest = streams.as_ref().map(Streams::longest_write);
    let questions = Questions {
        longest_write: longest
            .map(u32::try_from)
            .transpose()
            .map_err(io::Error::other)?,
        connections: port.is_some(),
    };
    let mut filter = filter::filter(questions)
        .ok_or_else(|| io::Error::other("not known how on this kind of processor"))?;
    let known = Known { streams, port };
    // Before the filter is there: the thread that answers must not be asked itself.
    let (to_shim, listener) = channel();
    thread::Builder::new()
        .name("shim".into())
        .spawn(move || serve(&listener, &known, &exits, clock))?;
    let listener = kernel::install(&mut filter)?;
    to_shim.send(listener).map_err(io::Error::other)
}

fn streams([stdout, stderr]: [OwnedFd; 2]) -> io::Result<Streams> {
    let holds = socket_send_buffer_size(&stdout)?.min(socket_send_buffer_size(&stderr)?);
    let longest = LONGEST_WRITE.min(holds / 2);
    Streams::new([stdout, stderr], longest)
}

/// Answers until the process ends. A call that is not understood is carried out as it is.
fn serve(listener: &Receiver<OwnedFd>, known: &Known, exits: &Exits, clock: Clock) {
    let Ok(listener) = listener.recv() else {
        return;
    };
    while let Ok(asked) = kernel::next(listener.as_fd()) {
        let Some(asked) = asked else { continue };
        if i64::from(asked.number) == libc::SYS_exit_group {
            exits.note(asked.thread, clock.now(), &|| {
                kernel::still_waits(listener.as_fd(), &asked)
            });
        }
        let answer = match (i64::from(asked.number), &known.streams) {
            (libc::SYS_connect, _) => connect::connect(listener.as_fd(), &asked, known.port),
            (_, Some(streams)) => reply(listener.as_fd(), &asked, streams),
            (_, None) => Some(Answer::AsItIs),
        };
        if let Some(answer) = answer {
            kernel::answer(listener.as_fd(), &asked, answer);
        }
    }
}

/// The answer, unless it was given by handing over a descriptor.
fn reply(listener: BorrowedFd<'_>, asked: &Asked, streams: &Streams) -> Option<Answer> {
    let [_, second, third, ..] = asked.arguments;
    let write = |parts| write(listener, asked, streams, parts);
    match i64::from(asked.number) {
        libc::SYS_getsockopt => Some(socket_type(asked, streams)),
        libc::SYS_openat => open(listener, asked, streams, second, third),
        libc::SYS_openat2 => match path::plain_flags(asked, third) {
            Some(flags) => open(listener, asked, streams, second, flags),
            None => Some(Answer::AsItIs),
        },
        #[cfg(target_arch = "x86_64")]
        libc::SYS_open => open(listener, asked, streams, asked.arguments[0], second),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_creat => open(listener, asked, streams, asked.arguments[0], 0),
        libc::SYS_writev | libc::SYS_pwritev2 => {
            Some(write(&|| writes::gathered(asked, second, third)))
        }
        libc::SYS_sendmsg => Some(write(&|| writes::message(asked, second))),
        libc::SYS_exit_group => Some(Answer::AsItIs),
        _ => Some(write(&|| Ok(vec![(second, third)]))),
    }
}

/// A write to a stream, in as many messages as it takes.
fn write(
    listener: BorrowedFd<'_>,
    asked: &Asked,
    streams: &Streams,
    parts: &dyn Fn() -> io::Result<Vec<(u64, u64)>>,
) -> Answer {
    let Some(stream) = streams.of(asked.thread, asked.arguments[0]) else {
        return Answer::AsItIs;
    };
    match parts() {
        Ok(parts) => writes::write(listener, asked, stream, &parts, streams.longest_write()),
        Err(_) => Answer::AsItIs,
    }
}

/// A pipe is no socket; but the caller has found one, and can only deal with a stream.
fn socket_type(asked: &Asked, streams: &Streams) -> Answer {
    let [socket, _, _, value_at, length_at, _] = asked.arguments;
    if streams.of(asked.thread, socket).is_none() {
        return Answer::AsItIs;
    }
    let value = libc::SOCK_STREAM.to_ne_bytes();
    let length = 4_u32.to_ne_bytes();
    let told = kernel::write(asked, value_at, &value)
        .and_then(|()| kernel::write(asked, length_at, &length));
    if told.is_ok() {
        Answer::Returns(0)
    } else {
        Answer::AsItIs
    }
}

/// Opens a stream by its name, which works for a pipe and not for a socket.
fn open(
    listener: BorrowedFd<'_>,
    asked: &Asked,
    streams: &Streams,
    path_at: u64,
    flags: u64,
) -> Option<Answer> {
    let name = path::read(asked, path_at);
    let link = name.and_then(|name| path::descriptor(&name, asked.thread));
    let stream = link.and_then(|link| streams.behind(&link));
    let close_on_exec = flags & u64::from(libc::O_CLOEXEC.unsigned_abs()) != 0;
    match stream {
        Some(stream) if kernel::hand_over(listener, asked, stream, close_on_exec) => None,
        _ => Some(Answer::AsItIs),
    }
}
