//! `repro stamp`: lines as they come, each with its time.

use std::io::{self, Write};

use serde::Serialize;

use super::style::{TerminalStyle, Tone};
use super::text::visible;
use crate::model::interval::Interval;
use crate::model::report::ExitRow;
use crate::model::trace::{Exit, LineRef, Stream};

/// Writes lines with their times: one after the other, in constant memory. Call [`flush`](Self::flush) after the last line.
#[derive(Debug)]
pub struct StampWriter {
    style: TerminalStyle,
    json: bool,
    /// Whether the lines go to a terminal, which acts on control characters.
    at_terminal: bool,
    /// The middle of the line before, nanoseconds.
    before_ns: u64,
    /// The text before a line, and what it was made from. Lines of one write share it.
    head: Vec<u8>,
    head_of: Option<LineHead>,
    /// Lines that are yet to be written.
    text: Vec<u8>,
}

/// What the head of a line says: its time, the gap, the doubt, all in nanoseconds, and the stream.
type LineHead = (u64, i64, u64, Stream);

/// A line as `--json` has it. Times are microseconds from the spawn of the program.
#[derive(Serialize)]
struct LineRow<'a> {
    at_us: f64,
    uncertainty_us: f64,
    last_us: f64,
    gap_us: f64,
    stream: &'a str,
    text: &'a str,
    lossy: bool,
    terminated: bool,
}

/// The last row.
#[derive(Serialize)]
struct LastRow {
    exit: ExitRow,
    at_us: f64,
    uncertainty_us: f64,
    capture: &'static str,
}

/// Lines are collected up to this many bytes before they are written.
const WRITTEN_BYTES: usize = 64 << 10;
/// An uncertainty of less than this to each side, in nanoseconds, is not shown.
const WORTH_SAYING_NS: u64 = 500;

impl StampWriter {
    /// Writes for people or, if `json` is set, as JSON lines for programs.
    #[must_use]
    pub fn new(style: TerminalStyle, json: bool, at_terminal: bool) -> Self {
        StampWriter {
            style,
            json,
            at_terminal,
            before_ns: 0,
            head: Vec::new(),
            head_of: None,
            text: Vec::with_capacity(2 * WRITTEN_BYTES),
        }
    }

    /// Adds one line, which is written by the next flush at the latest.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn line(&mut self, line: LineRef<'_>, out: &mut dyn Write) -> io::Result<()> {
        let at_ns = line.first.earliest_ns.midpoint(line.first.latest_ns);
        let gap_ns = at_ns.cast_signed() - self.before_ns.cast_signed();
        self.before_ns = at_ns;
        if self.json {
            json_line(line, gap_ns, &mut self.text)?;
        } else {
            self.human_line(line, (at_ns, gap_ns, line.first.width_ns(), line.stream));
        }
        if self.text.len() >= WRITTEN_BYTES {
            self.write(out)?;
        }
        Ok(())
    }

    /// Writes the lines that are left.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn flush(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.write(out)?;
        out.flush()
    }

    fn write(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let written = out.write_all(&self.text);
        self.text.clear();
        written
    }

    fn human_line(&mut self, line: LineRef<'_>, head: LineHead) {
        if self.head_of != Some(head) {
            self.head_of = Some(head);
            self.set_head(head);
        }
        let text = &mut self.text;
        text.extend_from_slice(&self.head);
        if self.at_terminal {
            let shown = visible(&String::from_utf8_lossy(line.bytes));
            text.extend_from_slice(shown.as_bytes());
        } else {
            text.extend_from_slice(line.bytes);
        }
        if line.cut {
            text.extend_from_slice(b" [cut: the line is longer]");
        }
        text.push(b'\n');
    }

    fn set_head(&mut self, (at_ns, gap_ns, width_ns, stream): LineHead) {
        let text = &mut self.head;
        text.clear();
        push_seconds(text, at_ns, b'+', 12);
        let sign = if gap_ns < 0 { b'-' } else { b'+' };
        push_seconds(text, gap_ns.unsigned_abs(), sign, 11);
        let doubt_ns = width_ns / 2;
        if doubt_ns >= WORTH_SAYING_NS {
            text.extend_from_slice(" ±".as_bytes());
            push_seconds(text, doubt_ns, b'0', 0);
        }
        text.extend_from_slice(b"  ");
        if self.style.color {
            let tone = match stream {
                Stream::Stdout => Tone::Quiet,
                Stream::Stderr => Tone::Doubt,
            };
            text.extend_from_slice(self.style.paint(tone, stream.name()).to_string().as_bytes());
        } else {
            text.extend_from_slice(stream.name().as_bytes());
        }
        text.extend_from_slice(b"  ");
    }

    /// Writes how the program ended, as JSON only, since people see the exit code; then flushes.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn exit(
        &mut self,
        exit: Exit,
        at: Interval,
        capture: &'static str,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        if !self.json {
            return self.flush(out);
        }
        let row = LastRow {
            exit: exit.into(),
            at_us: at.earliest_ns as f64 / 1e3,
            uncertainty_us: at.width_ns() as f64 / 1e3,
            capture,
        };
        json(&row, &mut self.text)?;
        self.flush(out)
    }
}

fn json_line(line: LineRef<'_>, gap_ns: i64, out: &mut Vec<u8>) -> io::Result<()> {
    let text = String::from_utf8_lossy(line.bytes);
    let row = LineRow {
        at_us: line.first.earliest_ns as f64 / 1e3,
        uncertainty_us: line.first.width_ns() as f64 / 1e3,
        last_us: line.last.latest_ns as f64 / 1e3,
        gap_us: gap_ns as f64 / 1e3,
        stream: line.stream.name(),
        lossy: line.cut || matches!(text, std::borrow::Cow::Owned(_)),
        text: &text,
        terminated: line.terminated,
    };
    json(&row, out)
}

fn json(row: &impl Serialize, out: &mut Vec<u8>) -> io::Result<()> {
    serde_json::to_writer(&mut *out, row)?;
    out.push(b'\n');
    Ok(())
}

/// Writes seconds with a sign and six decimals, padded to `width`. By hand: it is most of the work of writing a line.
fn push_seconds(text: &mut Vec<u8>, ns: u64, sign: u8, width: usize) {
    let mut digits = [b'0'; 24];
    let mut rest = (ns + 500) / 1_000;
    let mut at = digits.len();
    while rest > 0 || digits.len() - at < 8 {
        at -= 1;
        if digits.len() - at == 7 {
            digits[at] = b'.';
            continue;
        }
        digits[at] += (rest % 10) as u8;
        rest /= 10;
    }
    if sign != b'0' {
        at -= 1;
        digits[at] = sign;
    }
    let blanks = width.saturating_sub(digits.len() - at);
    text.extend(std::iter::repeat_n(b' ', blanks));
    text.extend_from_slice(&digits[at..]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::trace::Line;

    fn line(stream: Stream, ns: u64, width: u64, bytes: &[u8]) -> Line {
        Line {
            stream,
            bytes: bytes.into(),
            first: Interval::between(ns, ns + width),
            last: Interval::between(ns, ns + width),
            read: 0,
            terminated: true,
            seams: Vec::new(),
            cut: false,
        }
    }

    fn written(json: bool, at_terminal: bool, lines: &[Line]) -> String {
        let mut writer = StampWriter::new(TerminalStyle::PLAIN, json, at_terminal);
        let mut out = Vec::new();
        for line in lines {
            writer.line(line.into(), &mut out).unwrap();
        }
        let at = Interval::exactly(3_000_000);
        writer.exit(Exit::Code(7), at, "stamped", &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn each_line_has_its_time_the_gap_and_its_stream() {
        let lines = [
            line(Stream::Stdout, 1_500_000, 32, b"one"),
            line(Stream::Stderr, 1_502_000, 4_000_000, b"two\x1b[2J"),
        ];
        assert_eq!(
            written(false, false, &lines),
            "   +0.001500  +0.001500  stdout  one\n   +0.003502  +0.002002 ±0.002000  stderr  two\x1b[2J\n"
        );
        assert!(written(false, true, &lines).contains("two\\x1b[2J"));
    }

    #[test]
    fn lines_of_one_write_share_their_time_and_nothing_else() {
        let lines = [
            line(Stream::Stdout, 1_000_000, 32, b"one"),
            line(Stream::Stdout, 1_000_000, 32, b""),
            line(Stream::Stdout, 1_000_000, 32, b"three"),
            line(Stream::Stderr, 1_000_000, 32, b"four"),
        ];
        assert_eq!(
            written(false, false, &lines),
            "   +0.001000  +0.001000  stdout  one\n   +0.001000  +0.000000  stdout  \n   \
             +0.001000  +0.000000  stdout  three\n   +0.001000  +0.000000  stderr  four\n"
        );
    }

    #[test]
    fn seconds_are_written_as_the_formatter_of_floats_writes_them() {
        for ns in [
            0,
            499,
            500,
            1_000_000,
            999_999_499,
            999_999_500,
            86_400_123_456_789,
        ] {
            let mut text = Vec::new();
            push_seconds(&mut text, ns, b'+', 14);
            let expected = format!("{:>+14.6}", ((ns + 500) / 1_000) as f64 / 1e6);
            assert_eq!(String::from_utf8(text).unwrap(), expected);
        }
    }

    #[test]
    fn json_has_a_row_a_line_and_the_exit() {
        let text = written(
            true,
            false,
            &[line(Stream::Stdout, 1_500_000, 32, b"a\xff")],
        );
        let rows: Vec<serde_json::Value> = text
            .lines()
            .map(|row| serde_json::from_str(row).unwrap())
            .collect();
        assert_eq!(rows[0]["at_us"], 1500.0);
        assert_eq!(rows[0]["uncertainty_us"], 0.032);
        assert_eq!(rows[0]["lossy"], true);
        assert_eq!(rows[1]["exit"]["code"], 7);
    }
}
