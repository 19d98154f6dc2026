//! The stamped transcript of one trial: what happened, line by line, and when.

use std::io::{self, Write};

use super::layout::Printer;
use super::style::{TerminalStyle, Tone};
use super::text::{columns, cut, milliseconds, pad, took, visible};
use crate::model::conditions::Conditions;
use crate::model::report::{EventRow, ExitRow, ProgramResult, Trial};

/// Below this many columns a label stands on a line of its own.
const NARROW: usize = 70;
/// As wide as `stand-in`, and a gap.
const SOURCE_COLUMNS: usize = 10;
/// From this uncertainty to each side on, in microseconds, it gets a column.
const WORTH_SAYING_US: f64 = 500.0;

/// What to show of a trial.
#[derive(Debug, Clone, Copy)]
pub struct Transcript<'a> {
    /// The program's row.
    pub program: &'a ProgramResult,
    /// One of its trials.
    pub trial: &'a Trial,
    /// Whether to show the time since the line before.
    pub gaps: bool,
}

/// One line of the transcript.
struct TranscriptRow {
    /// The middle of the interval, microseconds since the spawn.
    at_us: f64,
    /// Half the interval's width, microseconds.
    doubt_us: f64,
    source: String,
    tone: Tone,
    label: String,
    text: String,
    /// Lines that belong to it, such as a stack trace.
    more: Vec<String>,
}

/// The widths of the columns that depend on the content.
struct ColumnWidths {
    at: usize,
    doubt: usize,
    gap: usize,
    label: usize,
}

/// Writes the transcript. A line is cut to the width at a terminal only.
///
/// # Errors
/// Those of the writer.
pub fn transcript(what: &Transcript, style: &TerminalStyle, out: &mut dyn Write) -> io::Result<()> {
    let out = &mut Printer::new(style, out);
    headline(what, out)?;
    let mut rows: Vec<TranscriptRow> = what.trial.events.iter().map(event_row).collect();
    if rows.is_empty() {
        let nothing = match what.trial.startup_ms {
            None => "it printed nothing",
            Some(_) => "its lines are not kept in this report: run it with --keep-traces",
        };
        writeln!(out, "  ({nothing})")?;
    }
    rows.push(exit_row(what.trial));
    let widths = widths(&rows, what.gaps, *style);
    let mut before_us = 0.0;
    for row in &rows {
        print_row(row, before_us, &widths, out)?;
        before_us = row.at_us;
    }
    footline(what, out)
}

fn headline(what: &Transcript, out: &mut Printer<'_>) -> io::Result<()> {
    let result = what.program;
    let name = visible(&format!("{}/{}", result.case, result.program()));
    let toolchain = visible(result.toolchain.as_deref().unwrap_or("no toolchain"));
    let number = match result.trials.len() {
        0 | 1 => String::new(),
        n => format!(", trial {} of {n}", what.trial.id),
    };
    let about = format!("{toolchain}{number}");
    out.painted(Tone::Strong, &name)?;
    writeln!(out, "{}\n", out.style.paint(Tone::Quiet, &about))
}

fn event_row(event: &EventRow) -> TranscriptRow {
    let doubt_us = event.uncertainty_us / 2.0;
    let source = event.place();
    let values = event
        .values
        .iter()
        .map(|(name, value)| format!("{name}={value}"));
    let text = match (&event.stream, event.text.is_empty()) {
        (None, true) => values.collect::<Vec<_>>().join(" "),
        _ => event.text.clone(),
    };
    let mut lines = text.split('\n');
    let first = lines.next().unwrap_or_default();
    let lossy = if event.lossy {
        "  (not all of its bytes can be shown)"
    } else {
        ""
    };
    TranscriptRow {
        at_us: event.at_us + doubt_us,
        doubt_us,
        source: visible(source),
        tone: match source {
            "stdout" => Tone::Quiet,
            "stderr" => Tone::Doubt,
            _ => Tone::Strong,
        },
        label: visible(event.label.as_deref().unwrap_or("")),
        text: format!("{}{lossy}", visible(first)),
        more: lines.map(visible).collect(),
    }
}

fn exit_row(trial: &Trial) -> TranscriptRow {
    let (tone, how) = match &trial.exit {
        ExitRow::Code(0) => (Tone::Strong, "exit 0".into()),
        ExitRow::Code(code) => (Tone::Bad, format!("exit {code}")),
        ExitRow::Signal(signal) => (Tone::Bad, format!("killed by {signal}")),
        ExitRow::Timeout(signal) => (Tone::Bad, format!("timed out, ended by {signal}")),
        ExitRow::OutputLimit(signal) => (Tone::Bad, format!("wrote too much, ended by {signal}")),
    };
    TranscriptRow {
        at_us: trial.elapsed_ms * 1000.0,
        doubt_us: 0.0,
        source: visible(&how),
        tone,
        label: String::new(),
        text: String::new(),
        more: Vec::new(),
    }
}

fn widths(rows: &[TranscriptRow], gaps: bool, style: TerminalStyle) -> ColumnWidths {
    let widest =
        |width: &dyn Fn(&TranscriptRow) -> usize| rows.iter().map(width).max().unwrap_or(0);
    let at = widest(&|row| seconds(row.at_us).len());
    let label = widest(&|row| columns(&row.label));
    ColumnWidths {
        at,
        doubt: widest(&|row| doubt(row, style).map_or(0, |text| columns(&text))),
        gap: if gaps { at } else { 0 },
        label: if label == 0 { 0 } else { label + 2 },
    }
}

fn print_row(
    row: &TranscriptRow,
    before_us: f64,
    widths: &ColumnWidths,
    out: &mut Printer<'_>,
) -> io::Result<()> {
    let style = out.style;
    let stamp = stamp(row, before_us, widths, style);
    let head = format!(
        "{}  {}",
        style.paint(Tone::Quiet, &stamp),
        style.paint(row.tone, &row.source)
    );
    if row.text.is_empty() && row.label.is_empty() {
        return writeln!(out, "{head}");
    }
    let gap = pad(
        "",
        SOURCE_COLUMNS.saturating_sub(columns(&row.source)).max(2),
    );
    let head_columns = columns(&stamp) + 2 + columns(&row.source) + columns(&gap);
    let narrow = style.columns() < NARROW;
    let text_at = if narrow {
        4
    } else {
        head_columns + widths.label
    };
    let label = pad(&row.label, if narrow { 0 } else { widths.label });
    let text = fitted(&row.text, text_at, style);
    if narrow {
        writeln!(out, "{}", format!("{head}{gap}{label}").trim_end())?;
        if !text.is_empty() {
            writeln!(out, "    {text}")?;
        }
    } else {
        writeln!(out, "{}", format!("{head}{gap}{label}{text}").trim_end())?;
    }
    for line in &row.more {
        let line = fitted(line, text_at, style);
        writeln!(
            out,
            "{}{}",
            pad("", text_at),
            style.paint(Tone::Quiet, &line)
        )?;
    }
    Ok(())
}

/// When it was, how sure that is, and how long after the line before.
fn stamp(
    row: &TranscriptRow,
    before_us: f64,
    widths: &ColumnWidths,
    style: TerminalStyle,
) -> String {
    let at = seconds(row.at_us);
    let doubt = doubt(row, style).unwrap_or_default();
    let mut stamp = format!(
        "{at:>width$} s{}",
        pad(&doubt, widths.doubt),
        width = widths.at
    );
    if widths.gap > 0 {
        let gap = seconds((row.at_us - before_us).max(0.0));
        stamp.push_str(&format!("  {gap:>width$}", width = widths.gap));
    }
    stamp
}

/// At a terminal no wider than the room right of `used` columns, else whole.
fn fitted(text: &str, used: usize, style: TerminalStyle) -> String {
    if style.terminal {
        let room = style.columns().saturating_sub(used).max(10);
        cut(text, room, style.ellipsis())
    } else {
        text.to_string()
    }
}

/// What the trial came to.
fn footline(what: &Transcript, out: &mut Printer<'_>) -> io::Result<()> {
    let trial = what.trial;
    let shown = trial
        .behaviour
        .as_deref()
        .map_or("no behaviour".into(), visible);
    let peak = trial.peak.map(|n| format!(", at most {n} at once"));
    let verdict = out
        .style
        .paint(Tone::of_verdict(trial.verdict), trial.verdict.name());
    let line = format!("{verdict}: shows {shown}{}", peak.unwrap_or_default());
    let capture = visible(&trial.capture);
    let late = match trial.conditions.canary_delay_ns {
        Some(ns) => format!("the machine was at most {} late", took(milliseconds(ns))),
        None => "it is not known how late the machine was".into(),
    };
    let machine = format!("capture {capture}; {late}");
    writeln!(out, "\n{line}\n{}", out.style.paint(Tone::Quiet, &machine))?;
    if !trial.sandbox.is_empty() {
        let sandbox = visible(&trial.sandbox.join(", "));
        out.painted(Tone::Quiet, &format!("sandbox {sandbox}"))?;
    }
    for disturbance in disturbances(&trial.conditions) {
        out.painted(Tone::Doubt, &disturbance)?;
    }
    if trial.events_left_out > 0 {
        let left = format!(
            "{} events in the middle are left out",
            trial.events_left_out
        );
        out.painted(Tone::Doubt, &left)?;
    }
    writeln!(out)
}

/// What disturbed a trial, a sentence each.
fn disturbances(conditions: &Conditions) -> Vec<String> {
    let stopped = conditions.stopped_ns.filter(|ns| *ns > 0).map(|ns| {
        let stopped = took(milliseconds(ns));
        format!("somebody's signal had it stopped for {stopped} at most")
    });
    let leaked = conditions
        .leaked
        .filter(|n| *n > 0)
        .map(|n| format!("processes that it left behind, and that had to be killed: {n}"));
    let held_up = (conditions.held_up == Some(true)).then(|| {
        "it wrote faster than it was read, and its writes may have waited for that".to_string()
    });
    let dropped = conditions.dropped_bytes.filter(|n| *n > 0);
    let dropped = dropped.map(|n| format!("{n} bytes of its output were read and not kept"));
    [stopped, leaked, held_up, dropped]
        .into_iter()
        .flatten()
        .collect()
}

/// `+2.001`
pub(crate) fn seconds(us: f64) -> String {
    format!("+{:.3}", us / 1_000_000.0)
}

/// ` ±1.2 ms`, the uncertainty to each side, if it is large enough to be shown.
fn doubt(row: &TranscriptRow, style: TerminalStyle) -> Option<String> {
    let ms = row.doubt_us / 1000.0;
    (row.doubt_us > WORTH_SAYING_US).then(|| format!(" {}{ms:.1} ms", style.plus_minus()))
}
