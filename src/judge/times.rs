//! When the events of one trial happened: as they were stamped, or as they can have been without delay.

use super::channel::Channel;
use super::events::{Event, Events};
use super::lateness::Lateness;
use crate::model::interval::Interval;

/// When the events of one trial happened.
#[derive(Debug, Clone)]
pub struct Times {
    /// By the place of the event.
    pub at: Vec<Interval>,
    /// The width of the widest, nanoseconds.
    pub widest_ns: u64,
    /// Whether these are the stamps. If so, the order within a stream is certain besides.
    pub as_stamped: bool,
}

impl Times {
    /// As they were stamped.
    #[must_use]
    pub fn stamped(events: &Events) -> Times {
        Times::new(events.iter().map(Event::at).collect(), true)
    }

    /// As they can have been without delay.
    #[must_use]
    pub fn moved(events: &Events, lateness: &Lateness) -> Times {
        let moved = events.iter().map(|event| {
            let is_spawn = event
                .label()
                .is_some_and(|label| label.as_str() == "@spawn");
            if is_spawn && event.channel() == Channel::Supervisor {
                lateness.moved_spawn(event.at())
            } else {
                lateness.moved(event.at())
            }
        });
        Times::new(moved.collect(), false)
    }

    fn new(at: Vec<Interval>, as_stamped: bool) -> Times {
        Times {
            widest_ns: at.iter().map(|at| at.width_ns()).max().unwrap_or(0),
            at,
            as_stamped,
        }
    }
}
