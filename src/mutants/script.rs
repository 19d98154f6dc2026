//! A trace as a list of happenings that can be moved about, and back. Every instant is the middle of what is known of
//! it, and the machine was never late: what is asked here is what a case demands, not what a capture can tell.

use std::collections::VecDeque;

use crate::judge::{Channel, Events};
use crate::model::case::{Case, Label};
use crate::model::conditions::Conditions;
use crate::model::interval::Interval;
use crate::model::trace::{Capture, Exit, Line, Sent, Served, Service, Stream, Trace, Values};

/// What a trace shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// In order of time.
    pub happenings: Vec<Happening>,
    /// How it ends.
    pub exit: Exit,
    /// When, nanoseconds since the spawn.
    pub exit_ns: u64,
    capture: Capture,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// Its label; `None` for a line that no event describes.
    pub label: Option<Label>,
    /// What was captured.
    pub values: Values,
    /// When, nanoseconds since the spawn.
    pub at_ns: u64,
    /// How it came to be seen.
    pub source: Source,
}

/// How something came to be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A line, with its continuation lines.
    Output {
        /// Where it stands.
        stream: Stream,
        /// The text without the last newline.
        text: String,
        /// Whether bytes of it were lost.
        lossy: bool,
    },
    /// A request at the stand-in.
    Served {
        /// The route.
        route: String,
        /// What became of it.
        service: Service,
    },
    /// A signal that the program was sent.
    Sent {
        /// Its number.
        signal: i32,
    },
}

/// A span that began and ended: the places of both in the script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// The span's name.
    pub name: String,
    /// Where it starts.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

fn middle(at: Interval) -> u64 {
    at.earliest_ns.midpoint(at.latest_ns)
}

impl Script {
    /// The script of a trace, by the events that the judge made of it.
    #[must_use]
    pub fn new(trace: &Trace, events: &Events) -> Script {
        let lines = events.iter().filter_map(|event| match event.channel() {
            Channel::Output(stream) => Some(Happening {
                label: event.label().cloned(),
                values: event.values().collect(),
                at_ns: middle(event.at()),
                source: Source::Output {
                    stream,
                    text: event.text().into(),
                    lossy: event.lossy(),
                },
            }),
            Channel::StandIn | Channel::Supervisor => None,
        });
        let served = trace.served.iter().map(|served| Happening {
            label: served.service.label(&served.route),
            values: served.values.clone(),
            at_ns: middle(served.at),
            source: Source::Served {
                route: served.route.clone(),
                service: served.service,
            },
        });
        let sent = trace.sent.iter().map(|sent| Happening {
            label: Label::of_signal(sent.signal),
            values: Values::new(),
            at_ns: middle(sent.at),
            source: Source::Sent {
                signal: sent.signal,
            },
        });
        let mut script = Script {
            happenings: lines.chain(served).chain(sent).collect(),
            exit: trace.exit,
            exit_ns: middle(trace.exit_at),
            capture: trace.capture,
        };
        script.settle();
        script
    }

    /// Puts the happenings in order of time, and the exit after all of them.
    pub fn settle(&mut self) {
        self.happenings.sort_by_key(|happening| happening.at_ns);
        let last = self.happenings.last().map_or(0, |last| last.at_ns);
        self.exit_ns = self.exit_ns.max(last);
    }

    /// The places of the happenings that are events.
    #[must_use]
    pub fn events(&self) -> Vec<usize> {
        let labelled = |place: &usize| self.happenings[*place].label.is_some();
        (0..self.happenings.len()).filter(labelled).collect()
    }

    /// From the first event to the last, nanoseconds.
    #[must_use]
    pub fn makespan_ns(&self) -> u64 {
        let events = self.events();
        match (events.first(), events.last()) {
            (Some(first), Some(last)) => {
                self.happenings[*last].at_ns - self.happenings[*first].at_ns
            }
            _ => 0,
        }
    }

    /// The event at a place as a person would name it: `start[2]` is the second of several.
    #[must_use]
    pub fn name(&self, place: usize) -> String {
        let Some(label) = &self.happenings[place].label else {
            return "a line".into();
        };
        let same = |happening: &&Happening| happening.label.as_ref() == Some(label);
        let rank = self.happenings[..=place].iter().filter(same).count();
        if self.happenings.iter().filter(same).count() == 1 {
            label.to_string()
        } else {
            format!("{label}[{rank}]")
        }
    }

    /// A span as a person would name it: by its ends, where its name alone does not tell which is meant.
    #[must_use]
    pub fn name_of(&self, stretch: &Stretch) -> String {
        let (start, end) = (self.name(stretch.start), self.name(stretch.end));
        format!("{} ({start} to {end})", stretch.name)
    }

    /// The spans of the case that began and ended, in order of their starts. The first end belongs to the first start.
    #[must_use]
    pub fn stretches(&self, case: &Case) -> Vec<Stretch> {
        let mut found = Vec::new();
        for (name, kind) in &case.spans {
            let key = |place: usize| -> Vec<Option<&str>> {
                let values = &self.happenings[place].values;
                kind.by.iter().map(|capture| values.get(capture)).collect()
            };
            let mut open: VecDeque<usize> = VecDeque::new();
            for (place, happening) in self.happenings.iter().enumerate() {
                let Some(label) = &happening.label else {
                    continue;
                };
                if *label == kind.from {
                    open.push_back(place);
                } else if kind.to.contains(label)
                    && let Some(at) = open.iter().position(|start| key(*start) == key(place))
                    && let Some(start) = open.remove(at)
                {
                    found.push(Stretch {
                        name: name.clone(),
                        start,
                        end: place,
                    });
                }
            }
        }
        found.sort_by_key(|stretch| (stretch.start, stretch.end));
        found
    }

    /// The trace that shows this.
    #[must_use]
    pub fn trace(&self) -> Trace {
        let mut trace = Trace {
            lines: Vec::new(),
            served: Vec::new(),
            sent: Vec::new(),
            exit: self.exit,
            exit_at: Interval::exactly(self.exit_ns),
            capture: self.capture,
            conditions: Conditions::ideal(),
        };
        for (read, happening) in (0_u32..).zip(&self.happenings) {
            let at = Interval::exactly(happening.at_ns);
            match &happening.source {
                Source::Output {
                    stream,
                    text,
                    lossy,
                } => trace.lines.extend(text.split('\n').map(|line| Line {
                    stream: *stream,
                    bytes: line.as_bytes().to_vec(),
                    first: at,
                    last: at,
                    read,
                    terminated: true,
                    cut: *lossy,
                    seams: Vec::new(),
                })),
                Source::Served { route, service } => trace.served.push(Served {
                    route: route.clone(),
                    service: *service,
                    at,
                    values: happening.values.clone(),
                }),
                Source::Sent { signal } => trace.sent.push(Sent {
                    signal: *signal,
                    at,
                }),
            }
        }
        trace
    }
}
