//! What was seen of a program, whatever is wrong with it.

use indexmap::IndexMap;

use super::jobs::jobs;
use super::view::View;
use crate::model::answer::{CodePlace, Evidence, Printed, Spent};
use crate::model::signal::signal_name;
use crate::probe_trace::{Event, Recording};

/// How many of the places where it waited are named.
const PLACES: usize = 5;
/// How many lines of output are kept.
const LINES: usize = 200;

/// What was seen.
#[must_use]
pub fn evidence(recording: &Recording) -> Evidence {
    let header = &recording.header;
    let exit = match (header.code, header.signal) {
        (Some(code), _) => code.to_string(),
        (None, Some(signal)) => signal_name(signal),
        (None, None) => String::new(),
    };
    let mut seen = Evidence {
        exit,
        seconds: seconds(header.ended_ns.saturating_sub(begun_ns(recording))),
        interrupted: header.interrupted,
        late: header
            .cpu_wait_ns
            .map(|_| seconds(recording.delay_within(begun_ns(recording), header.ended_ns))),
        ..Evidence::default()
    };
    for process in &recording.processes {
        if let Some(view) = View::new(recording, process) {
            add(&view, &mut seen);
        }
    }
    seen.waits = waits(recording);
    seen.output = output(recording);
    seen.output_left_out = (recording.lines.len() - seen.output.len()) as u64;
    seen
}

fn output(recording: &Recording) -> Vec<Printed> {
    let begun_ns = begun_ns(recording);
    let lines = recording.lines.iter().take(LINES);
    let printed = lines.map(|line| Printed {
        at: seconds(line.t.saturating_sub(begun_ns)),
        stream: line.stream.clone(),
        text: line.text.clone(),
    });
    printed.collect()
}

/// When the program began, on the clock of the recording: what compiled it before is no part of it.
#[must_use]
pub fn begun_ns(recording: &Recording) -> u64 {
    let firsts = recording.processes.iter().filter_map(|p| p.events.first());
    let first = firsts.map(|timed| timed.t).min();
    first.unwrap_or(recording.header.spawned_ns)
}

fn seconds(ns: u64) -> f64 {
    // Microseconds are as fine as any probe is.
    (ns / 1_000) as f64 / 1e6
}

fn add(view: &View<'_>, seen: &mut Evidence) {
    let longest = |most: &mut Option<f64>, ns: u64| {
        *most = Some(most.unwrap_or(0.0).max(seconds(ns)));
    };
    let mut count = None;
    for timed in view.events() {
        match &timed.event {
            Event::Hello {
                language, version, ..
            } => {
                let pid = view.process.pid;
                seen.observed
                    .push(format!("{language} {version} (process {pid})"));
                longest(&mut seen.longest_stall, 0);
            }
            Event::Block { ns, .. } => longest(&mut seen.longest_stall, *ns),
            Event::Count { .. } => count = Some(&timed.event),
            _ => {}
        }
    }
    for job in jobs(view).values().filter(|job| job.has_begun) {
        longest(&mut seen.longest_queue, job.queued_ns());
    }
    let Some(Event::Count {
        tasks,
        most_tasks,
        requests,
        most_requests,
        ..
    }) = count
    else {
        return;
    };
    let sum = |total: &mut Option<u64>, more: u64| *total = Some(total.unwrap_or(0) + more);
    sum(&mut seen.tasks, *tasks);
    seen.most_tasks = seen.most_tasks.max(Some(*most_tasks));
    if *requests > 0 {
        sum(&mut seen.requests, *requests);
        seen.most_requests = seen.most_requests.max(Some(*most_requests));
    }
}

/// Where the user's code waited for longest, over all tasks and threads.
fn waits(recording: &Recording) -> Vec<Spent> {
    let mut spent: IndexMap<(&str, u32, &str), (u64, u64)> = IndexMap::new();
    for process in &recording.processes {
        let Some(view) = View::new(recording, process) else {
            continue;
        };
        for timed in view.events() {
            let (frames, ns) = match &timed.event {
                Event::Wait { chain, ns, .. } => (chain, *ns),
                Event::Stay { stack, ns, .. } => (stack, *ns),
                _ => continue,
            };
            if let Some(own) = frames.iter().rev().find(|frame| view.is_own(frame)) {
                let place = (own.file.as_str(), own.line, own.function.as_str());
                let (total_ns, times) = spent.entry(place).or_default();
                *total_ns += ns;
                *times += 1;
            }
        }
    }
    spent.sort_by(|_, one, _, other| other.0.cmp(&one.0));
    let longest = spent.into_iter().take(PLACES);
    let places = longest.map(|((file, line, function), (ns, times))| Spent {
        place: CodePlace {
            file: file.into(),
            line,
            function: function.into(),
        },
        seconds: seconds(ns),
        times,
    });
    places.collect()
}
