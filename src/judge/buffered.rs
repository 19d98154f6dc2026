//! Output that a runtime held back until the program ended.

use super::timeline::Timeline;
use crate::model::trace::{Capture, Exit, Line};

/// A program must have lived this long, and so much longer than it was late, before lines that arrive
/// together are suspicious: a runtime that starts slowly and prints two lines looks the same.
const LIVED_NS: u64 = 500_000_000;
/// How close to the exit they must have arrived: a runtime tidies up after the flush.
const AT_EXIT_NS: u64 = 100_000_000;

/// How many times all lateness either must be at least.
const TIMES_LATE: u64 = 5;

/// How long a flush of several writes may take.
const FLUSH_NS: u64 = 20_000_000;

/// Whether all the lines of a program that lived long came together as it exited: their times are those of a flush,
/// and say nothing of the program.
#[must_use]
pub fn is_buffered(timeline: &Timeline) -> bool {
    let trace = timeline.trace;
    let Some(first) = trace.lines.first() else {
        return false;
    };
    let several = trace.lines.len() > 1;
    let together = came_together(&trace.lines, trace.capture);
    // Another exit is a failure whatever the times are.
    let ended_well = trace.exit == Exit::Code(0);
    let came_ns = first.first.latest_ns;
    // What got no processor prints late and all at once, too.
    let lateness = timeline.lateness;
    let delay_ns = lateness.canary_delay_ns().max(lateness.all_ns(came_ns));
    let delay_ns = delay_ns.saturating_mul(TIMES_LATE);
    let late = came_ns >= LIVED_NS.max(delay_ns)
        && came_ns.saturating_add(AT_EXIT_NS.max(delay_ns)) >= trace.exit_at.earliest_ns;
    several && together && ended_well && late
}

/// A buffer that is flushed: one read of a pipe, or writes of several lines each, close together.
fn came_together(lines: &[Line], capture: Capture) -> bool {
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else {
        return false;
    };
    match capture {
        Capture::Piped => lines.iter().all(|line| line.read == first.read),
        Capture::Stamped => {
            let mut writes: Vec<u32> = lines.iter().map(|line| line.read).collect();
            writes.sort_unstable();
            writes.dedup();
            let lasted_ns = last.last.latest_ns.saturating_sub(first.first.earliest_ns);
            writes.len() < lines.len() && lasted_ns <= FLUSH_NS
        }
    }
}
