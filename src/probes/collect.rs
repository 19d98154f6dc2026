//! What the probes of one run have written, with its lines and its sources, as one recording.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the first of many events is looked for"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use regex::{NoExpand, Regex};

use super::placed::{Announced, Placed};
use super::run::ProbedRun;
use crate::model::conditions::Delay;
use crate::model::trace::{Exit, LineRef};
use crate::probe_trace::{Event, Frame, Header, OutputLine, Process, Recording, SCHEMA, read_rows};
use crate::run::{Follower, Observed};
use crate::toolchain::RECIPES;

/// The most lines that are kept, and the most bytes of each.
const LINES: (usize, usize) = (20_000, 300);
/// The most sources that are kept, and the most bytes of each.
const SOURCES: (usize, u64) = (200, 1 << 20);

/// Keeps the lines that pass, with their times since the spawn.
pub(super) struct KeptLines<'f> {
    next: &'f mut dyn Follower,
    announced: Vec<Announced>,
    pub(super) lines: Vec<OutputLine>,
}

impl<'f> KeptLines<'f> {
    pub(super) fn new(next: &'f mut dyn Follower, announced: Vec<Announced>) -> KeptLines<'f> {
        KeptLines {
            next,
            announced,
            lines: Vec::new(),
        }
    }

    fn keep(&mut self, line: LineRef<'_>) {
        if self.lines.len() < LINES.0 {
            let bytes = &line.bytes[..line.bytes.len().min(LINES.1)];
            self.lines.push(OutputLine {
                t: line.first.earliest_ns.midpoint(line.first.latest_ns),
                stream: line.stream.name().into(),
                text: String::from_utf8_lossy(bytes).into_owned(),
            });
        }
    }
}

impl Follower for KeptLines<'_> {
    fn line(&mut self, line: LineRef<'_>) {
        let mut announced = self.announced.iter();
        let Some(ours) = announced.find(|one| one.line == line.bytes) else {
            self.keep(line);
            return self.next.line(line);
        };
        // What the user would have read without our variables.
        if let Some(bytes) = ours.instead.clone() {
            let line = LineRef {
                bytes: &bytes,
                ..line
            };
            self.keep(line);
            self.next.line(line);
        }
    }

    fn pause(&mut self) {
        self.next.pause();
    }
}

/// All that is known of the run.
pub(super) fn recording(
    run: &ProbedRun,
    observed: &Observed,
    mut lines: Vec<OutputLine>,
    placed: &Placed,
) -> Recording {
    let spawned_ns = observed.spawned.ns;
    for line in &mut lines {
        line.t = line.t.saturating_add(spawned_ns);
    }
    lines.sort_by_key(|line| line.t);
    let processes = processes(
        &placed.rows(),
        run.copy_of.as_ref().map_or(&[], |of| &of.sources),
    );
    let sources = sources(&processes, placed);
    Recording {
        header: header(run, observed, processes.is_empty()),
        processes,
        lines,
        sources,
    }
}

fn header(run: &ProbedRun, observed: &Observed, is_unprobed: bool) -> Header {
    let command = run.command();
    let words = std::iter::once(command.program.as_os_str());
    let words = words.chain(command.args.iter().map(|word| &**word));
    let words = words.map(|word| word.to_string_lossy().into_owned());
    let trace = &observed.trace;
    let (code, signal) = match trace.exit {
        Exit::Code(code) => (Some(code), None),
        Exit::Signal(signal) | Exit::Timeout { ended_by: signal } => (None, Some(signal)),
        Exit::Flooded => (None, None),
    };
    let spawned_ns = observed.spawned.ns;
    let delays = trace.conditions.delays.as_deref().unwrap_or_default();
    let on_our_clock = |delay: &Delay| Delay {
        from_ns: delay.from_ns.saturating_add(spawned_ns),
        until_ns: delay.until_ns.saturating_add(spawned_ns),
        ..*delay
    };
    Header {
        schema: SCHEMA.into(),
        command: match &run.copy_of {
            Some(original) => vec![original.name.clone()],
            None => words.collect(),
        },
        folder: match &run.copy_of {
            Some(original) => original.folder.to_string_lossy().into_owned(),
            None => command.folder.to_string_lossy().into_owned(),
        },
        spawned_ns,
        ended_ns: spawned_ns.saturating_add(trace.exit_at.latest_ns),
        code,
        signal,
        interrupted: observed.interrupted,
        cpu_wait_ns: trace.conditions.cpu_wait_ns,
        unprobed: if is_unprobed { unprobed(run) } else { None },
        late_ns: trace.conditions.canary_delay_ns,
        delays: delays.iter().map(on_our_clock).collect(),
    }
}

/// What is to be run instead of a command that was built without a probe, if that is known.
fn unprobed(run: &ProbedRun) -> Option<String> {
    let command = run.command();
    let program = Path::new(&command.program);
    let paths = match program.components().count() {
        1 => {
            let path = command.env.iter().rfind(|(name, _)| name == "PATH");
            let folders = path.map(|(_, folders)| env::split_paths(folders));
            folders
                .into_iter()
                .flatten()
                .map(|folder| folder.join(program))
                .collect()
        }
        _ => vec![command.folder.join(program)],
    };
    let path = paths.into_iter().find(|path| path.is_file())?;
    let mut probes = RECIPES
        .iter()
        .filter_map(|recipe| recipe.runtime_probe.as_ref());
    let instead = probes.find_map(|probe| (probe.ready_program?)(&path));
    instead.map(str::to_owned)
}

/// What each probe wrote, the process that began first coming first. Lines of copies are told in `sources`.
fn processes(rows: &Path, sources: &[PathBuf]) -> Vec<Process> {
    let Ok(entries) = fs::read_dir(rows) else {
        return Vec::new();
    };
    let mut found: Vec<Process> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name();
            let pid = name.to_str()?.strip_suffix(".ndjson")?.parse().ok()?;
            let text = fs::read(entry.path()).ok()?;
            let text = in_sources(String::from_utf8_lossy(&text).into_owned(), sources);
            let (events, _) = read_rows(&text);
            Some(Process { pid, events })
        })
        .collect();
    found.sort_by_key(|process| process.events.first().map(|first| first.t));
    found
}

/// Rows whose frames, each a list that begins with its file, name a source where they named a copy of it.
fn in_sources(rows: String, sources: &[PathBuf]) -> String {
    sources.iter().fold(rows, |rows, source| {
        let name = source.file_name().unwrap_or_default().to_string_lossy();
        let copy = Regex::new(&format!(r#"\["(?:[^"]*/)?{}","#, regex::escape(&name)));
        let path = serde_json::Value::from(source.to_string_lossy());
        match copy {
            Ok(copy) => copy
                .replace_all(&rows, NoExpand(&format!("[{path},")))
                .into_owned(),
            Err(_) => rows,
        }
    })
}

/// The texts of the sources that frames of the user's name.
fn sources(processes: &[Process], placed: &Placed) -> BTreeMap<String, String> {
    let mut files = BTreeSet::new();
    for process in processes {
        let libraries = process.events.iter().find_map(|timed| match &timed.event {
            Event::Hello { libraries, .. } => Some(libraries.as_slice()),
            _ => None,
        });
        let libraries = libraries.unwrap_or_default();
        let mut add = |frame: &Frame| {
            if !libraries
                .iter()
                .any(|library| frame.file.starts_with(library.as_str()))
            {
                files.insert(frame.file.clone());
            }
        };
        for timed in &process.events {
            timed.event.frames(&mut add);
        }
    }
    let texts = files.into_iter().filter_map(|file| {
        let path = Path::new(&file);
        let size = fs::metadata(path).ok().filter(fs::Metadata::is_file)?.len();
        let is_kept = path.is_absolute() && !placed.holds(path) && size <= SOURCES.1;
        let text = is_kept.then(|| fs::read_to_string(path).ok()).flatten()?;
        Some((file, text))
    });
    texts.take(SOURCES.0).collect()
}
