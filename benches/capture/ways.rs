//! Each way to stamp lines: the product's two, and what others use.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use repro::clock::Clock;
use repro::model::trace::Capture;
use repro::process::{self, Stop};
use repro::run::{Limits, Stage, TrialRequest};

use super::generator::{Order, Truth, truth};

/// When a line was written, as a way has it: nanoseconds on the monotonic clock.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    pub number: usize,
    /// The one instant that it tells.
    pub at_ns: i64,
    /// The bounds, where it tells any.
    pub bounds_ns: Option<(u64, u64)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Stamped,
    Piped,
    Threads,
    Ts,
    AnnotateOutput,
    Strace,
    Script,
}

pub const WAYS: [Way; 7] = [
    Way::Stamped,
    Way::Piped,
    Way::Threads,
    Way::Ts,
    Way::AnnotateOutput,
    Way::Strace,
    Way::Script,
];

impl Way {
    pub fn name(self) -> &'static str {
        match self {
            Way::Stamped => "repro, stamped",
            Way::Piped => "repro, piped",
            Way::Threads => "a thread a pipe",
            Way::Ts => "`ts` on each stream",
            Way::AnnotateOutput => "`annotate-output`",
            Way::Strace => "`strace -ttt`",
            Way::Script => "`script` (a terminal)",
        }
    }

    fn tool(self) -> Option<&'static str> {
        match self {
            Way::Stamped | Way::Piped | Way::Threads => None,
            Way::Ts => Some("ts"),
            Way::AnnotateOutput => Some("annotate-output"),
            Way::Strace => Some("strace"),
            Way::Script => Some("script"),
        }
    }

    pub fn is_here(self) -> bool {
        let path = std::env::var_os("PATH").unwrap_or_default();
        self.tool().is_none_or(|tool| {
            std::env::split_paths(&path).any(|folder| folder.join(tool).is_file())
        })
    }

    /// It starts a process for each line, or stops the program twice: fewer lines say as much.
    pub fn is_slow(self) -> bool {
        matches!(self, Way::AnnotateOutput | Way::Strace)
    }

    /// Runs the generator under this way: what was seen, and the truth.
    pub fn run(self, order: &Order) -> (Vec<Seen>, Vec<Truth>) {
        let folder = tempfile::tempdir().unwrap();
        let side = folder.path().join("side");
        let seen = match self {
            Way::Stamped => observed(Capture::Stamped, order, &side),
            Way::Piped => observed(Capture::Piped, order, &side),
            Way::Threads => threads(order, &side),
            Way::Ts => ts(order, folder.path(), &side),
            Way::AnnotateOutput => annotate_output(order, &side),
            Way::Strace => strace(order, folder.path(), &side),
            Way::Script => script(order, folder.path(), &side),
        };
        (seen, truth(&side))
    }
}

pub fn own() -> PathBuf {
    std::env::current_exe().unwrap()
}

fn observed(way: Capture, order: &Order, side: &Path) -> Vec<Seen> {
    let limits = Limits {
        timeout: Duration::from_secs(3600),
        kept_bytes: u64::MAX,
        kept_lines: usize::MAX,
        ..Limits::default()
    };
    let command = process::Command {
        program: own(),
        args: order.args(side).into_iter().map(Into::into).collect(),
        env: Vec::new(),
        folder: "/".into(),
    };
    let stage = Stage {
        supervisor: env!("CARGO_BIN_EXE_repro").into(),
        ..Stage::new(Clock::Real, Stop::default())
    };
    let request = TrialRequest::new(command, limits, way);
    let seen = stage.observe(&request, None).unwrap();
    let line = |line: &repro::model::trace::Line| {
        let from = |ns: u64| ns + seen.spawned.ns;
        let (earliest, latest) = (from(line.first.earliest_ns), from(line.first.latest_ns));
        let at = match way {
            Capture::Stamped => earliest.midpoint(latest),
            // When the read returned: what a reader of pipes would tell.
            Capture::Piped => latest,
        };
        Some(Seen {
            number: number(&line.bytes)?,
            at_ns: at as i64,
            bounds_ns: Some((earliest, latest)),
        })
    };
    seen.trace.lines.iter().filter_map(line).collect()
}

fn threads(order: &Order, side: &Path) -> Vec<Seen> {
    let mut child = Command::new(own())
        .args(order.args(side))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let read = |from: Box<dyn std::io::Read + Send>| {
        thread::spawn(move || {
            let mut seen = Vec::new();
            for line in BufReader::new(from).split(b'\n') {
                let line = line.unwrap();
                let at_ns = Clock::Real.now().ns as i64;
                seen.extend(number(&line).map(|number| Seen {
                    number,
                    at_ns,
                    bounds_ns: None,
                }));
            }
            seen
        })
    };
    let readers = [read(Box::new(out)), read(Box::new(err))];
    child.wait().unwrap();
    readers
        .into_iter()
        .flat_map(|reader| reader.join().unwrap())
        .collect()
}

fn ts(order: &Order, folder: &Path, side: &Path) -> Vec<Seen> {
    let shell = r#"d=$1; shift; "$@" 2> >(ts %.s > "$d/err") | ts %.s > "$d/out"; wait; sleep 0.1"#;
    bash(shell, folder, order, side);
    let mut seen = Vec::new();
    for name in ["out", "err"] {
        for line in std::fs::read_to_string(folder.join(name)).unwrap().lines() {
            let (time, text) = line.split_once(' ').unwrap();
            seen.extend(at_wall(time, text));
        }
    }
    seen
}

fn annotate_output(order: &Order, side: &Path) -> Vec<Seen> {
    let output = Command::new("annotate-output")
        .arg("+%s.%N")
        .arg(own())
        .args(order.args(side))
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let line = |line: &str| {
        let (time, rest) = line.split_once(' ')?;
        at_wall(time, rest.get(3..)?)
    };
    text.lines().filter_map(line).collect()
}

fn strace(order: &Order, folder: &Path, side: &Path) -> Vec<Seen> {
    let log = folder.join("log");
    let status = Command::new("strace")
        .args(["-f", "-ttt", "-e", "trace=write", "-s", "16", "-o"])
        .arg(&log)
        .arg(own())
        .args(order.args(side))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    let text = std::fs::read_to_string(log).unwrap();
    let line = |line: &str| {
        let mut words = line.split_whitespace();
        let (_, time) = (words.next()?, words.next()?);
        at_wall(time, line.split_once('"')?.1)
    };
    text.lines().filter_map(line).collect()
}

/// Its log holds only steps: they are laid so that no line is too early, which flatters it.
fn script(order: &Order, folder: &Path, side: &Path) -> Vec<Seen> {
    let shell =
        r#"d=$1; shift; script -q -e -m advanced -T "$d/times" -O "$d/text" -c "$*" > /dev/null"#;
    bash(shell, folder, order, side);
    let text = std::fs::read(folder.join("text")).unwrap();
    // The first line is script's own.
    let start = text.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let (mut at_ns, mut place, mut seen) = (0_i64, start, Vec::new());
    for step in std::fs::read_to_string(folder.join("times"))
        .unwrap()
        .lines()
    {
        let words: Vec<&str> = step.split_whitespace().collect();
        let [kind, time, length] = words[..] else {
            continue;
        };
        at_ns += (time.parse::<f64>().unwrap_or(0.0) * 1e9) as i64;
        if kind != "O" {
            continue;
        }
        let end = (place + length.parse::<usize>().unwrap()).min(text.len());
        let mut from = place;
        while let Some(next) = text[from..end].iter().position(|byte| *byte == b'\n') {
            let begin = text[..from + next]
                .iter()
                .rposition(|byte| *byte == b'\n')
                .map_or(0, |n| n + 1);
            seen.extend(number(&text[begin..from + next]).map(|number| Seen {
                number,
                at_ns,
                bounds_ns: None,
            }));
            from += next + 1;
        }
        place = end;
    }
    let truth = truth(side);
    let early = seen
        .iter()
        .map(|seen: &Seen| seen.at_ns - truth[seen.number].before_ns as i64)
        .min()
        .unwrap_or(0);
    for seen in &mut seen {
        seen.at_ns -= early;
    }
    seen
}

fn bash(shell: &str, folder: &Path, order: &Order, side: &Path) {
    let status = Command::new("bash")
        .args(["-c", shell, "bash"])
        .arg(folder)
        .arg(own())
        .args(order.args(side))
        .status()
        .unwrap();
    assert!(status.success());
}

/// Seconds of the wall clock with a fraction, and the line.
fn at_wall(time: &str, text: &str) -> Option<Seen> {
    let (seconds, fraction) = time.split_once('.')?;
    let fraction = format!("{fraction:0<9}");
    let wall_ns =
        seconds.parse::<i64>().ok()? * 1_000_000_000 + fraction[..9].parse::<i64>().ok()?;
    let ahead = Clock::Real.wall_ahead();
    Some(Seen {
        number: number(text.as_bytes())?,
        at_ns: wall_ns - ahead.least_ns.midpoint(ahead.most_ns),
        bounds_ns: None,
    })
}

fn number(line: &[u8]) -> Option<usize> {
    std::str::from_utf8(line.get(..8)?).ok()?.parse().ok()
}
