//! Spans by where they begin and how far they reach: which an event may lie within, and how far from all of them it is,
//! without looking at each.

use super::instance::Instance;
use super::timeline::Timeline;
use crate::model::interval::Interval;

/// Spans, in the order in which they may have begun.
pub struct Reach {
    spans: Vec<Reached>,
}

struct Reached {
    /// The earliest instant of its start, nanoseconds.
    start_ns: u64,
    /// The latest instant of its end.
    end_ns: u64,
    /// The latest end of all up to here.
    furthest_ns: u64,
    /// Its place among those that were given.
    whose: usize,
}

impl Reach {
    /// Of these spans. One that lasts until the exit reaches beyond everything: what a program writes, it writes before.
    #[must_use]
    pub fn new(timeline: &Timeline, instances: &[Instance]) -> Reach {
        let exit = timeline.exit();
        Reach::from_bounds(instances.iter().map(|span| {
            let (start, end) = (timeline.placed(span.start), timeline.placed(span.end));
            let lasts = span.open || Some(span.end) == exit;
            let end_ns = if lasts { u64::MAX } else { end.latest_ns };
            (start.earliest_ns, end_ns)
        }))
    }

    fn from_bounds(spans: impl Iterator<Item = (u64, u64)>) -> Reach {
        let reached = |(whose, (start_ns, end_ns))| Reached {
            start_ns,
            end_ns,
            furthest_ns: end_ns,
            whose,
        };
        let mut spans: Vec<Reached> = spans.enumerate().map(reached).collect();
        spans.sort_unstable_by_key(|span| (span.start_ns, span.whose));
        let mut furthest_ns = 0;
        for span in &mut spans {
            furthest_ns = span.end_ns.max(furthest_ns);
            span.furthest_ns = furthest_ns;
        }
        Reach { spans }
    }

    /// Adds to `found` those that something may lie within, as far as its time tells.
    pub fn around(&self, at: Interval, found: &mut Vec<usize>) {
        let begun = self.begun(|span| span.start_ns <= at.latest_ns);
        let near = begun.iter().rev();
        let near = near.take_while(|span| span.furthest_ns >= at.earliest_ns);
        let holding = near.filter(|span| span.end_ns >= at.earliest_ns);
        found.extend(holding.map(|span| span.whose));
    }

    /// By how much the nearest of them fails to begin up to `start_ns` and to end from `end_ns` on: nought if one does
    /// both, or if there is none.
    #[must_use]
    pub fn shortfall_ns(&self, start_ns: u64, end_ns: u64) -> u64 {
        let late = |span: &Reached| span.start_ns.saturating_sub(start_ns);
        let short = |span: &Reached| end_ns.saturating_sub(span.furthest_ns);
        // The later one begins, the later it is, and the further those up to it reach.
        let turn = self.begun(|span| late(span) < short(span)).len();
        let around = &self.spans[turn.saturating_sub(1)..self.spans.len().min(turn + 1)];
        let nearest = around.iter().map(|span| late(span).max(short(span)));
        nearest.min().unwrap_or(0)
    }

    fn begun(&self, fits: impl Fn(&Reached) -> bool) -> &[Reached] {
        &self.spans[..self.spans.partition_point(fits)]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_found_quickly_is_what_looking_at_each_finds(
            spans in prop::collection::vec((0..40_u64, 0..40_u64), 0..12),
            at in (0..40_u64, 0..6_u64), from in 0..40_u64, to in 0..40_u64,
        ) {
            let reach = Reach::from_bounds(spans.iter().copied());
            let at = Interval::between(at.0, at.0 + at.1);
            let mut found = Vec::new();
            reach.around(at, &mut found);
            found.sort_unstable();
            let holds = |(start, end): (u64, u64)| start <= at.latest_ns && end >= at.earliest_ns;
            let all: Vec<usize> = (0..spans.len()).filter(|i| holds(spans[*i])).collect();
            prop_assert_eq!(found, all);
            let short = spans.iter().map(|(start, end)| start.saturating_sub(from).max(to.saturating_sub(*end)));
            prop_assert_eq!(reach.shortfall_ns(from, to), short.min().unwrap_or(0));
        }
    }
}
