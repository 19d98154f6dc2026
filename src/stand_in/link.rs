//! One TCP connection to a client, with the instants between which it changed.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::Shutdown;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::clock::{Clock, Stamp};
use crate::system::{PEER_GONE, Peer, peer, unacknowledged_bytes};

/// A connection to a client.
///
/// Tokio's readiness only repeats what it last heard, and proves nothing about now: each look asks the kernel itself.
#[derive(Debug)]
pub(super) struct Link {
    stream: TcpStream,
    clock: Clock,
    known: Mutex<Known>,
}

/// The last instants at which something was certain.
#[derive(Debug, Clone, Copy)]
struct Known {
    /// Everything that had arrived had been read.
    empty: Stamp,
    /// The client had closed nothing.
    open: Stamp,
    /// The last bytes that were written had not been written yet.
    unwritten: Stamp,
}

/// What a look at a connection tells of its client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Client {
    /// It closed or reset the connection, or closed its sending half.
    pub(super) gone: bool,
    /// It sent bytes that were not read yet.
    pub(super) unread: bool,
}

impl Link {
    /// A connection that did not exist yet at `absent`.
    pub(super) fn new(stream: TcpStream, clock: Clock, absent: Stamp) -> Link {
        let known = Known {
            empty: absent,
            open: absent,
            unwritten: absent,
        };
        Link {
            stream,
            clock,
            known: Mutex::new(known),
        }
    }

    /// The number of the client's socket, if the kernel tells.
    pub(super) fn client_inode(&self) -> Option<u32> {
        peer_of(&self.stream).map(|peer| peer.inode)
    }

    /// Asks the kernel about the client, and remembers when.
    pub(super) fn look(&self) -> Client {
        let at = self.clock.now();
        let flags = flags(&self.stream);
        let client = Client {
            gone: flags.intersects(PEER_GONE),
            unread: flags.contains(PollFlags::IN),
        };
        self.learn(|known| {
            if !client.gone {
                known.open = at;
            }
            if !client.unread {
                known.empty = at;
            }
        });
        client
    }

    /// The last instant at which everything that had arrived had been read.
    pub(super) fn empty_at(&self) -> Stamp {
        self.known().empty
    }

    /// The last instant at which the client had closed nothing.
    pub(super) fn open_at(&self) -> Stamp {
        self.known().open
    }

    /// The last instant at which the last bytes had not been written.
    pub(super) fn unwritten_at(&self) -> Stamp {
        self.known().unwritten
    }

    /// Whether the other end acknowledged every byte written, after our sending half was closed.
    pub(super) fn all_accepted(&self) -> bool {
        // The one byte is the mark that ends our sending half: it may be acknowledged 40 ms late.
        unacknowledged_bytes(&self.stream).is_ok_and(|bytes| bytes <= 1)
    }

    /// Makes closing this connection a reset.
    pub(super) fn reset_when_closed(&self) {
        // It fails only on a connection that is reset already.
        let _ = self.stream.set_zero_linger();
    }

    /// Reads and forgets what the client still sends, until it is gone.
    pub(super) async fn hear_out(&self) {
        let mut nobody_reads = [0; 4096];
        while self.stream.readable().await.is_ok() {
            match self.stream.try_read(&mut nobody_reads) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(_) => break,
            }
        }
    }

    fn known(&self) -> Known {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn learn(&self, act: impl FnOnce(&mut Known)) {
        act(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// What the kernel tells of the other end.
pub(super) fn peer_of(stream: &TcpStream) -> Option<Peer> {
    match (stream.peer_addr(), stream.local_addr()) {
        (Ok(SocketAddr::V4(theirs)), Ok(SocketAddr::V4(ours))) => peer(theirs, ours),
        _ => None,
    }
}

/// Whether anything waits to be read or accepted, as the kernel says now.
pub(super) fn is_readable(socket: &impl std::os::fd::AsFd) -> bool {
    flags(socket).contains(PollFlags::IN)
}

fn flags(socket: &impl std::os::fd::AsFd) -> PollFlags {
    let mut asked = [PollFd::new(socket, PollFlags::IN.union(PEER_GONE))];
    // If the kernel does not answer, nothing is certain: readable and not gone, so that no instant is noted.
    match poll(&mut asked, Some(&Timespec::default())) {
        Ok(_) => asked[0].revents(),
        Err(_) => PollFlags::IN,
    }
}

/// A connection as HTTP reads and writes it.
#[derive(Debug)]
pub(super) struct LinkIo(pub(super) Arc<Link>);

impl AsyncRead for LinkIo {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let stream = &self.0.stream;
        loop {
            ready!(stream.poll_read_ready(cx))?;
            match stream.try_read(buf.initialize_unfilled()) {
                Ok(bytes) => {
                    buf.advance(bytes);
                    return Poll::Ready(Ok(()));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

impl AsyncWrite for LinkIo {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let stream = &self.0.stream;
        loop {
            ready!(stream.poll_write_ready(cx))?;
            let before = self.0.clock.now();
            match stream.try_write(bytes) {
                Ok(written) => {
                    self.0.learn(|known| known.unwritten = before);
                    return Poll::Ready(Ok(written));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        // It fails only where the client reset the connection, which the next look tells better.
        let _ = rustix::net::shutdown(&self.0.stream, Shutdown::Write);
        Poll::Ready(Ok(()))
    }
}
