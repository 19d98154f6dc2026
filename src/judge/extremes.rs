//! The few events of a set that decide how all of it stands to other events.

use std::cmp::Reverse;

use super::channel::Channel;
use super::events::Index;
use super::timeline::Timeline;

/// The decisive events of a set: a few for each channel, however many there are.
#[derive(Debug, Clone, Copy, Default)]
pub struct Extremes {
    /// In the order in which they were added.
    channels: [Option<(Channel, Ends)>; 4],
    /// Whether the order of a stream is certain, so that its first and last decide alone.
    keeps_order: bool,
}

#[derive(Debug, Clone, Copy)]
struct Ends {
    /// In the order of the stream, or of the middles of the intervals.
    first: Index,
    last: Index,
    /// Of a stream whose order is certain they are not asked for: it decides, and its intervals never run backwards.
    least_earliest: Index,
    most_earliest: Index,
    least_latest: Index,
    most_latest: Index,
}

impl Extremes {
    /// Of these events.
    #[must_use]
    pub fn new(timeline: &Timeline, events: &[Index]) -> Extremes {
        let mut extremes = Extremes {
            keeps_order: timeline.places.as_stamped,
            ..Extremes::default()
        };
        for &index in events {
            extremes.add(timeline, index);
        }
        extremes
    }

    /// Of all the events of several sets.
    #[must_use]
    pub fn union(timeline: &Timeline, mut sets: impl Iterator<Item = Extremes>) -> Extremes {
        let Some(mut all) = sets.next() else {
            return Extremes::default();
        };
        for set in sets {
            all.merge(timeline, &set);
        }
        all.channels.sort_by_key(|known| {
            let first = known.map(|(_, ends)| ends.first);
            (first.is_none(), first)
        });
        all
    }

    fn add(&mut self, timeline: &Timeline, index: Index) {
        let channel = timeline.channel(index);
        let mine = |known: &&mut Option<(Channel, Ends)>| known.is_none_or(|(c, _)| c == channel);
        let Some(place) = self.channels.iter_mut().find(mine) else {
            return;
        };
        let Some((_, ends)) = place else {
            *place = Some((channel, Ends::new(index)));
            return;
        };
        ends.first = ends.first.min(index);
        ends.last = ends.last.max(index);
        if timeline.keeps_order(channel) {
            return;
        }
        // Of several at one instant, the first.
        let earliest = |i: Index| timeline.placed(i).earliest_ns;
        let latest = |i: Index| timeline.placed(i).latest_ns;
        *ends = Ends {
            least_earliest: least(ends.least_earliest, index, |i| (earliest(i), i)),
            most_earliest: least(ends.most_earliest, index, |i| (Reverse(earliest(i)), i)),
            least_latest: least(ends.least_latest, index, |i| (latest(i), i)),
            most_latest: least(ends.most_latest, index, |i| (Reverse(latest(i)), i)),
            ..*ends
        };
    }

    /// Adds all of another set.
    pub fn merge(&mut self, timeline: &Timeline, other: &Extremes) {
        self.keeps_order = timeline.places.as_stamped;
        for (_, ends) in other.channels.iter().flatten() {
            for index in ends.all() {
                self.add(timeline, index);
            }
        }
    }

    /// Those that decide what comes after the set: if all of them come before an event, the whole set does;
    /// if any of the set comes after it, one of these does.
    #[must_use]
    pub fn late(&self) -> Vec<Index> {
        self.pick(|ends| [ends.last, ends.most_earliest, ends.most_latest])
    }

    /// The same for what comes before the set.
    #[must_use]
    pub fn early(&self) -> Vec<Index> {
        self.pick(|ends| [ends.first, ends.least_latest, ends.least_earliest])
    }

    fn pick(&self, which: impl Fn(&Ends) -> [Index; 3]) -> Vec<Index> {
        let mut picked: Vec<Index> = Vec::new();
        for (channel, ends) in self.channels.iter().flatten() {
            let [first, second, third] = which(ends);
            let wanted = match channel {
                Channel::Output(_) if self.keeps_order => [first, first, first],
                Channel::Output(_) | Channel::StandIn | Channel::Supervisor => {
                    [first, second, third]
                }
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

fn least<K: Ord>(one: Index, other: Index, key: impl Fn(Index) -> K) -> Index {
    if key(other) < key(one) { other } else { one }
}

impl Ends {
    fn new(index: Index) -> Ends {
        Ends {
            first: index,
            last: index,
            least_earliest: index,
            most_earliest: index,
            least_latest: index,
            most_latest: index,
        }
    }

    fn all(self) -> [Index; 6] {
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
