//! A trial as a picture: one lane a task, lanes of marks below, and the scale of time. Pure: what draws it knows
//! pixels or columns, this knows neither.

use indexmap::IndexMap;

use crate::model::named::named;
use crate::model::report::{EventRow, SpanRow, Trial};

/// Lanes of tasks that a picture has; nobody can follow more.
const TASKS: usize = 40;
/// Marks of one lane.
const MARKS: usize = 1_000;
/// Characters of a line that a mark tells.
const TEXT: usize = 120;

/// A trial, laid out in time.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    /// The tasks in the order of their starts; below them what was printed, served and sent.
    pub lanes: Vec<Lane>,
    /// Tasks that have no lane, because there are too many.
    pub tasks_left_out: usize,
    /// The exit: microseconds from the spawn.
    pub end_us: f64,
}

/// What happened in one place, one thing after another.
#[derive(Debug, Clone, PartialEq)]
pub struct Lane {
    /// What it shows.
    pub kind: Kind,
    /// `task 1`, `stdout`.
    pub name: String,
    /// Spans; none overlaps another but by its uncertainty.
    pub bars: Vec<Bar>,
    /// Events, in order of time.
    pub marks: Vec<Mark>,
}

named! {
    /// What a lane shows.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Kind {
        /// The spans of one task.
        Task = "task",
        /// Lines on stdout.
        Stdout = "stdout",
        /// Lines on stderr.
        Stderr = "stderr",
        /// What the stand-in saw.
        StandIn = "stand-in",
        /// Signals that the program was sent.
        Signals = "signals",
    }
}

/// An instant as far as it is known, microseconds from the spawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moment {
    /// Not before this.
    pub earliest_us: f64,
    /// Not after this.
    pub latest_us: f64,
}

impl Moment {
    /// Its middle.
    #[must_use]
    pub fn middle_us(self) -> f64 {
        f64::midpoint(self.earliest_us, self.latest_us)
    }
}

/// A span.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// Its start.
    pub from: Moment,
    /// Its end; the exit, if it never ended.
    pub to: Moment,
    /// Whether it never ended.
    pub open: bool,
}

/// An event.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// When its first byte was written, or when it happened.
    pub at: Moment,
    /// Its label with what it captured; `None` for a line that no event describes.
    pub label: Option<String>,
    /// The beginning of its first line.
    pub text: String,
}

impl Timeline {
    /// Lays a trial out.
    #[must_use]
    pub fn of(trial: &Trial) -> Timeline {
        let (mut lanes, tasks_left_out) = tasks(&trial.spans);
        let end_us = finite(trial.elapsed_ms * 1e3);
        for kind in [Kind::Stdout, Kind::Stderr, Kind::StandIn, Kind::Signals] {
            let events = trial.events.iter().filter(|event| kind_of(event) == kind);
            let marks: Vec<Mark> = events.take(MARKS).map(mark).collect();
            if !marks.is_empty() {
                lanes.push(Lane {
                    kind,
                    name: kind.name().into(),
                    bars: Vec::new(),
                    marks,
                });
            }
        }
        // Clocks are read one after another: the exit may be stamped before a line that came just before it.
        let bars = lanes.iter().flat_map(|lane| &lane.bars).map(|bar| bar.to);
        let marks = lanes.iter().flat_map(|lane| &lane.marks).map(|m| m.at);
        let last_us = bars.chain(marks).map(|at| at.latest_us);
        Timeline {
            end_us: last_us.fold(end_us, f64::max),
            lanes,
            tasks_left_out,
        }
    }

    /// How many spans were open, from each instant at which that changed: microseconds from the spawn. An instant that is
    /// not known exactly counts as its middle.
    #[must_use]
    pub fn open_spans(&self) -> Vec<(f64, usize)> {
        let bars = self.lanes.iter().flat_map(|lane| &lane.bars);
        let mut changes: Vec<(f64, i8)> = bars
            .flat_map(|bar| [(bar.from.middle_us(), 1), (bar.to.middle_us(), -1)])
            .collect();
        // What ends as another starts is not open beside it.
        changes.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut open: usize = 0;
        let mut counts: Vec<(f64, usize)> = Vec::new();
        for (at, change) in changes {
            open = open.saturating_add_signed(change.into());
            match counts.last_mut() {
                Some(last) if last.0.total_cmp(&at).is_eq() => last.1 = open,
                _ => counts.push((at, open)),
            }
        }
        counts
    }
}

/// A lane for each span and value that joins it; one more where its instances overlap. And how many have none.
fn tasks(spans: &[SpanRow]) -> (Vec<Lane>, usize) {
    let mut names: IndexMap<String, Vec<Vec<Bar>>> = IndexMap::new();
    for span in spans {
        let bar = bar(span);
        let lanes = names.entry(task_name(span)).or_default();
        let free = |lane: &&mut Vec<Bar>| {
            let last = lane.last();
            last.is_none_or(|last| !last.open && last.to.earliest_us <= bar.from.latest_us)
        };
        match lanes.iter_mut().find(free) {
            Some(lane) => lane.push(bar),
            None => lanes.push(vec![bar]),
        }
    }
    let lanes = names.into_iter().flat_map(|(name, lanes)| {
        let numbered = lanes.into_iter().enumerate();
        numbered.map(move |(place, bars)| Lane {
            kind: Kind::Task,
            name: match place {
                0 => name.clone(),
                _ => format!("{name} ({})", place + 1),
            },
            bars,
            marks: Vec::new(),
        })
    });
    let mut lanes: Vec<Lane> = lanes.collect();
    let left_out = lanes.len().saturating_sub(TASKS);
    lanes.truncate(TASKS);
    (lanes, left_out)
}

/// `task 1`: the span and the values that join it.
fn task_name(span: &SpanRow) -> String {
    let values = span.values.values().map(String::as_str);
    let words = std::iter::once(span.span.as_str()).chain(values);
    words.collect::<Vec<_>>().join(" ")
}

fn bar(span: &SpanRow) -> Bar {
    let from = moment(span.start_us, span.start_uncertainty_us);
    let to = moment(span.end_us, span.end_uncertainty_us);
    Bar {
        from,
        to: Moment {
            earliest_us: to.earliest_us.max(from.earliest_us),
            latest_us: to.latest_us.max(from.latest_us),
        },
        open: span.to.is_none(),
    }
}

fn mark(event: &EventRow) -> Mark {
    let label = event.label.as_ref().map(|label| {
        let values: Vec<&str> = event.values.values().map(String::as_str).collect();
        if values.is_empty() {
            label.clone()
        } else {
            format!("{label} {}", values.join(" "))
        }
    });
    let line = event.text.lines().next().unwrap_or_default();
    Mark {
        at: moment(event.at_us, event.uncertainty_us),
        label,
        text: line.chars().take(TEXT).collect(),
    }
}

fn kind_of(event: &EventRow) -> Kind {
    match (event.source.as_str(), event.stream.as_deref()) {
        ("stand-in", _) => Kind::StandIn,
        ("signal", _) => Kind::Signals,
        (_, Some("stderr")) => Kind::Stderr,
        _ => Kind::Stdout,
    }
}

fn moment(at_us: f64, uncertainty_us: f64) -> Moment {
    let earliest_us = finite(at_us);
    Moment {
        earliest_us,
        latest_us: earliest_us + finite(uncertainty_us),
    }
}

/// A report may come from anywhere: what is no time is none.
fn finite(us: f64) -> f64 {
    /// A year.
    const MOST: f64 = 366.0 * 86_400e6;
    if us.is_finite() {
        us.clamp(0.0, MOST)
    } else {
        0.0
    }
}
