//! Chunks to lines: pure, and in bounded memory whatever a program writes.
//!
//! Lines are packed until the program has ended. Once there are very many, lines that mean nothing to the program's case
//! are counted and dropped, so that a program may print as much as it likes and is judged all the same. If a program wrote
//! too much, only its first and its last lines are handed on: those between them say no more, and would cost many times
//! their length.
//!
//! Only a newline ends a line; a carriage return, a NUL or broken text stays in it. Text and its newline in
//! two writes are one line. A last line without a newline counts, and says so.

use std::collections::VecDeque;

use memchr::{memchr, memchr_iter, memrchr};

use super::super::signals::Script;
use super::packed::{Packed, Place};
use super::source::Chunk;
use crate::clock::Stamp;
use crate::model::interval::Interval;
use crate::model::trace::{Line, LineRef, Stream};

/// What may be kept of a trial's output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::run) struct Bounds {
    /// Bytes that a trial may write, over both streams.
    pub(in crate::run) bytes: u64,
    /// Lines that may be kept, over both streams.
    pub(in crate::run) lines: usize,
    /// Bytes kept of a line.
    pub(in crate::run) line_bytes: usize,
}

/// The most seams kept of a line: a line made of more writes than this is garbled anyway.
const MOST_SEAMS: usize = 16;
/// How many lines, and how many bytes of them, are kept even if they mean nothing: for a person to look at.
const MEANINGLESS: (usize, usize) = (100_000, 8 << 20);
/// How many bytes are kept of the first lines of a program that wrote too much, and of its last.
const KEPT_OF_A_FLOOD: usize = 128 << 10;
/// What a line that is handed on costs beside its bytes.
const COST_OF_A_LINE: usize = 128;

/// Lines in the making. Until they are handed on, their times are the clock's own: the time of the program's start may not
/// be known yet.
#[derive(Debug)]
pub(in crate::run) struct Lines<'s> {
    bounds: Bounds,
    /// Knows which lines mean nothing; if `None`, every line may mean something.
    script: Option<&'s Script>,
    written: u64,
    dropped: u64,
    full: bool,
    /// Whether only the first and the last lines are left.
    cut_down: bool,
    open: [Option<Line>; 2],
    done: Packed,
    /// Behind the lines that were shown by `look_at_new`.
    looked_at: Place,
    /// Buffers of lines that are done, for lines to come: most of a line's cost would be its allocation.
    spare: Vec<Vec<u8>>,
}

impl<'s> Lines<'s> {
    pub(in crate::run) fn new(bounds: Bounds, script: Option<&'s Script>) -> Self {
        Lines {
            bounds,
            script,
            written: 0,
            dropped: 0,
            full: false,
            cut_down: false,
            open: [None, None],
            done: Packed::default(),
            looked_at: Place::default(),
            spare: Vec::new(),
        }
    }

    /// Adds what was captured next. Beyond the bounds it is counted and dropped.
    pub(in crate::run) fn push(&mut self, chunk: Chunk<'_>) {
        self.written += chunk.bytes.len() as u64;
        let mut rest = chunk.bytes;
        while !rest.is_empty() {
            if self.full {
                self.drop_all(chunk.stream, rest.len());
                break;
            }
            let newline = memchr(b'\n', rest);
            let (text, after) = match newline {
                Some(at) => (&rest[..at], &rest[at + 1..]),
                None => (rest, &rest[rest.len()..]),
            };
            self.extend(&chunk, text);
            if newline.is_some() {
                self.end_line(chunk.stream);
            }
            rest = after;
        }
        self.full |= self.written > self.bounds.bytes;
        if self.full && !self.cut_down {
            self.keep_the_first_and_the_last();
        }
    }

    /// Whether the program wrote more than a trial may keep.
    pub(in crate::run) fn is_full(&self) -> bool {
        self.full
    }

    /// Ends the capture: a line that has begun is a line without a newline.
    pub(in crate::run) fn end(&mut self) {
        for line in self.open.iter_mut().filter_map(Option::take) {
            self.done.push(&line);
        }
    }

    /// Shows the lines that were not yet shown.
    pub(in crate::run) fn look_at_new(&mut self, viewer: &mut dyn FnMut(Stream, &[u8])) {
        let mut room = self.spare.pop().unwrap_or_default();
        while let Some(line) = self.done.read(&mut self.looked_at, &mut room) {
            viewer(line.stream, &line.bytes);
            room = line.bytes;
        }
        self.give_back(room);
    }

    /// Takes what was captured next and hands on each whole line without keeping it; times count from `origin`. Most lines
    /// come whole within a chunk, and are not even copied.
    pub(in crate::run) fn pass_on(
        &mut self,
        chunk: Chunk<'_>,
        origin: Stamp,
        hearer: &mut dyn FnMut(LineRef<'_>),
    ) {
        let has_begun = self.open[slot(chunk.stream)].is_some();
        let first = if has_begun || self.full {
            memchr(b'\n', chunk.bytes).map_or(chunk.bytes.len(), |at| at + 1)
        } else {
            0
        };
        let (first, rest) = chunk.bytes.split_at(first);
        let whole = memrchr(b'\n', rest).map_or(0, |at| at + 1);
        let (whole, begins) = rest.split_at(whole);
        let part = |bytes| Chunk { bytes, ..chunk };
        self.push(part(first));
        self.hand_on(origin, hearer);
        if self.full {
            self.push(part(rest));
            return;
        }
        self.hand_on_whole(&part(whole), origin, hearer);
        self.push(part(begins));
    }

    /// Hands on the whole lines that were kept so far, and forgets them.
    pub(in crate::run) fn hand_on(&mut self, origin: Stamp, hearer: &mut dyn FnMut(LineRef<'_>)) {
        let mut place = Place::default();
        let mut room = self.spare.pop().unwrap_or_default();
        while let Some(mut line) = self.done.read(&mut place, &mut room) {
            date_from(origin, &mut line);
            hearer(LineRef::from(&line));
            room = line.bytes;
        }
        self.give_back(room);
        self.done.clear();
        self.looked_at = Place::default();
    }

    /// Hands on the lines of a chunk that ends with a newline, and before which no line has begun.
    fn hand_on_whole(
        &mut self,
        chunk: &Chunk<'_>,
        origin: Stamp,
        hearer: &mut dyn FnMut(LineRef<'_>),
    ) {
        self.written += chunk.bytes.len() as u64;
        self.full |= self.written > self.bounds.bytes;
        let mut time = Interval::between(chunk.earliest.ns, chunk.latest.ns);
        date(origin, &mut time);
        let mut from = 0;
        for newline in memchr_iter(b'\n', chunk.bytes) {
            let text = &chunk.bytes[from..newline];
            let kept = &text[..text.len().min(self.bounds.line_bytes)];
            self.dropped += (text.len() - kept.len()) as u64;
            hearer(LineRef {
                stream: chunk.stream,
                bytes: kept,
                first: time,
                last: time,
                terminated: true,
                cut: kept.len() < text.len(),
            });
            from = newline + 1;
        }
    }

    /// The lines in order, with times that count from `origin`, and how many bytes were dropped. If the program wrote too
    /// much, only the first and the last lines.
    ///
    /// What was written before `origin` counts as written at it.
    pub(in crate::run) fn finish(mut self, origin: Stamp) -> (Vec<Line>, u64) {
        self.end();
        let mut lines: Vec<Line> = self.all().collect();
        // Stable: the order within a stream, and within a read, stays as written.
        lines.sort_by_key(|line| line.last.latest_ns);
        for line in &mut lines {
            date_from(origin, line);
        }
        (lines, self.dropped)
    }

    fn all(&mut self) -> impl Iterator<Item = Line> {
        let mut place = Place::default();
        std::iter::from_fn(move || self.done.read(&mut place, &mut Vec::new()))
    }

    /// Drops all other lines at once: until this program is dead, many others may write as much.
    fn keep_the_first_and_the_last(&mut self) {
        let cost = |line: &Line| line.bytes.len() + COST_OF_A_LINE;
        let (mut first, mut last) = (Vec::new(), VecDeque::new());
        let (mut of_first, mut of_last, mut dropped) = (0, 0, 0);
        for line in self.all() {
            if of_first < KEPT_OF_A_FLOOD {
                of_first += cost(&line);
                first.push(line);
                continue;
            }
            of_last += cost(&line);
            last.push_back(line);
            while of_last > KEPT_OF_A_FLOOD
                && let Some(line) = last.pop_front()
            {
                of_last -= cost(&line);
                dropped += (line.bytes.len() + usize::from(line.terminated)) as u64;
            }
        }
        self.dropped += dropped;
        self.done = Packed::default();
        for line in first.iter().chain(&last) {
            self.done.push(line);
        }
        self.looked_at = self.done.end();
        self.cut_down = true;
    }

    fn extend(&mut self, chunk: &Chunk<'_>, text: &[u8]) {
        let time = Interval::between(chunk.earliest.ns, chunk.latest.ns);
        let spare = &mut self.spare;
        let line = self.open[slot(chunk.stream)].get_or_insert_with(|| Line {
            stream: chunk.stream,
            bytes: spare.pop().unwrap_or_default(),
            first: time,
            last: time,
            read: chunk.read,
            terminated: false,
            cut: false,
            seams: Vec::new(),
        });
        let joins = chunk.is_a_write && !line.bytes.is_empty() && !text.is_empty();
        if joins && line.seams.len() < MOST_SEAMS {
            line.seams.push((line.bytes.len(), time));
        }
        line.last = time;
        line.read = chunk.read;
        let room = self.bounds.line_bytes - line.bytes.len();
        let kept = &text[..text.len().min(room)];
        line.bytes.extend_from_slice(kept);
        line.cut |= kept.len() < text.len();
        self.dropped += (text.len() - kept.len()) as u64;
    }

    fn end_line(&mut self, stream: Stream) {
        if let Some(mut line) = self.open[slot(stream)].take() {
            line.terminated = true;
            if self.means_nothing(&line) {
                self.dropped += line.bytes.len() as u64 + 1;
            } else {
                self.done.push(&line);
                self.full |= self.done.len() > self.bounds.lines;
            }
            self.give_back(line.bytes);
        }
    }

    fn give_back(&mut self, mut room: Vec<u8>) {
        room.clear();
        self.spare.push(room);
    }

    /// Whether there are very many lines, and this one would not be missed.
    fn means_nothing(&self, line: &Line) -> bool {
        let many = self.done.len() >= MEANINGLESS.0 || self.done.bytes() >= MEANINGLESS.1;
        many && self.script.is_some_and(|script| script.ignores(line))
    }

    fn drop_all(&mut self, stream: Stream, bytes: usize) {
        self.dropped += bytes as u64;
        if let Some(line) = &mut self.open[slot(stream)] {
            line.cut = true;
        }
    }
}

fn date_from(origin: Stamp, line: &mut Line) {
    let times = line.seams.iter_mut().map(|(_, time)| time);
    for time in times.chain([&mut line.first, &mut line.last]) {
        date(origin, time);
    }
}

/// What was written before the program's start counts as written at it.
fn date(origin: Stamp, time: &mut Interval) {
    time.earliest_ns = time.earliest_ns.saturating_sub(origin.ns);
    time.latest_ns = time.latest_ns.saturating_sub(origin.ns);
}

fn slot(stream: Stream) -> usize {
    match stream {
        Stream::Stdout => 0,
        Stream::Stderr => 1,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;
    use crate::model::case::Extra;

    const BOUNDS: Bounds = Bounds {
        bytes: 1 << 20,
        lines: 1 << 10,
        line_bytes: 8,
    };

    fn at(stream: Stream, read: u32, bytes: &[u8]) -> Chunk<'_> {
        let ns = 1_000 + u64::from(read) * 10;
        Chunk {
            stream,
            earliest: Stamp { ns },
            latest: Stamp { ns: ns + 5 },
            read,
            is_a_write: true,
            bytes,
        }
    }

    fn lines_of(bounds: Bounds, chunks: &[(Stream, &[u8])]) -> (Vec<Line>, u64) {
        let mut lines = Lines::new(bounds, None);
        for (read, (stream, bytes)) in (0..).zip(chunks) {
            lines.push(at(*stream, read, bytes));
        }
        lines.finish(Stamp { ns: 1_000 })
    }

    use Stream::{Stderr, Stdout};

    #[test]
    fn text_and_its_newline_in_two_writes_are_one_line() {
        let (lines, _) = lines_of(BOUNDS, &[(Stdout, b"text"), (Stdout, b"\n")]);
        let [line] = &lines[..] else {
            panic!("{lines:?}")
        };
        assert_eq!(line.bytes, b"text");
        assert!(line.terminated);
        assert_eq!(line.first, Interval::between(0, 5));
        assert_eq!(line.last, Interval::between(10, 15));
        assert_eq!(line.read, 1);
    }

    #[test]
    fn a_line_of_several_writes_has_its_seams_and_the_newline_is_none() {
        let writes: [(Stream, &[u8]); 5] = [
            (Stdout, b"one"),
            (Stdout, b"two"),
            (Stdout, b"\n"),
            (Stdout, b"\n"),
            (Stdout, b"next\n"),
        ];
        let (lines, _) = lines_of(BOUNDS, &writes);
        assert_eq!(lines[0].bytes, b"onetwo");
        assert_eq!(lines[0].seams, [(3, Interval::between(10, 15))]);
        assert!(lines[1].seams.is_empty() && lines[2].seams.is_empty());
    }

    #[test]
    fn bytes_are_kept_as_they_are() {
        let (lines, dropped) = lines_of(BOUNDS, &[(Stdout, b"a\r\n\0\xff\n\n\rb")]);
        let texts: Vec<&[u8]> = lines.iter().map(|line| &line.bytes[..]).collect();
        assert_eq!(texts, [&b"a\r"[..], b"\0\xff", b"", b"\rb"]);
        assert_eq!(dropped, 0);
        let ended: Vec<bool> = lines.iter().map(|line| line.terminated).collect();
        assert_eq!(ended, [true, true, true, false]);
    }

    #[test]
    fn streams_interleave_by_the_read_that_ended_each_line() {
        let chunks: [(Stream, &[u8]); 4] = [
            (Stdout, b"open"),
            (Stderr, b"e1\n"),
            (Stdout, b" end\no2\n"),
            (Stderr, b"e2"),
        ];
        let (lines, _) = lines_of(BOUNDS, &chunks);
        let texts: Vec<&[u8]> = lines.iter().map(|line| &line.bytes[..]).collect();
        assert_eq!(texts, [&b"e1"[..], b"open end", b"o2", b"e2"]);
    }

    #[test]
    fn an_endless_line_is_cut_and_the_rest_counted() {
        let mut lines = Lines::new(BOUNDS, None);
        for read in 0..1000 {
            lines.push(at(Stdout, read, b"0123456789"));
        }
        lines.push(at(Stdout, 1000, b"\nnext\n"));
        let (lines, dropped) = lines.finish(Stamp { ns: 0 });
        assert_eq!(
            (lines[0].bytes.as_slice(), lines[0].cut),
            (&b"01234567"[..], true)
        );
        assert_eq!(
            (lines[1].bytes.as_slice(), lines[1].cut),
            (&b"next"[..], false)
        );
        assert_eq!(dropped, 10_000 - 8);
    }

    #[test]
    fn past_its_bounds_a_trial_keeps_no_more() {
        let few = Bounds { lines: 2, ..BOUNDS };
        let (lines, dropped) = lines_of(few, &[(Stdout, b"1\n2\n3\n4\n"), (Stderr, b"five")]);
        assert_eq!(lines.len(), 3);
        assert_eq!(dropped, 2 + 4);

        let small = Bounds {
            bytes: 10,
            ..BOUNDS
        };
        let (lines, dropped) = lines_of(small, &[(Stdout, b"123456\n123456"), (Stdout, b"7\n")]);
        let last = lines.last().unwrap();
        assert_eq!(
            (&last.bytes[..], last.cut, last.terminated),
            (&b"123456"[..], true, false)
        );
        assert_eq!(dropped, 2);
    }

    #[test]
    fn of_a_flood_the_first_and_the_last_lines_are_handed_on_and_the_rest_is_counted() {
        let bounds = Bounds {
            bytes: 8 << 20,
            lines: usize::MAX,
            line_bytes: 1 << 10,
        };
        let mut lines = Lines::new(bounds, None);
        let (mut written, mut last) = (0, 0);
        for read in 0.. {
            last = read;
            let text = format!("line {read} {}\n", "x".repeat(500));
            written += text.len() as u64;
            lines.push(at(Stdout, read, text.as_bytes()));
            if lines.is_full() {
                break;
            }
        }
        assert!(lines.done.bytes() < 3 * KEPT_OF_A_FLOOD);
        lines.push(at(Stdout, last + 1, b"more\n"));
        written += 5;
        let last = format!("line {last} ");
        let (lines, dropped) = lines.finish(Stamp { ns: 1_000 });
        assert!(lines[0].bytes.starts_with(b"line 0 "));
        assert!(lines.last().unwrap().bytes.starts_with(last.as_bytes()));
        let kept: usize = lines.iter().map(|line| line.bytes.len() + 1).sum();
        assert!(kept < 3 * KEPT_OF_A_FLOOD, "{kept}");
        assert_eq!(kept as u64 + dropped, written);
    }

    fn script(extra: Option<Extra>) -> Script {
        let case = "schema = 1\ntitle = \"t\"\nclaim = \"c\"\n[events]\ndone = \"{n:int} done\"\n\
                    oops = { match = '/oops/', stream = \"stderr\" }\n[behaviours.b]\nexpect = [ { never = \"oops\" } ]\n\
                    [programs.python.p]\npath = \"p.py\"\nshows = \"b\"\n";
        let case = crate::spec::read(Path::new("case.toml"), case, "c", Path::new(".")).unwrap();
        Script {
            signals: Vec::new(),
            events: case.events,
            extra,
        }
    }

    #[test]
    fn of_very_many_lines_those_are_kept_that_mean_something() {
        let allowed = Extra {
            stdout: true,
            stderr: false,
        };
        for (extra, kept_chatter) in [(Some(allowed), 0), (None, 10)] {
            let script = script(extra);
            let bounds = Bounds {
                bytes: u64::MAX,
                lines: usize::MAX,
                line_bytes: 100,
            };
            let mut lines = Lines::new(bounds, Some(&script));
            for read in 0..MEANINGLESS.0 as u32 {
                lines.push(at(Stdout, read, b"chatter\n"));
            }
            let after = MEANINGLESS.0 as u32;
            for read in 0..10 {
                lines.push(at(Stdout, after + read, b"chatter\n"));
            }
            // Some mean something as they are, some for the stream that they stand on, some are perhaps two lines.
            lines.push(at(Stdout, after + 10, b"\x1b[1m7 done\x1b[0m\r\n"));
            lines.push(at(Stderr, after + 11, b"chatter\n"));
            lines.push(at(Stdout, after + 12, b"8 done"));
            lines.push(at(Stdout, after + 13, b"chatter\n"));
            lines.push(at(Stdout, after + 14, b"oo"));
            lines.push(at(Stdout, after + 15, b"ps\n"));
            let oops = usize::from(extra.is_none());
            let (lines, dropped) = lines.finish(Stamp { ns: 1_000 });
            assert_eq!(lines.len(), MEANINGLESS.0 + kept_chatter + 3 + oops);
            let expected = (10 - kept_chatter) * 8 + (1 - oops) * 5;
            assert_eq!(dropped, expected as u64);
        }
    }

    #[test]
    fn lines_are_shown_once_and_handed_on_once() {
        let mut lines = Lines::new(BOUNDS, None);
        let (mut shown, mut heard) = (Vec::new(), Vec::new());
        for (read, text) in (0..).zip(["one\ntwo\n", "thr", "ee\n"]) {
            lines.push(at(Stdout, read, text.as_bytes()));
            lines.look_at_new(&mut |_, line| shown.push(line.to_vec()));
        }
        assert_eq!(shown, [&b"one"[..], b"two", b"three"]);
        let mut take = |lines: &mut Lines<'_>| {
            let hearer = &mut |line: LineRef<'_>| heard.push((line.bytes.to_vec(), line.last));
            lines.hand_on(Stamp { ns: 1_000 }, hearer);
        };
        take(&mut lines);
        take(&mut lines);
        lines.push(at(Stdout, 3, b"four\n"));
        take(&mut lines);
        let texts: Vec<&[u8]> = heard.iter().map(|(text, _)| &text[..]).collect();
        assert_eq!(texts, [&b"one"[..], b"two", b"three", b"four"]);
        assert_eq!(heard[3].1, Interval::between(30, 35));
    }

    #[test]
    fn what_was_written_before_the_origin_counts_as_written_at_it() {
        let mut lines = Lines::new(BOUNDS, None);
        lines.push(at(Stdout, 0, b"early\n"));
        let (lines, _) = lines.finish(Stamp { ns: 1_003 });
        assert_eq!(lines[0].first, Interval::between(0, 2));
    }

    /// What may be told of a line, whichever way it came.
    type Told = (Stream, Vec<u8>, Interval, Interval, bool, bool);

    fn told(line: LineRef<'_>) -> Told {
        let bytes = line.bytes.to_vec();
        (
            line.stream,
            bytes,
            line.first,
            line.last,
            line.terminated,
            line.cut,
        )
    }

    proptest! {
        /// Lines that are handed on are those that would be kept; the start may become known at any time.
        #[test]
        fn what_is_passed_on_is_what_would_be_kept(
            texts in proptest::collection::vec(
                (any::<bool>(), proptest::collection::vec(prop_oneof![Just(b'\n'), b'a'..b'c'], 1..30)), 0..20),
            known_after in 0_usize..20,
            bytes in prop_oneof![Just(1_u64 << 20), 0_u64..200],
        ) {
            let bounds = Bounds { bytes, ..BOUNDS };
            let (mut kept, mut passing) = (Lines::new(bounds, None), Lines::new(bounds, None));
            let origin = Stamp { ns: 1_003 };
            let mut heard: Vec<Told> = Vec::new();
            for (read, (on_stdout, text)) in texts.iter().enumerate() {
                let chunk = at(if *on_stdout { Stdout } else { Stderr }, read as u32, text);
                kept.push(chunk);
                if read < known_after {
                    passing.push(chunk);
                } else {
                    passing.pass_on(chunk, origin, &mut |line| heard.push(told(line)));
                }
            }
            passing.end();
            passing.hand_on(origin, &mut |line| heard.push(told(line)));
            let dropped = passing.finish(origin).1;
            let (kept, dropped_too) = kept.finish(origin);
            let mut kept: Vec<Told> = kept.iter().map(|line| told(line.into())).collect();
            // Between the streams, a last line without a newline may be heard later than it was written.
            for lines in [&mut kept, &mut heard] {
                lines.sort_by_key(|line| slot(line.0));
            }
            // Where a trial may keep no more, what remains of a chunk's lines may be kept or not.
            if bytes > 200 {
                prop_assert_eq!(kept, heard);
                prop_assert_eq!(dropped, dropped_too);
            } else {
                let total: usize = texts.iter().map(|(_, text)| text.len()).sum();
                let bytes: usize = heard.iter().map(|line| line.1.len() + usize::from(line.4)).sum();
                prop_assert_eq!(bytes as u64 + dropped, total as u64);
            }
        }

        #[test]
        fn chunk_boundaries_never_change_the_lines(
            text in proptest::collection::vec(prop_oneof![Just(b'\n'), Just(b'\r'), any::<u8>()], 0..200),
            cuts in proptest::collection::vec(0_usize..200, 0..20),
        ) {
            let whole: Vec<(Stream, &[u8])> =
                if text.is_empty() { vec![] } else { vec![(Stdout, &text[..])] };
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(text.len())).collect();
            cuts.extend([0, text.len()]);
            cuts.sort_unstable();
            let pieces: Vec<(Stream, &[u8])> = cuts
                .windows(2)
                .filter(|pair| pair[0] < pair[1])
                .map(|pair| (Stdout, &text[pair[0]..pair[1]]))
                .collect();
            let said = |lines: Vec<Line>| -> Vec<(Vec<u8>, bool, bool)> {
                lines.into_iter().map(|l| (l.bytes, l.terminated, l.cut)).collect()
            };
            let (expected, dropped) = lines_of(BOUNDS, &whole);
            let (found, dropped_too) = lines_of(BOUNDS, &pieces);
            prop_assert_eq!(said(expected), said(found));
            prop_assert_eq!(dropped, dropped_too);
        }

        #[test]
        fn no_byte_is_lost_or_made_up(
            text in proptest::collection::vec(prop_oneof![Just(b'\n'), any::<u8>()], 1..300),
        ) {
            let (lines, dropped) = lines_of(BOUNDS, &[(Stdout, &text[..])]);
            let kept: usize = lines.iter().map(|l| l.bytes.len() + usize::from(l.terminated)).sum();
            prop_assert_eq!(kept as u64 + dropped, text.len() as u64);
        }
    }
}
