//! How many events of a set lie between two others, without looking at each.

use super::label::Channel;
use super::timeline::{Relation, Timeline};

/// A set of events, sorted so that those before or after another are counted quickly.
pub struct Spread {
    groups: Vec<Group>,
}

/// Those of one channel.
struct Group {
    channel: Channel,
    /// Rising.
    indices: Vec<usize>,
    /// The earliest instants, rising.
    earliest: Vec<u64>,
    /// The latest instants, rising.
    latest: Vec<u64>,
}

/// So few are asked one by one: that is exact, whatever their channel.
const FEW: usize = 8;

impl Spread {
    /// Of these events, by their indices, rising.
    #[must_use]
    pub fn new(timeline: &Timeline, indices: &[usize]) -> Spread {
        let mut groups: Vec<Group> = Vec::new();
        for &index in indices {
            let event = &timeline.events[index];
            let known = groups.iter().position(|g| g.channel == event.channel);
            let place = known.unwrap_or_else(|| {
                groups.push(Group {
                    channel: event.channel,
                    indices: Vec::new(),
                    earliest: Vec::new(),
                    latest: Vec::new(),
                });
                groups.len() - 1
            });
            let group = &mut groups[place];
            group.indices.push(index);
            group.earliest.push(event.at.earliest_ns);
            group.latest.push(event.at.latest_ns);
        }
        for group in &mut groups {
            group.earliest.sort_unstable();
            group.latest.sort_unstable();
        }
        Spread { groups }
    }

    /// How many certainly, and how many possibly, come after `start` and before `end`, of which the first
    /// certainly comes before the second.
    #[must_use]
    pub fn between(&self, timeline: &Timeline, start: usize, end: usize) -> (u64, u64) {
        let of_group = |group: &Group| {
            let all = group.len_without(&[start, end]);
            let (before_start, after_start) = group.around_without(timeline, start, end);
            let (before_end, after_end) = group.around_without(timeline, end, start);
            let sure = (after_start + before_end).saturating_sub(all);
            (sure, all - (before_start + after_end).min(all))
        };
        let parts = self.groups.iter().map(of_group);
        parts.fold((0, 0), |(sure, possible), (s, p)| (sure + s, possible + p))
    }
}

impl Group {
    fn len_without(&self, others: &[usize]) -> u64 {
        let there = |x: &&usize| self.indices.binary_search(x).is_ok();
        (self.indices.len() - others.iter().filter(there).count()) as u64
    }

    /// How many certainly come before and after `x`, `but` not counted.
    fn around_without(&self, timeline: &Timeline, x: usize, but: usize) -> (u64, u64) {
        let (before, after) = self.around(timeline, x);
        if self.indices.binary_search(&but).is_err() {
            return (before, after);
        }
        match timeline.relation(but, x) {
            Relation::Before => (before - 1, after),
            Relation::After => (before, after - 1),
            Relation::Open => (before, after),
        }
    }

    /// How many certainly come before `x`, and how many after it.
    fn around(&self, timeline: &Timeline, x: usize) -> (u64, u64) {
        let all = self.indices.len();
        let event = &timeline.events[x];
        let of_output = matches!(self.channel, Channel::Output(_));
        if of_output && self.channel == event.channel {
            let before = self.indices.partition_point(|&i| i < x);
            let up_to = self.indices.partition_point(|&i| i <= x);
            return (before as u64, (all - up_to) as u64);
        }
        if all <= FEW || (of_output && Some(x) == timeline.exit()) {
            // Asked of the exit, all of a stream give the same answer where nobody outlived the program.
            let relations = self.indices.iter().filter(|&&i| i != x);
            return relations.fold((0, 0), |(before, after), &i| {
                match timeline.relation(i, x) {
                    Relation::Before => (before + 1, after),
                    Relation::After => (before, after + 1),
                    Relation::Open => (before, after),
                }
            });
        }
        // Of two instants known exactly and equal, neither comes first.
        let exact = u64::from(event.at.width_ns() == 0);
        let (low, high) = (event.at.earliest_ns, event.at.latest_ns);
        let before = self.latest.partition_point(|&at| at + exact <= low);
        let after = all - self.earliest.partition_point(|&at| at < high + exact);
        (before as u64, after as u64)
    }
}
