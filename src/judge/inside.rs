//! How many events of a set lie between two others, without looking at each.

use super::channel::Channel;
use super::events::Index;
use super::timeline::{Relation, Timeline};

/// A set of events, filed so that those before or after another are counted quickly.
pub enum Spread<'e> {
    /// So few that each is asked.
    Few(&'e [Index]),
    /// Many, by their channels.
    Many(Vec<Group>),
}

/// Those of one channel.
pub struct Group {
    channel: Channel,
    /// Rising.
    indices: Vec<Index>,
    /// The earliest instants, rising.
    earliest: Vec<u64>,
    /// The latest instants, rising.
    latest: Vec<u64>,
}

/// So few are asked one by one, and cost nothing to file.
pub const FEW: usize = 8;

/// How many of a channel's events certainly stand where, and how many there are.
#[derive(Clone, Copy, Default)]
struct Counts {
    all: u64,
    after_start: u64,
    before_end: u64,
    before_start: u64,
    after_end: u64,
}

impl<'e> Spread<'e> {
    /// Of these events, rising.
    #[must_use]
    pub fn new(timeline: &Timeline, indices: &'e [Index]) -> Spread<'e> {
        if indices.len() <= FEW {
            return Spread::Few(indices);
        }
        let mut groups: Vec<Group> = Vec::new();
        for &index in indices {
            let channel = timeline.channel(index);
            let known = groups.iter().position(|g| g.channel == channel);
            let place = known.unwrap_or_else(|| {
                groups.push(Group {
                    channel,
                    indices: Vec::new(),
                    earliest: Vec::new(),
                    latest: Vec::new(),
                });
                groups.len() - 1
            });
            let (group, at) = (&mut groups[place], timeline.placed(index));
            group.indices.push(index);
            group.earliest.push(at.earliest_ns);
            group.latest.push(at.latest_ns);
        }
        for group in &mut groups {
            group.earliest.sort_unstable();
            group.latest.sort_unstable();
        }
        Spread::Many(groups)
    }

    /// How many certainly, and how many possibly, come after `start` and before `end`, of which the first
    /// certainly comes before the second.
    #[must_use]
    pub fn between(&self, timeline: &Timeline, start: Index, end: Index) -> (u64, u64) {
        let add = |(sure, possible): (u64, u64), counts: Counts| {
            let inside = (counts.after_start + counts.before_end).saturating_sub(counts.all);
            let outside = (counts.before_start + counts.after_end).min(counts.all);
            (sure + inside, possible + counts.all - outside)
        };
        match self {
            Spread::Few(indices) => {
                let counts = one_by_one(timeline, indices, start, end);
                counts.into_iter().fold((0, 0), add)
            }
            Spread::Many(groups) => {
                let counts = groups
                    .iter()
                    .map(|group| group.counts(timeline, start, end));
                counts.fold((0, 0), add)
            }
        }
    }
}

/// By channel.
fn one_by_one(timeline: &Timeline, indices: &[Index], start: Index, end: Index) -> [Counts; 4] {
    let mut counts = [Counts::default(); 4];
    for &index in indices.iter().filter(|&&i| i != start && i != end) {
        let mine = &mut counts[timeline.channel(index).place()];
        mine.all += 1;
        match timeline.relation(start, index) {
            Relation::Before => mine.after_start += 1,
            Relation::After => mine.before_start += 1,
            Relation::Open => {}
        }
        match timeline.relation(index, end) {
            Relation::Before => mine.before_end += 1,
            Relation::After => mine.after_end += 1,
            Relation::Open => {}
        }
    }
    counts
}

impl Group {
    fn counts(&self, timeline: &Timeline, start: Index, end: Index) -> Counts {
        let (before_start, after_start) = self.around_without(timeline, start, end);
        let (before_end, after_end) = self.around_without(timeline, end, start);
        Counts {
            all: self.len_without(&[start, end]),
            after_start,
            before_end,
            before_start,
            after_end,
        }
    }

    fn len_without(&self, others: &[Index]) -> u64 {
        let there = |x: &&Index| self.indices.binary_search(x).is_ok();
        (self.indices.len() - others.iter().filter(there).count()) as u64
    }

    /// How many certainly come before and after `x`, `but` not counted.
    fn around_without(&self, timeline: &Timeline, x: Index, but: Index) -> (u64, u64) {
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
    fn around(&self, timeline: &Timeline, x: Index) -> (u64, u64) {
        let all = self.indices.len();
        let of_output = matches!(self.channel, Channel::Output(_));
        if timeline.keeps_order(self.channel) && self.channel == timeline.channel(x) {
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
        let at = timeline.placed(x);
        // Of two instants known exactly and equal, neither comes first.
        let exact = u64::from(at.width_ns() == 0);
        let (low, high) = (at.earliest_ns, at.latest_ns);
        let before = self.latest.partition_point(|&at| at + exact <= low);
        let after = all - self.earliest.partition_point(|&at| at < high + exact);
        (before as u64, after as u64)
    }
}
