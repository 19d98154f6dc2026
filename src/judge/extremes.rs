//! The few events of a set that decide how all of it stands to other events.

use super::label::{Channel, Event};

/// The decisive events of a set, by their indices: a few for each channel, however many there are.
#[derive(Debug, Clone, Default)]
pub struct Extremes {
    channels: Vec<(Channel, Ends)>,
}

#[derive(Debug, Clone, Copy)]
struct Ends {
    /// In the order of the stream, or of the middles of the intervals.
    first: usize,
    last: usize,
    least_earliest: usize,
    most_earliest: usize,
    least_latest: usize,
    most_latest: usize,
}

impl Extremes {
    /// Of these events.
    #[must_use]
    pub fn of(events: &[Event], indices: impl IntoIterator<Item = usize>) -> Extremes {
        let mut extremes = Extremes::default();
        for index in indices {
            extremes.add(events, index);
        }
        extremes
    }

    /// Adds one event.
    pub fn add(&mut self, events: &[Event], index: usize) {
        let channel = events[index].channel;
        let known = self.channels.iter_mut().find(|(c, _)| *c == channel);
        let Some((_, ends)) = known else {
            let ends = Ends {
                first: index,
                last: index,
                least_earliest: index,
                most_earliest: index,
                least_latest: index,
                most_latest: index,
            };
            self.channels.push((channel, ends));
            return;
        };
        let at = |i: usize| events[i].at;
        let new = at(index);
        ends.first = ends.first.min(index);
        ends.last = ends.last.max(index);
        if new.earliest_ns < at(ends.least_earliest).earliest_ns {
            ends.least_earliest = index;
        }
        if new.earliest_ns > at(ends.most_earliest).earliest_ns {
            ends.most_earliest = index;
        }
        if new.latest_ns < at(ends.least_latest).latest_ns {
            ends.least_latest = index;
        }
        if new.latest_ns > at(ends.most_latest).latest_ns {
            ends.most_latest = index;
        }
    }

    /// Adds all of another set.
    pub fn merge(&mut self, events: &[Event], other: &Extremes) {
        for (_, ends) in &other.channels {
            for index in ends.all() {
                self.add(events, index);
            }
        }
    }

    /// Those that decide what comes after the set: if all of them come before an event, the whole set does;
    /// if any of the set comes after it, one of these does.
    #[must_use]
    pub fn late(&self) -> Vec<usize> {
        self.pick(|ends| [ends.last, ends.most_earliest, ends.most_latest])
    }

    /// The same for what comes before the set.
    #[must_use]
    pub fn early(&self) -> Vec<usize> {
        self.pick(|ends| [ends.first, ends.least_latest, ends.least_earliest])
    }

    fn pick(&self, which: impl Fn(&Ends) -> [usize; 3]) -> Vec<usize> {
        let mut picked: Vec<usize> = Vec::new();
        for (channel, ends) in &self.channels {
            let [first, second, third] = which(ends);
            // Within a stream the sequence decides, against other streams the intervals do, and they never
            // run backwards.
            let wanted = match channel {
                Channel::Output(_) => [first, first, first],
                Channel::StandIn | Channel::Supervisor => [first, second, third],
            };
            for index in wanted {
                if !picked.contains(&index) {
                    picked.push(index);
                }
            }
        }
        picked
    }
}

impl Ends {
    fn all(self) -> [usize; 6] {
        [
            self.first,
            self.last,
            self.least_earliest,
            self.most_earliest,
            self.least_latest,
            self.most_latest,
        ]
    }
}
