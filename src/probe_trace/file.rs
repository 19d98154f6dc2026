//! Recordings as files.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::recording::{Header, OutputLine, Process, Recording, SourceText, Timed};

/// The schema of a recording.
pub const SCHEMA: &str = "repro-probe-trace/1";

/// What stands in a line of the file after the header.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Row {
    Event {
        pid: u32,
        #[serde(flatten)]
        timed: Box<Timed>,
    },
    Line {
        line: OutputLine,
    },
    Source {
        source: SourceText,
    },
}

/// Why a recording cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub why: String,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.why)
    }
}

/// Reads a recording.
///
/// # Errors
/// The line that cannot be read, and why.
pub fn read(text: &str) -> Result<Recording, Unreadable> {
    let mut rows = text.lines().enumerate();
    let unreadable = |line: usize, why: String| Unreadable {
        line: line + 1,
        why,
    };
    let (_, first) = rows
        .next()
        .ok_or_else(|| unreadable(0, "the file is empty".into()))?;
    let header: Header = serde_json::from_str(first).map_err(|e| unreadable(0, e.to_string()))?;
    if header.schema != SCHEMA {
        let why = format!(
            "the schema is `{}`, and `{SCHEMA}` is what this version reads",
            header.schema
        );
        return Err(unreadable(0, why));
    }
    let mut recording = Recording {
        header,
        ..Recording::default()
    };
    let mut total_ns = 0;
    add_times(first, &mut total_ns).map_err(|why| unreadable(0, why))?;
    for (number, row) in rows.filter(|(_, row)| !row.trim().is_empty()) {
        add_times(row, &mut total_ns).map_err(|why| unreadable(number, why))?;
        match serde_json::from_str(row).map_err(|e| unreadable(number, e.to_string()))? {
            Row::Event { pid, timed } => recording.process(pid).events.push(*timed),
            Row::Line { line } => recording.lines.push(line),
            Row::Source { source } => {
                recording.sources.insert(source.file, source.text);
            }
        }
    }
    // Probes write what took time when it is over, with the time at which it began.
    for process in &mut recording.processes {
        process.events.sort_by_key(|timed| timed.t);
    }
    recording.lines.sort_by_key(|line| line.t);
    Ok(recording)
}

/// The latest instant, and the most that all durations of a recording may come to: a century in nanoseconds. Whatever is
/// made of them fits into 64 bits.
const MOST_NS: u64 = 3_200_000_000_000_000_000;

/// Adds the durations of a row, which stand at keys that end in `ns`.
fn add_times(row: &str, total_ns: &mut u64) -> Result<(), String> {
    // What is no object is refused by what reads it.
    let row: BTreeMap<String, Value> = serde_json::from_str(row).unwrap_or_default();
    // The time of a line of output stands within it.
    let line = row.get("line").and_then(Value::as_object);
    for (name, value) in row.iter().chain(line.into_iter().flatten()) {
        let Some(ns) = value.as_u64() else {
            continue;
        };
        let is_instant = INSTANTS.contains(&name.as_str());
        if name.ends_with("ns") && !is_instant {
            *total_ns = total_ns.saturating_add(ns);
        }
        if *total_ns > MOST_NS || (is_instant && ns > MOST_NS) {
            return Err(format!("`{name}` is {ns}: no run takes a century"));
        }
    }
    Ok(())
}

/// The keys of instants.
const INSTANTS: [&str; 3] = ["t", "spawned_ns", "ended_ns"];

/// Reads what the probe of one process wrote: the events in order of time, and how many rows could not be read. The last
/// row of a process that was killed may be cut.
#[must_use]
pub fn read_rows(text: &str) -> (Vec<Timed>, usize) {
    let mut unreadable = 0;
    let mut events = Vec::new();
    for row in text.lines().filter(|row| !row.is_empty()) {
        match serde_json::from_str(row) {
            Ok(timed) => events.push(timed),
            Err(_) => unreadable += 1,
        }
    }
    events.sort_by_key(|timed: &Timed| timed.t);
    (events, unreadable)
}

/// Writes a recording.
///
/// # Errors
/// Those of the writer.
pub fn write(recording: &Recording, out: &mut dyn Write) -> io::Result<()> {
    row(&recording.header, out)?;
    for process in &recording.processes {
        let pid = process.pid;
        for timed in &process.events {
            let timed = Box::new(timed.clone());
            row(&Row::Event { pid, timed }, out)?;
        }
    }
    for line in &recording.lines {
        row(&Row::Line { line: line.clone() }, out)?;
    }
    for (file, text) in &recording.sources {
        let source = SourceText {
            file: file.clone(),
            text: text.clone(),
        };
        row(&Row::Source { source }, out)?;
    }
    Ok(())
}

fn row(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

impl Recording {
    /// The process of this number, which is added if it is not there.
    fn process(&mut self, pid: u32) -> &mut Process {
        let at = self.processes.iter().position(|p| p.pid == pid);
        let at = at.unwrap_or_else(|| {
            self.processes.push(Process {
                pid,
                ..Process::default()
            });
            self.processes.len() - 1
        });
        &mut self.processes[at]
    }
}

#[cfg(test)]
mod tests {
    use super::super::event::{Event, WaitedFor};
    use super::super::frame::Frame;
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let frame = |activation| Frame {
            file: "/a/b.x".into(),
            line: 3,
            function: "f".into(),
            activation,
        };
        let event = Event::Killed {
            task: 2,
            chain: vec![frame(0), frame(7)],
            on: WaitedFor::default(),
            joined: None,
            main_at: Vec::new(),
        };
        let recording = Recording {
            header: Header {
                schema: SCHEMA.into(),
                code: Some(0),
                ..Header::default()
            },
            processes: vec![Process {
                pid: 9,
                events: vec![Timed { t: 5, event }],
            }],
            lines: vec![OutputLine {
                t: 6,
                stream: "stdout".into(),
                text: "one".into(),
            }],
            sources: [("/a/b.x".to_string(), "text\n".to_string())].into(),
        };
        let mut text = Vec::new();
        write(&recording, &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert!(
            text.contains(r#"["/a/b.x",3,"f"],["/a/b.x",3,"f",7]"#),
            "{text}"
        );
        assert_eq!(read(&text), Ok(recording));
    }

    #[test]
    fn a_row_that_was_cut_is_counted_and_an_event_of_later_versions_is_no_error() {
        let text = "{\"t\":9,\"ev\":\"main-end\"}\n{\"t\":3,\"ev\":\"new-in-2030\",\"x\":1}\n{\"t\":4,\"ev\":\"mai";
        let (events, unreadable) = read_rows(text);
        assert_eq!(unreadable, 1);
        let kinds: Vec<&Event> = events.iter().map(|timed| &timed.event).collect();
        assert_eq!(kinds, [&Event::Unknown, &Event::MainEnd {}]);
    }

    #[test]
    fn what_stands_in_disorder_is_sorted_and_times_that_no_run_has_are_refused() {
        let header = format!(
            r#"{{"schema":"{SCHEMA}","command":[],"folder":"","spawned_ns":0,"ended_ns":9,"code":0,"signal":null,"interrupted":false}}"#
        );
        let of = |rows: &str| read(&format!("{header}\n{rows}"));
        let line = |t: u64| format!(r#"{{"line":{{"t":{t},"stream":"stdout","text":"one"}}}}"#);
        let event = |t: u64| format!(r#"{{"pid":1,"t":{t},"ev":"main-end"}}"#);
        let rows = [event(7), line(8), event(3), line(2)].join("\n");
        let recording = of(&rows).unwrap();
        let times = recording.processes[0].events.iter().map(|timed| timed.t);
        assert_eq!(times.collect::<Vec<_>>(), [3, 7]);
        let times = recording.lines.iter().map(|line| line.t);
        assert_eq!(times.collect::<Vec<_>>(), [2, 8]);

        let blocked = |ns: u64| format!(r#"{{"pid":1,"t":1,"ev":"new-in-2030","ns":{ns}}}"#);
        assert!(of(&blocked(MOST_NS)).is_ok());
        for rows in [
            event(u64::MAX),
            line(u64::MAX),
            [blocked(MOST_NS), blocked(1)].join("\n"),
        ] {
            let refused = of(&rows).unwrap_err();
            assert_eq!(refused.line, 1 + rows.lines().count());
            assert!(
                refused.why.contains("no run takes a century"),
                "{}",
                refused.why
            );
        }
    }

    #[test]
    fn a_file_that_is_no_recording_is_refused_with_the_line() {
        assert_eq!(read("").unwrap_err().line, 1);
        let other = r#"{"schema":"x","command":[],"folder":"","spawned_ns":0,"ended_ns":0,"code":0,"signal":null,"interrupted":false}"#;
        assert!(read(other).unwrap_err().why.contains("repro-probe-trace/1"));
        let broken = format!(
            "{}\nnonsense",
            other.replace("\"x\"", &format!("\"{SCHEMA}\""))
        );
        assert_eq!(read(&broken).unwrap_err().line, 2);
    }
}
