//! What a stand-in saw, and the log that its connections write to.

use std::sync::{Mutex, PoisonError};

use crate::clock::Stamp;
use crate::model::conditions::{NeighbourProcess, UnexpectedRequest};
use crate::model::interval::Interval;
use crate::model::trace::{Served, Service, Values};

/// An event of a request, bounded by two instants of the monotonic clock.
///
/// - `asked`: the head of the request arrived. Not before the connection was last known to hold nothing
///   to read (or not to exist), not after the head was parsed.
/// - `answered`: the client's kernel accepted the last byte of the answer. Not before that byte was
///   handed to ours, not after every byte was known to be acknowledged. It says nothing of whether the
///   program read the answer.
/// - `dropped`: the client closed or reset the connection before that. Not before the connection was
///   last known to be open, not after it was found closed. A client that closes only its sending half
///   counts as gone: to a server the two look the same until it answers.
///
/// A request has one `asked` and then at most one of the others: neither where the stand-in itself reset
/// the connection, never answered, or was stopped while the client still waited. `asked` and `dropped`
/// of one request overlap if the client was gone before the server looked again, about a millisecond.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestEvent {
    /// The route of the case file that the request matched.
    pub route: String,
    /// What happened.
    pub service: Service,
    /// The first instant at which it can have happened.
    pub earliest: Stamp,
    /// The last instant at which it can have happened.
    pub latest: Stamp,
    /// What the route's path captured, percent-decoded.
    pub values: Values,
}

impl RequestEvent {
    /// The event as a trace holds it: in nanoseconds since the program was spawned.
    #[must_use]
    pub fn since(self, spawned: Stamp) -> Served {
        let ns = |stamp: Stamp| stamp.ns.saturating_sub(spawned.ns);
        Served {
            route: self.route,
            service: self.service,
            at: Interval::between(ns(self.earliest), ns(self.latest)),
            values: self.values,
        }
    }
}

/// All that a stand-in saw.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RequestLog {
    /// The events, by their earliest instants.
    pub events: Vec<RequestEvent>,
    /// Requests that no route matches, such as `GET /datta1`: each once, at most [`RequestLog::STRANGERS`].
    pub strangers: Vec<String>,
    /// Requests that are not the program's, or that no route matches and that may not be: each once, at most
    /// [`RequestLog::STRANGERS`].
    pub unexpected: Vec<UnexpectedRequest>,
    /// How many events came after as many as are kept.
    pub dropped: u64,
    /// How many connections were another user's: they were closed unread.
    pub foreign: u64,
    /// How many bytes those take that are kept.
    kept_bytes: usize,
}

impl RequestLog {
    /// How many bytes of events are kept. A request has two, of two hundred bytes and of what its route captures.
    pub const KEPT_BYTES: usize = 32 << 20;

    /// How many different strangers are kept: enough to see what is wrong.
    pub const STRANGERS: usize = 20;
}

/// How long the description of a request may be that no route matches.
const STRANGER_CHARS: usize = 300;

/// What the connections of one server write to.
#[derive(Debug, Default)]
pub(super) struct SharedLog(Mutex<RequestLog>);

impl SharedLog {
    pub(super) fn note(&self, event: RequestEvent) {
        let values = event.values.iter();
        let texts = values.map(|(name, value)| name.len() + value.len());
        let bytes = size_of::<RequestEvent>() + event.route.len() + texts.sum::<usize>();
        self.with(|log| {
            if log.kept_bytes + bytes > RequestLog::KEPT_BYTES {
                log.dropped += 1;
            } else {
                log.kept_bytes += bytes;
                log.events.push(event);
            }
        });
    }

    pub(super) fn stranger(&self, what: &str) {
        // No more than a message can show.
        let what: String = what.chars().take(STRANGER_CHARS).collect();
        self.with(|RequestLog { strangers, .. }| {
            if strangers.len() < RequestLog::STRANGERS && !strangers.contains(&what) {
                strangers.push(what);
            }
        });
    }

    /// Notes a request that may not be the program's.
    pub(super) fn unexpected(&self, what: &str, made_by: Option<NeighbourProcess>) {
        let request = what.chars().take(STRANGER_CHARS).collect();
        let noted = UnexpectedRequest { request, made_by };
        self.with(|RequestLog { unexpected, .. }| {
            if unexpected.len() < RequestLog::STRANGERS && !unexpected.contains(&noted) {
                unexpected.push(noted);
            }
        });
    }

    /// Notes that another user came.
    pub(super) fn foreign(&self) {
        self.with(|log| log.foreign += 1);
    }

    /// Takes what was seen so far, in order.
    pub(super) fn take(&self) -> RequestLog {
        let mut log = self.with(std::mem::take);
        log.events
            .sort_by_key(|event| (event.earliest, event.latest));
        log
    }

    fn with<T>(&self, act: impl FnOnce(&mut RequestLog) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
