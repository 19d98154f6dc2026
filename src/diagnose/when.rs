//! When a suspicion acted: what a picture of the run shows of it.

use super::jobs::{jobs, pools};
use super::suspicion::Suspicion;
use super::view::View;
use crate::model::answer::Cause;
use crate::probe_trace::{Event, Frame, Recording, Timed};

/// The stretches of time, from and to in nanoseconds, in which its line blocked, waited, or kept others waiting; in order.
/// What happens at one instant begins and ends there.
#[must_use]
pub fn when(recording: &Recording, suspicion: &Suspicion<'_>) -> Vec<(u64, u64)> {
    let Some(place) = suspicion.path.last() else {
        return Vec::new();
    };
    let views = recording.processes.iter();
    let views = views.filter_map(|process| View::new(recording, process));
    let views = views.filter(|view| view.language == suspicion.language);
    let mut all: Vec<(u64, u64)> = views
        .flat_map(|view| within(&view, suspicion.cause, place))
        .collect();
    all.sort_unstable();
    all
}

fn within(view: &View<'_>, cause: Cause, place: &Frame) -> Vec<(u64, u64)> {
    match cause {
        Cause::Stall => seen(view, |timed| match &timed.event {
            Event::Block { ns, samples, .. } => {
                let is_there = samples.iter().any(|sample| stands(&sample.stack, place));
                is_there.then_some(*ns)
            }
            _ => None,
        }),
        Cause::Sequential | Cause::Lock => seen(view, |timed| waited(&timed.event, place)),
        Cause::Pool => {
            let queued = queued(view, place);
            match queued.is_empty() {
                // A limit of a library: its callers wait in it.
                true => seen(view, |timed| waited(&timed.event, place)),
                false => queued,
            }
        }
        Cause::Failfast => seen(view, |timed| match &timed.event {
            Event::Reject { at, .. } => stands(at, place).then_some(0),
            _ => None,
        }),
        Cause::Forgotten => seen(view, |timed| match &timed.event {
            Event::Unawaited { at, .. } => stands(at, place).then_some(0),
            _ => None,
        }),
        Cause::NeverExits => {
            let mut ends = view
                .events()
                .filter(|timed| matches!(timed.event, Event::MainEnd {}));
            let from = ends.next().map(|timed| timed.t);
            from.map(|from| (from, view.last_ns().max(from)))
                .into_iter()
                .collect()
        }
    }
}

fn seen(view: &View<'_>, ns: impl Fn(&Timed) -> Option<u64>) -> Vec<(u64, u64)> {
    let found = view
        .events()
        .filter_map(|timed| Some((timed.t, timed.t + ns(timed)?)));
    found.collect()
}

fn stands(frames: &[Frame], place: &Frame) -> bool {
    let mut frames = frames.iter();
    frames.any(|frame| frame.line == place.line && frame.file == place.file)
}

/// How long an event waited at a place, or below it; nanoseconds.
fn waited(event: &Event, place: &Frame) -> Option<u64> {
    let (frames, ns) = match event {
        Event::Wait { chain, ns, .. } => (chain, ns),
        Event::Stay { stack, ns, .. } => (stack, ns),
        _ => return None,
    };
    stands(frames, place).then_some(*ns)
}

/// When jobs waited for a thread of a pool that was made at a place, or were handed over there.
fn queued(view: &View<'_>, place: &Frame) -> Vec<(u64, u64)> {
    let pools = pools(view);
    let jobs = jobs(view);
    let of_place = jobs.values().filter(|job| {
        let made = pools.get(&job.pool).map_or(&[][..], |pool| pool.at);
        stands(job.at, place) || stands(made, place)
    });
    let queued = of_place.filter(|job| job.queued_ns() > 0);
    queued
        .map(|job| (job.submitted_ns, job.started_ns))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::diagnose;
    use crate::diagnose::made::{MS, at, frame, with_source};
    use crate::probe_trace::Sample;

    #[test]
    fn a_stall_acted_while_its_line_stood_still() {
        let block = |line| Event::Block {
            ns: 200 * MS,
            cpu_ns: 0,
            starved_ns: 0,
            task: None,
            thread: 1,
            samples: vec![Sample {
                n: 3,
                stack: vec![frame("app", line, "bad")],
            }],
            ready: 1,
            due: 0,
            readable: 0,
            tasks: 2,
        };
        let events = vec![at(100, block(7)), at(400, block(9)), at(700, block(7))];
        let recording = with_source(events, "");
        let diagnosis = diagnose(&recording);
        let suspicion = diagnosis
            .suspicions
            .iter()
            .find(|s| s.path.last().is_some_and(|f| f.line == 7));
        let stretches = when(&recording, suspicion.unwrap());
        assert_eq!(stretches, [(100 * MS, 300 * MS), (700 * MS, 900 * MS)]);
    }
}
