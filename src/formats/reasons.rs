//! Why some rows are not a pass, for people.

use std::io;

use super::explain::{Explanation, Lack};
use crate::terminal::layout::Printer;
use crate::terminal::style::Tone;
use crate::terminal::text::{self, cut, paragraph, visible};

/// Lines of a reason that are shown of its start and of its end; a compiler can say a lot.
const REASON_LINES: (usize, usize) = (10, 5);

/// Why some rows are not a pass, and what to do about it, indented.
pub(super) fn because(e: &Explanation, out: &mut Printer<'_>) -> io::Result<()> {
    let reason = paragraph(&e.reason, out.style.columns().saturating_sub(4));
    let (head, tail) = REASON_LINES;
    let left_out = reason.len().saturating_sub(head + tail);
    // A line that says that one or two are left out saves next to nothing.
    let left_out = if left_out > 2 { left_out } else { 0 };
    for (place, line) in reason.iter().enumerate() {
        if place == head && left_out > 0 {
            let between = text::counted(left_out, "line");
            let between = format!("{} {between} left out", out.style.ellipsis());
            out.note(4, Tone::Plain, &between)?;
        }
        if place < head || place >= head + left_out {
            writeln!(out, "    {line}")?;
        }
    }
    print_last(&e.last, out)?;
    for lack in &e.lacks {
        print_lack(lack, out)?;
    }
    if let Some(command) = &e.command {
        // Not wrapped: it is there to be copied.
        writeln!(out, "    see: {}", visible(command))?;
    }
    Ok(())
}

fn print_last(lines: &[String], out: &mut Printer<'_>) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "    its last lines:")?;
    let room = out.style.columns().saturating_sub(6);
    for line in lines {
        let line = match out.style.terminal {
            true => cut(line, room, out.style.ellipsis()),
            false => line.clone(),
        };
        writeln!(out, "      {}", out.style.paint(Tone::Quiet, &line))?;
    }
    Ok(())
}

fn print_lack(lack: &Lack, out: &mut Printer<'_>) -> io::Result<()> {
    out.note(4, Tone::Plain, &visible(&format!("{}:", lack.title())))?;
    for violation in &lack.violations {
        let expectation = format!("{}{}", violation.doubt(), violation.expectation);
        out.note(6, Tone::Plain, &expectation)?;
        out.note(8, Tone::Quiet, &violation.message)?;
    }
    if lack.more > 0 {
        writeln!(out, "      {} {} more", out.style.ellipsis(), lack.more)?;
    }
    Ok(())
}
