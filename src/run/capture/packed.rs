//! Lines packed into one run of bytes: while a trial runs, its lines cost little more than their text.

use std::mem;

use super::spill::Spill;
use crate::model::interval::Interval;
use crate::model::trace::{Line, Stream};

const STDERR: u8 = 1;
const TERMINATED: u8 = 2;
const CUT: u8 = 4;
const SEAMS: u8 = 8;

/// Lines in the order in which they came. Each is stored as its difference from the one before, so most of its numbers take
/// a byte or two.
#[derive(Debug, Default)]
pub(super) struct Packed {
    bytes: Spill,
    lines: usize,
    end: Place,
}

/// Between two of the lines: what the next one differs from, and where it begins.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    at: usize,
    ns: u64,
    read: u32,
}

impl Packed {
    /// How many lines there are.
    pub(super) fn len(&self) -> usize {
        self.lines
    }

    /// The place behind the last line.
    pub(super) fn end(&self) -> Place {
        self.end
    }

    /// How many bytes they take.
    pub(super) fn bytes(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn push(&mut self, line: &Line) {
        let Place { ns, read, .. } = self.end;
        let flag = |set: bool, flag: u8| if set { flag } else { 0 };
        self.bytes.tail().push(
            flag(line.stream == Stream::Stderr, STDERR)
                | flag(line.terminated, TERMINATED)
                | flag(line.cut, CUT)
                | flag(!line.seams.is_empty(), SEAMS),
        );
        self.interval(line.first, ns);
        self.interval(line.last, line.first.earliest_ns);
        self.difference(line.read.into(), read.into());
        if !line.seams.is_empty() {
            self.number(line.seams.len() as u64);
            for (at, time) in &line.seams {
                self.number(*at as u64);
                self.interval(*time, line.first.earliest_ns);
            }
        }
        self.number(line.bytes.len() as u64);
        self.bytes.tail().extend_from_slice(&line.bytes);
        self.bytes.settle();
        self.lines += 1;
        self.end = Place {
            at: self.bytes.len(),
            ns: line.first.earliest_ns,
            read: line.read,
        };
    }

    /// The line at `place`, which moves on behind it; `None` at the end. Its bytes are put into `room`'s buffer.
    pub(super) fn read(&mut self, place: &mut Place, room: &mut Vec<u8>) -> Option<Line> {
        let piece = self.bytes.from(place.at)?;
        let mut rest = Rest(piece);
        let flags = rest.byte()?;
        let first = rest.interval(place.ns);
        let last = rest.interval(first.earliest_ns);
        let read = rest.difference(place.read.into());
        let seams = if flags & SEAMS == 0 { 0 } else { rest.number() };
        let seam = |_| (rest.size(), rest.interval(first.earliest_ns));
        let seams = (0..seams).map(seam).collect();
        let length = rest.size();
        let (text, rest) = rest.0.split_at_checked(length)?;
        let mut bytes = mem::take(room);
        bytes.clear();
        bytes.extend_from_slice(text);
        // It was written from a number of 32 bits.
        let read = u32::try_from(read).unwrap_or(u32::MAX);
        *place = Place {
            at: place.at + piece.len() - rest.len(),
            ns: first.earliest_ns,
            read,
        };
        Some(Line {
            stream: if flags & STDERR == 0 {
                Stream::Stdout
            } else {
                Stream::Stderr
            },
            bytes,
            first,
            last,
            read,
            terminated: flags & TERMINATED != 0,
            cut: flags & CUT != 0,
            seams,
        })
    }

    /// Forgets all lines. Places among them are no longer valid.
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.lines = 0;
        self.end = Place::default();
    }

    fn interval(&mut self, time: Interval, before_ns: u64) {
        self.difference(time.earliest_ns, before_ns);
        self.number(time.latest_ns.wrapping_sub(time.earliest_ns));
    }

    /// Writes a difference of either sign, of which the lowest bit holds the sign: a small one takes few bytes.
    fn difference(&mut self, number: u64, before: u64) {
        let difference = number.wrapping_sub(before).cast_signed();
        self.number(((difference << 1) ^ (difference >> 63)).cast_unsigned());
    }

    /// Writes seven bits a byte, the lowest first; the eighth bit says that more follow.
    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.tail().push((number & 0x7F) as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.tail().push(number as u8);
    }
}

/// What is left to read.
struct Rest<'p>(&'p [u8]);

impl Rest<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn number(&mut self) -> u64 {
        let mut number = 0;
        for place in (0..u64::BITS).step_by(7) {
            let byte = self.byte().unwrap_or(0);
            number |= u64::from(byte & 0x7F) << place;
            if byte & 0x80 == 0 {
                break;
            }
        }
        number
    }

    fn size(&mut self) -> usize {
        usize::try_from(self.number()).unwrap_or(usize::MAX)
    }

    fn difference(&mut self, before: u64) -> u64 {
        let number = self.number();
        let difference = (number >> 1).cast_signed() ^ -((number & 1).cast_signed());
        before.wrapping_add(difference.cast_unsigned())
    }

    fn interval(&mut self, before_ns: u64) -> Interval {
        let earliest_ns = self.difference(before_ns);
        Interval {
            earliest_ns,
            latest_ns: earliest_ns.wrapping_add(self.number()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn interval() -> impl Strategy<Value = Interval> {
        let near = 0_u64..2_000_000;
        (prop_oneof![near, any::<u64>()], any::<u64>()).prop_map(|(earliest_ns, width)| Interval {
            earliest_ns,
            latest_ns: earliest_ns.saturating_add(width % 300),
        })
    }

    fn line() -> impl Strategy<Value = Line> {
        let bytes = proptest::collection::vec(any::<u8>(), 0..300);
        let seams = proptest::collection::vec((0_usize..300, interval()), 0..3);
        let flags = (any::<bool>(), any::<bool>(), any::<bool>());
        (bytes, interval(), interval(), any::<u32>(), flags, seams).prop_map(
            |(bytes, first, last, read, (stdout, terminated, cut), seams)| Line {
                stream: if stdout {
                    Stream::Stdout
                } else {
                    Stream::Stderr
                },
                bytes,
                first,
                last,
                read,
                terminated,
                cut,
                seams,
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_packed_is_read_as_it_was(lines in proptest::collection::vec(line(), 0..20)) {
            let mut packed = Packed::default();
            for round in 0..2 {
                lines.iter().for_each(|line| packed.push(line));
                prop_assert_eq!(packed.len(), lines.len());
                let mut place = Place::default();
                let read = std::iter::from_fn(|| packed.read(&mut place, &mut vec![round; 3]));
                prop_assert_eq!(read.collect::<Vec<_>>(), lines.clone());
                packed.clear();
            }
        }
    }

    #[test]
    fn short_lines_that_follow_each_other_cost_little_more_than_their_text() {
        let mut packed = Packed::default();
        for n in 0..10_000_u32 {
            let ns = 1_000_000_000 + u64::from(n) * 1_500;
            let time = Interval::between(ns, ns + 60);
            packed.push(&Line {
                stream: Stream::Stdout,
                bytes: b"word".to_vec(),
                first: time,
                last: time,
                read: n,
                terminated: true,
                cut: false,
                seams: Vec::new(),
            });
        }
        assert!(
            packed.bytes.len() < 10_000 * (4 + 10),
            "{}",
            packed.bytes.len()
        );
    }
}
