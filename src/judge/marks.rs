//! Where spans start and end, as bounds that can be compared: how many are open at once, and which touch.

use super::events::Index;
use super::instance::Instance;
use super::timeline::Timeline;

/// The bounds of a span's start and end. Equal bounds are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// No start lies before this.
    pub start_low: u64,
    /// No start lies after this.
    pub start_high: u64,
    /// No end lies before this.
    pub end_low: u64,
    /// No end lies after this.
    pub end_high: u64,
}

/// The marks of all these spans on one scale: nanoseconds since the spawn, or the places in the sequence of
/// one stream where all stand on one, since the sequence is certain however wide the intervals are.
#[must_use]
pub fn marks(timeline: &Timeline, instances: &[Instance]) -> Vec<Mark> {
    let channel = |index: Index| timeline.channel(index);
    let first = instances.first().map(|i| channel(i.start));
    let ends_there = |i: &Instance| {
        Some(channel(i.end)) == first || (i.open && !timeline.lateness.may_print_after_exit())
    };
    let one_stream = first.is_some_and(|channel| timeline.keeps_order(channel))
        && instances
            .iter()
            .all(|i| Some(channel(i.start)) == first && ends_there(i));
    let is_after_all = !timeline.places.as_stamped && !timeline.lateness.may_print_after_exit();
    let last = timeline.all().end;
    let mark = |i: &Instance| {
        if one_stream {
            let (start, end) = (
                u64::from(i.start),
                u64::from(if i.open { last } else { i.end }),
            );
            return Mark {
                start_low: start,
                start_high: start,
                end_low: end,
                end_high: end,
            };
        }
        let (start, mut end) = (timeline.placed(i.start), timeline.placed(i.end));
        if Some(i.end) == timeline.exit() && is_after_all {
            // However late it was, what a program writes it writes before.
            end.earliest_ns = end.latest_ns;
        }
        Mark {
            start_low: start.earliest_ns,
            start_high: start.latest_ns,
            end_low: end.earliest_ns,
            end_high: end.latest_ns,
        }
    };
    instances.iter().map(mark).collect()
}

/// The fewest and the most spans that can have been open at once; equal where order is certain.
///
/// Spans are half-open: one that ends as another starts is not open with it.
#[must_use]
pub fn peak(marks: &[Mark]) -> (u64, u64) {
    let narrow = marks.iter().map(|m| (m.start_high, m.end_low));
    let wide = marks.iter().map(|m| (m.start_low, m.end_high));
    (
        most_open(narrow.filter(|(start, end)| start < end)),
        most_open(wide),
    )
}

/// The most that are open at once of what begins and ends there: at one instant, ends come before starts.
pub fn most_open<T: Ord>(spans: impl Iterator<Item = (T, T)>) -> u64 {
    let (mut starts, mut ends): (Vec<T>, Vec<T>) = spans.unzip();
    starts.sort_unstable();
    ends.sort_unstable();
    let (mut ended, mut most) = (0, 0);
    for (begun, start) in (1_usize..).zip(&starts) {
        while ends.get(ended).is_some_and(|end| end <= start) {
            ended += 1;
        }
        most = most.max(begun.saturating_sub(ended));
    }
    most as u64
}

/// Bounds of the fewest spans open at once from the first end to the last start; all of them if no span starts
/// after one has ended.
#[must_use]
pub fn floor(marks: &[Mark]) -> (u64, u64) {
    let sorted = |pick: fn(&Mark) -> u64| {
        let mut all: Vec<u64> = marks.iter().map(pick).collect();
        all.sort_unstable();
        all
    };
    let (start_lows, start_highs) = (sorted(|m| m.start_low), sorted(|m| m.start_high));
    let (end_lows, end_highs) = (sorted(|m| m.end_low), sorted(|m| m.end_high));
    let up_to = |all: &[u64], bound: u64| all.partition_point(|&at| at <= bound) as u64;
    let all = marks.len() as u64;
    let (mut least, mut most) = (all, all);
    let (last_low, last_high) = (start_lows.last().copied(), start_highs.last().copied());
    for mark in marks {
        // What is open just after this one has ended.
        if last_high.is_some_and(|last| mark.end_low < last) {
            let started = up_to(&start_highs, mark.end_low);
            least = least.min(started.saturating_sub(up_to(&end_lows, mark.end_high)));
        }
        if last_low.is_some_and(|last| mark.end_high < last) {
            // Its own end counts even where its bounds are wide.
            let own = u64::from(mark.end_high > mark.end_low);
            let ended = up_to(&end_highs, mark.end_low) + own;
            most = most.min(up_to(&start_lows, mark.end_high).saturating_sub(ended));
        }
    }
    (least, most)
}

/// Spans sorted so that those that touch another span are found quickly.
pub struct Touching {
    /// Start bounds, rising, each with the furthest end bound up to here and whose it is.
    surely: Vec<(u64, u64, usize)>,
    possibly: Vec<(u64, u64, usize)>,
}

impl Touching {
    /// Of these spans.
    #[must_use]
    pub fn new(marks: &[Mark]) -> Touching {
        Touching {
            surely: furthest(marks.iter().map(|m| (m.start_high, m.end_low))),
            possibly: furthest(marks.iter().map(|m| (m.start_low, m.end_high))),
        }
    }

    /// A span that is certainly open together with `mark`.
    #[must_use]
    pub fn surely(&self, mark: &Mark) -> Option<usize> {
        let (end, whose) = before(&self.surely, |start| start < mark.end_low)?;
        (end > mark.start_high).then_some(whose)
    }

    /// A span that may be open together with `mark`.
    #[must_use]
    pub fn possibly(&self, mark: &Mark) -> Option<usize> {
        let (end, whose) = before(&self.possibly, |start| start < mark.end_high)?;
        (end > mark.start_low).then_some(whose)
    }

    /// Whether `mark` certainly lies within a span.
    #[must_use]
    pub fn surely_holds(&self, mark: &Mark) -> bool {
        before(&self.surely, |start| start <= mark.start_low)
            .is_some_and(|(end, _)| end >= mark.end_high)
    }

    /// Whether `mark` may lie within a span.
    #[must_use]
    pub fn possibly_holds(&self, mark: &Mark) -> bool {
        before(&self.possibly, |start| start <= mark.start_high)
            .is_some_and(|(end, _)| end >= mark.end_low)
    }
}

fn furthest(spans: impl Iterator<Item = (u64, u64)>) -> Vec<(u64, u64, usize)> {
    let numbered = spans.enumerate();
    let mut sorted: Vec<(u64, u64, usize)> = numbered
        .map(|(whose, (start, end))| (start, end, whose))
        .collect();
    sorted.sort_unstable();
    let mut reached: Option<(u64, usize)> = None;
    for (_, end, whose) in &mut sorted {
        match reached {
            Some((far, owner)) if far >= *end => (*end, *whose) = (far, owner),
            _ => reached = Some((*end, *whose)),
        }
    }
    sorted
}

/// The furthest end among the spans whose start fits, and whose it is.
fn before(sorted: &[(u64, u64, usize)], fits: impl Fn(u64) -> bool) -> Option<(u64, usize)> {
    let count = sorted.partition_point(|(start, _, _)| fits(*start));
    let (_, end, whose) = sorted.get(count.checked_sub(1)?)?;
    Some((*end, *whose))
}
