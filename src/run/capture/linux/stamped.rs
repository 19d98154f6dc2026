//! Capture by two sockets whose messages the kernel stamps as they are written.
//!
//! A stamp is taken inside the program's own write, so it does not matter how late we read: the order between the streams is
//! exact. That is why output is left to gather, and no reader that wakes for each write slows the program.

use std::collections::VecDeque;
use std::io;
use std::ops::Range;
use std::os::fd::{AsFd, OwnedFd};
use std::time::Duration;

use rustix::net::sockopt::{
    set_socket_send_buffer_size, set_socket_send_buffer_size_force, socket_send_buffer_size,
};
use rustix::net::{AddressFamily, SocketFlags, SocketType, socketpair};

use super::offset::{self, Offset};
use super::receive::{Received, receive, stamp_messages};
use crate::clock::{Ahead, Clock};
use crate::model::trace::{Capture, Stream};
use crate::process::Outlets;
use crate::run::capture::source::{Chunk, Source, Wake};

/// What a socket should hold, if we may ask for that much; the kernel takes twice as much for its own records.
const BUFFER_BYTES: usize = 1 << 20;
/// How many messages of a stream, and how many bytes, a drain may take while a program keeps writing.
const MESSAGES_A_DRAIN: usize = 4096;
const BYTES_A_DRAIN: usize = 4 << 20;

/// For how long output is left to gather, at least and at most.
const PAUSES: (Duration, Duration) = (Duration::from_micros(50), Duration::from_millis(4));
const FIRST_PAUSE: Duration = Duration::from_micros(500);
/// How often limits are looked at while there is none.
const IDLE: Duration = Duration::from_millis(50);
/// A message is stamped a moment before it can be received: one this young may still be overtaken.
const YOUNG_NS: u64 = 2_000_000;

/// Makes the sockets: one side to read, one for the program.
pub(in crate::run::capture) fn sockets(clock: Clock) -> io::Result<(Receiver, Outlets)> {
    let (stdout, their_stdout) = pair(Stream::Stdout)?;
    let (stderr, their_stderr) = pair(Stream::Stderr)?;
    let receiver = Receiver {
        ends: [stdout, stderr],
        offset: Offset::new(clock.wall_ahead()),
        pause: None,
        messages: 0,
        was_full: false,
    };
    Ok((
        receiver,
        Outlets {
            stdin: None,
            stdout: their_stdout,
            stderr: their_stderr,
        },
    ))
}

/// Reads both sockets.
#[derive(Debug)]
pub(in crate::run::capture) struct Receiver {
    ends: [End; 2],
    offset: Offset,
    /// How long output gathers before the next look; `None` while there is none.
    pause: Option<Duration>,
    /// How many messages were handed on, over both streams.
    messages: u32,
    was_full: bool,
}

#[derive(Debug)]
struct End {
    stream: Stream,
    /// Gone once its end was read.
    socket: Option<OwnedFd>,
    /// What the other side's buffer holds, in bytes as the kernel counts them.
    holds: usize,
    arena: Vec<u8>,
    pending: VecDeque<Message>,
    /// Every message stamped before this instant of the wall clock has been received.
    heard_ns: u64,
}

#[derive(Debug)]
struct Message {
    wall_ns: u64,
    bytes: Range<usize>,
}

impl Source for Receiver {
    fn drain(&mut self, clock: Clock, take: &mut dyn FnMut(Chunk<'_>)) -> io::Result<()> {
        let mut fill = 0.0_f64;
        let mut got = false;
        for end in &mut self.ends {
            let Taken { bytes, waited } = end.receive(clock)?;
            got |= bytes > 0;
            // What a message costs differs a little from kernel to kernel.
            self.was_full |= waited >= end.holds / 8 * 7;
            #[expect(clippy::cast_precision_loss, reason = "a share, needed roughly")]
            let share = bytes as f64 / end.holds as f64;
            fill = fill.max(share);
        }
        let (ahead, stepped) = self.offset.update(clock.wall_ahead());
        let until = if stepped { u64::MAX } else { self.settled_ns() };
        self.hand_on(until, ahead, take);
        self.pause = self.next_pause(got, fill);
        Ok(())
    }

    fn finish(&mut self, clock: Clock, take: &mut dyn FnMut(Chunk<'_>)) {
        let (ahead, _) = self.offset.update(clock.wall_ahead());
        self.hand_on(u64::MAX, ahead, take);
    }

    fn wake(&self, _every: Duration, no_more: bool) -> Wake<'_> {
        match self.pause {
            Some(pause) if !no_more => Wake::After(pause),
            Some(_) | None => {
                let sockets = self.ends.iter().filter_map(|end| end.socket.as_ref());
                Wake::OnOutput(sockets.map(AsFd::as_fd).collect(), IDLE)
            }
        }
    }

    fn is_at_end(&self) -> bool {
        self.ends
            .iter()
            .all(|end| end.socket.is_none() && end.pending.is_empty())
    }

    fn was_full(&self) -> bool {
        self.was_full
    }

    fn way(&self) -> Capture {
        Capture::Stamped
    }
}

impl Receiver {
    /// The instant before which everything stamped has been received.
    fn settled_ns(&self) -> u64 {
        let heard = self.ends.iter().map(|end| match end.socket {
            Some(_) => end.heard_ns.saturating_sub(YOUNG_NS),
            None => u64::MAX,
        });
        heard.min().unwrap_or(u64::MAX)
    }

    /// Hands on what was stamped up to an instant, in the order of the stamps.
    fn hand_on(&mut self, until_ns: u64, ahead: Ahead, take: &mut dyn FnMut(Chunk<'_>)) {
        let Receiver { ends, messages, .. } = self;
        loop {
            let first = |end: &End| end.pending.front().map_or(u64::MAX, |next| next.wall_ns);
            let [out, err] = &*ends;
            let this = usize::from(first(err) < first(out));
            let end = &mut ends[this];
            if first(end) > until_ns {
                break;
            }
            let Some(message) = end.pending.pop_front() else {
                break;
            };
            let (earliest, latest) = offset::bounds(message.wall_ns, ahead);
            take(Chunk {
                stream: end.stream,
                earliest,
                latest,
                read: *messages,
                is_a_write: true,
                bytes: &end.arena[message.bytes],
            });
            *messages = messages.saturating_add(1);
        }
        for end in ends {
            end.forget_what_was_handed_on();
        }
    }

    /// The pause that neither lets the buffers fill up nor finds them empty.
    fn next_pause(&self, got: bool, fill: f64) -> Option<Duration> {
        let pause = self.pause.unwrap_or(FIRST_PAUSE);
        if got {
            let pause = match fill {
                // A buffer was most likely full, and the program waited.
                fill if fill > 1.0 => return Some(Duration::ZERO),
                fill if fill > 0.5 => pause / 4,
                fill if fill > 0.25 => pause / 2,
                fill if fill < 0.1 => pause * 2,
                _ => pause,
            };
            return Some(pause.clamp(PAUSES.0, PAUSES.1));
        }
        let waiting = self.ends.iter().any(|end| !end.pending.is_empty());
        waiting.then_some(Duration::from_nanos(YOUNG_NS))
    }
}

impl End {
    /// Receives what is there.
    fn receive(&mut self, clock: Clock) -> io::Result<Taken> {
        let mut taken = Taken::default();
        let Some(socket) = &self.socket else {
            return Ok(taken);
        };
        let (began_ns, begin) = (clock.wall_ns(), self.arena.len());
        // The clock is read only before a look that may find nothing: for each message, it would cost a tenth of it.
        let mut looked_ns = None;
        for _ in 0..MESSAGES_A_DRAIN {
            match receive(socket, &mut self.arena, self.holds)? {
                Received::Message { wall_ns, length } => {
                    looked_ns = None;
                    taken.bytes += cost(length);
                    if wall_ns <= began_ns {
                        taken.waited = taken.bytes;
                    }
                    self.heard_ns = wall_ns;
                    if length > 0 {
                        let bytes = self.arena.len() - length..self.arena.len();
                        self.pending.push_back(Message { wall_ns, bytes });
                    }
                }
                Received::Nothing => match looked_ns {
                    None => looked_ns = Some(clock.wall_ns()),
                    Some(before_ns) => {
                        self.heard_ns = before_ns;
                        break;
                    }
                },
                Received::End => {
                    self.socket = None;
                    break;
                }
            }
            if self.arena.len() - begin > BYTES_A_DRAIN {
                break;
            }
        }
        Ok(taken)
    }

    fn forget_what_was_handed_on(&mut self) {
        match self.pending.front() {
            None => self.arena.clear(),
            Some(first) if first.bytes.start > self.arena.len() / 2 => {
                let gone = first.bytes.start;
                self.arena.drain(..gone);
                for message in &mut self.pending {
                    message.bytes = message.bytes.start - gone..message.bytes.end - gone;
                }
            }
            Some(_) => {}
        }
    }
}

/// What messages took of a buffer, as the kernel counts.
#[derive(Debug, Clone, Copy, Default)]
struct Taken {
    /// All that were received.
    bytes: usize,
    /// Those that were there when the look began.
    waited: usize,
}

/// What a message takes of the buffer: a record beside its bytes, and room in powers of two for the first 16 KiB and
/// in pages for the rest. Source: `unix_dgram_sendmsg` and `__alloc_skb` of Linux.
fn cost(length: usize) -> usize {
    const RECORD: usize = 256;
    const TRAILER: usize = 320;
    const LINEAR: usize = (16 << 10) - TRAILER;
    const PAGE: usize = 4096;
    let linear = length.min(LINEAR);
    RECORD + (linear + TRAILER).next_power_of_two() + (length - linear).next_multiple_of(PAGE)
}

fn pair(stream: Stream) -> io::Result<(End, OwnedFd)> {
    // Datagrams would keep their bounds too, but have no end of file.
    let (kind, flags) = (SocketType::SEQPACKET, SocketFlags::CLOEXEC);
    let (ours, theirs) = socketpair(AddressFamily::UNIX, kind, flags, None)?;
    stamp_messages(ours.as_fd())?;
    // Beyond `net.core.wmem_max` for a privileged user, up to it for any other.
    if set_socket_send_buffer_size_force(&theirs, BUFFER_BYTES).is_err() {
        set_socket_send_buffer_size(&theirs, BUFFER_BYTES)?;
    }
    let holds = socket_send_buffer_size(&theirs)?;
    let end = End {
        stream,
        socket: Some(ours),
        holds,
        arena: Vec::new(),
        pending: VecDeque::new(),
        heard_ns: 0,
    };
    Ok((end, theirs))
}

#[cfg(test)]
mod tests {
    use std::thread;

    use rustix::io::write;

    use super::*;
    use crate::clock::Stamp;

    type Seen = (Stream, Stamp, Stamp, Vec<u8>);

    fn drained(receiver: &mut Receiver) -> Vec<Seen> {
        let mut chunks = Vec::new();
        let take = &mut |c: Chunk<'_>| {
            chunks.push((c.stream, c.earliest, c.latest, c.bytes.to_vec()));
        };
        receiver.drain(Clock::Real, take).unwrap();
        chunks
    }

    fn to_the_end(receiver: &mut Receiver) -> Vec<Seen> {
        let mut seen = Vec::new();
        while !receiver.is_at_end() {
            seen.extend(drained(receiver));
            // However late the reader is.
            thread::sleep(Duration::from_millis(3));
        }
        seen
    }

    #[test]
    fn every_write_is_stamped_within_itself_and_in_order_between_the_streams() {
        const WRITES: usize = 5_000;
        let clock = Clock::Real;
        let (mut receiver, outlets) = sockets(clock).unwrap();
        let writer = thread::spawn(move || {
            let write = |n: usize| {
                let end = if n.is_multiple_of(3) {
                    &outlets.stderr
                } else {
                    &outlets.stdout
                };
                let before = clock.now();
                write(end, &n.to_le_bytes()).unwrap();
                (before, clock.now())
            };
            (0..WRITES).map(write).collect::<Vec<_>>()
        });
        let seen = to_the_end(&mut receiver);
        let truth = writer.join().unwrap();
        assert_eq!(seen.len(), WRITES);
        for (n, (_, earliest, latest, bytes)) in seen.iter().enumerate() {
            assert_eq!(usize::from_le_bytes(bytes[..].try_into().unwrap()), n);
            let (before, after) = truth[n];
            assert!(
                *earliest <= after && before <= *latest,
                "write {n} lies outside"
            );
        }
    }

    #[test]
    fn a_buffer_is_full_if_a_write_would_have_had_to_wait() {
        for length in [1, 40, 600, 5_000, 60_000] {
            let (mut receiver, outlets) = sockets(Clock::Real).unwrap();
            rustix::io::ioctl_fionbio(&outlets.stdout, true).unwrap();
            let part = vec![b'x'; length];
            for _ in 0..3 {
                write(&outlets.stdout, &part).unwrap();
            }
            drained(&mut receiver);
            assert!(!receiver.was_full(), "{length}");
            while write(&outlets.stdout, &part).is_ok() {}
            drained(&mut receiver);
            assert!(receiver.was_full(), "{length}");
        }
    }

    #[test]
    fn a_write_of_nothing_is_no_end_and_no_chunk() {
        let (mut receiver, outlets) = sockets(Clock::Real).unwrap();
        write(&outlets.stdout, b"").unwrap();
        write(&outlets.stdout, b"more").unwrap();
        drop(outlets.stdout);
        write(&outlets.stderr, b"").unwrap();
        let mut seen = drained(&mut receiver);
        assert!(!receiver.is_at_end());
        drop(outlets.stderr);
        seen.extend(to_the_end(&mut receiver));
        assert_eq!(seen.len(), 1);
        assert_eq!(seen[0].3, b"more");
    }

    /// The clock was ten seconds behind when the sockets were made, or ten seconds ahead, and was set before the first look.
    /// No more than that: a machine may have been up for less than a minute, and instants start at its boot.
    #[test]
    fn however_far_the_clock_is_set_the_true_time_stays_within_the_interval() {
        const SHIFT_NS: i64 = 10_000_000_000;
        let clock = Clock::Real;
        for by_ns in [SHIFT_NS, -SHIFT_NS] {
            let (mut receiver, outlets) = sockets(clock).unwrap();
            let Ahead { least_ns, most_ns } = clock.wall_ahead();
            receiver.offset = Offset::new(Ahead {
                least_ns: least_ns + by_ns,
                most_ns: most_ns + by_ns,
            });
            let write = |text: &[u8]| {
                let before = clock.now();
                write(&outlets.stdout, text).unwrap();
                (before, clock.now())
            };
            let meanwhile = write(b"meanwhile");
            let mut seen = drained(&mut receiver);
            let after = write(b"after");
            drop(outlets);
            seen.extend(to_the_end(&mut receiver));
            let [first, last] = &seen[..] else {
                panic!("{seen:?}")
            };
            for ((_, earliest, latest, _), (before, after)) in [(first, meanwhile), (last, after)] {
                assert!(*earliest <= after && before <= *latest, "{by_ns}");
            }
            let width = |seen: &Seen| seen.2.since(seen.1);
            assert!(width(first) >= Duration::from_secs(9));
            assert!(width(last) < Duration::from_secs(1));
        }
    }

    #[test]
    fn what_is_too_young_to_be_certain_of_is_handed_on_at_the_end() {
        let (mut receiver, outlets) = sockets(Clock::Real).unwrap();
        write(&outlets.stdout, b"x").unwrap();
        let mut chunks = drained(&mut receiver).len();
        // At once, or later if this thread was late.
        receiver.finish(Clock::Real, &mut |_| chunks += 1);
        assert_eq!(chunks, 1);
        drop(outlets);
    }

    #[test]
    fn however_much_is_written_the_arena_stays_small() {
        let (mut receiver, outlets) = sockets(Clock::Real).unwrap();
        drop(outlets.stderr);
        let writer = thread::spawn(move || {
            let part = vec![b'x'; 64 << 10];
            for _ in 0..1_000 {
                write(&outlets.stdout, &part).unwrap();
            }
        });
        let mut bytes = 0;
        while !receiver.is_at_end() {
            let take = &mut |c: Chunk<'_>| bytes += c.bytes.len();
            receiver.drain(Clock::Real, take).unwrap();
            assert!(receiver.ends[0].arena.capacity() <= 32 << 20);
        }
        writer.join().unwrap();
        assert_eq!(bytes, 64_000 << 10);
    }
}
