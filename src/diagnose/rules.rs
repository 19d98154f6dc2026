//! All rules over all processes, and what they come to.

use rustc_hash::FxHashSet;

use super::channel::channel;
use super::evidence::begun_ns;
use super::failfast::failfast;
use super::forgotten::forgotten;
use super::lock::lock;
use super::never_exits::never_exits;
use super::one_task::{one_call_at_a_time, one_statement_at_a_time, one_task_at_a_time};
use super::pool::pool;
use super::result::{one_result_at_a_time, one_run_at_a_time};
use super::sequential::sequential;
use super::stall::stall;
use super::suspicion::{Suspicion, What};
use super::view::View;
use crate::model::answer::{Cause, Certainty, NotChecked};
use crate::probe_trace::{Event, Recording};

/// A rule: what it suspects in one process.
type Rule = for<'v, 'r> fn(&'v View<'r>) -> Vec<Suspicion<'r>>;

/// Every rule, with the cause that it looks for. Their order decides nothing.
const RULES: &[(Cause, Rule)] = &[
    (Cause::Stall, stall),
    (Cause::Sequential, sequential),
    (Cause::Sequential, one_result_at_a_time),
    (Cause::Sequential, one_run_at_a_time),
    (Cause::Sequential, one_task_at_a_time),
    (Cause::Sequential, one_statement_at_a_time),
    (Cause::Sequential, one_call_at_a_time),
    (Cause::Pool, channel),
    (Cause::Failfast, failfast),
    (Cause::Pool, pool),
    (Cause::Lock, lock),
    (Cause::Forgotten, forgotten),
    (Cause::NeverExits, never_exits),
];

/// Of a time during which a thread got no processor, this much makes it impossible to tell who was slow; nanoseconds.
const STARVED_NS: u64 = 1_000_000_000;

/// What the rules come to.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnosis<'r> {
    /// What is suspected, the surest and the costliest first.
    pub suspicions: Vec<Suspicion<'r>>,
    /// The causes that were looked for.
    pub checked: Vec<Cause>,
    /// The causes that a probe could not look for, and why.
    pub not_checked: Vec<NotChecked>,
    /// The causes that no probe looked for.
    pub unprobed: Vec<Cause>,
    /// Why it cannot be told whether something is wrong, if so.
    pub untold: Option<Untold>,
}

/// Why it cannot be told whether something is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Untold {
    /// The program failed before anything ran concurrently.
    FailedEarly,
    /// A thread of the program was ready to run for so many nanoseconds and got no processor.
    Starved(u64),
}

/// Judges what was recorded.
#[must_use]
pub fn diagnose(recording: &Recording) -> Diagnosis<'_> {
    let processes = recording.processes.iter();
    let views = processes.filter_map(|process| View::new(recording, process));
    let views: Vec<View<'_>> = views.collect();
    let found = views
        .iter()
        .flat_map(|view| RULES.iter().flat_map(|(_, rule)| rule(view)));
    let mut suspicions: Vec<Suspicion<'_>> = found.collect();
    if suspicions.iter().any(is_hang) {
        suspicions.iter_mut().for_each(explained_by_a_hang);
    }
    suspicions.sort_by_key(|suspicion| {
        let cost = std::cmp::Reverse(suspicion.lost_ns);
        (
            suspicion.certainty,
            !is_hang(suspicion),
            cost,
            suspicion.cause,
        )
    });
    once_each(&mut suspicions);
    let (able, not_checked) = told_by_probes(recording);
    let is_unable = |cause: &Cause| not_checked.iter().any(|n| n.cause == *cause);
    let able_alone = Cause::ALL.into_iter().filter(|cause| !is_unable(cause));
    let (checked, unprobed) = able_alone.partition(|cause| able.contains(cause));
    Diagnosis {
        untold: untold(recording, &suspicions),
        suspicions,
        checked,
        not_checked,
        unprobed,
    }
}

/// One cause at one line is one finding, by however many rules and in however many processes it was found: the surest stays.
fn once_each(suspicions: &mut Vec<Suspicion<'_>>) {
    let mut known = FxHashSet::default();
    suspicions.retain(|suspicion| {
        let at = suspicion.path.last();
        at.is_none_or(|at| known.insert((suspicion.cause, at.file.as_str(), at.line)))
    });
}

/// Whether there was ever more than one thing to do.
fn is_concurrent(recording: &Recording) -> bool {
    let mut events = recording.processes.iter().flat_map(|p| &p.events);
    events.any(|timed| match &timed.event {
        Event::JobSubmit { .. } | Event::Block { .. } | Event::Wait { .. } => true,
        Event::Stay { main, .. } => !main,
        Event::Count { most_tasks, .. } => *most_tasks > 1,
        _ => false,
    })
}

/// What never ends outweighs whatever was slow before.
fn is_hang(suspicion: &Suspicion<'_>) -> bool {
    suspicion.cause == Cause::NeverExits && suspicion.certainty == Certainty::Certain
}

/// What died unseen is what others wait for, and is named with the hang.
fn explained_by_a_hang(suspicion: &mut Suspicion<'_>) {
    if matches!(
        suspicion.what,
        What::ErrorUnseen { .. } | What::EndedWithMain { .. }
    ) {
        suspicion.certainty = Certainty::Info;
    }
}

/// The causes that some probe can look for, and those that some probe cannot, with the first reason for each.
fn told_by_probes(recording: &Recording) -> (Vec<Cause>, Vec<NotChecked>) {
    let mut able = Vec::new();
    let mut unable: Vec<NotChecked> = Vec::new();
    let mut note = |cause: Cause, why: &str| {
        if !unable.iter().any(|known| known.cause == cause) {
            let why = why.into();
            unable.push(NotChecked { cause, why });
        }
    };
    for timed in recording.processes.iter().flat_map(|p| &p.events) {
        match &timed.event {
            Event::Hello { can, cannot, .. } => {
                able.extend(can);
                cannot.iter().for_each(|one| note(one.cause, &one.why));
            }
            Event::Cannot(one) => note(one.cause, &one.why),
            Event::Broken { why } => Cause::ALL.iter().for_each(|cause| note(*cause, why)),
            _ => {}
        }
    }
    unable.sort_by_key(|n| n.cause);
    (able, unable)
}

/// Why the answer cannot be relied on: nothing is certain, and the machine was too busy for the program, or the program
/// failed before anything could be seen.
fn untold(recording: &Recording, suspicions: &[Suspicion<'_>]) -> Option<Untold> {
    let header = &recording.header;
    let is_certain = |s: &Suspicion<'_>| s.certainty == Certainty::Certain;
    if suspicions.iter().any(is_certain) {
        return None;
    }
    let has_failed = !header.interrupted && header.code != Some(0);
    let is_observed = recording.processes.iter().any(|p| !p.events.is_empty());
    if has_failed && is_observed && suspicions.is_empty() && !is_concurrent(recording) {
        return Some(Untold::FailedEarly);
    }
    // What compiled the program before is no part of it.
    let begun_ns = begun_ns(recording);
    let starved_ns = recording.delay_within(begun_ns, header.ended_ns);
    let took_ns = header.ended_ns.saturating_sub(begun_ns);
    let is_starved = starved_ns > STARVED_NS && starved_ns > took_ns / 4;
    is_starved.then_some(Untold::Starved(starved_ns))
}
