//! Lines that a program may have written and that were lost when it was ended.

use crate::model::trace::{Exit, Stream, Trace};

/// Whether lines that the program still held may be lost: we ended it, and nothing shows that it writes each line at once.
#[must_use]
pub fn may_be_lost(trace: &Trace) -> bool {
    was_ended(trace) && !writes_its_lines_at_once(trace)
}

fn was_ended(trace: &Trace) -> bool {
    match trace.exit {
        Exit::Timeout { .. } | Exit::Flooded => true,
        Exit::Code(_) | Exit::Signal(_) => false,
    }
}

/// A runtime that holds lines back fills a block before it writes one. So a write of few bytes, long before
/// the end, shows a program that writes its lines at once.
fn writes_its_lines_at_once(trace: &Trace) -> bool {
    const FEWER_BYTES_THAN_A_BLOCK: usize = 1024;
    const LONG_BEFORE_NS: u64 = 100_000_000;
    let mut read: Option<(u32, usize)> = None;
    for line in trace.lines.iter().filter(|l| l.stream == Stream::Stdout) {
        let bytes = match read {
            Some((number, bytes)) if number == line.read => bytes + line.bytes.len() + 1,
            Some((_, bytes)) if bytes < FEWER_BYTES_THAN_A_BLOCK => return true,
            _ => line.bytes.len() + 1,
        };
        if line.last.latest_ns.saturating_add(LONG_BEFORE_NS) > trace.exit_at.earliest_ns {
            return false;
        }
        read = Some((line.read, bytes));
    }
    read.is_some_and(|(_, bytes)| bytes < FEWER_BYTES_THAN_A_BLOCK)
}
