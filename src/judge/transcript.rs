//! Whether a program wrote these lines, in this order, and each as often.

use std::borrow::Cow;
use std::collections::HashMap;

use indexmap::IndexMap;

use super::channel::Channel;
use super::events::Index;
use super::failure::Doubt;
use super::fault::{StepName, WorldFault};
use super::order::{self, Chain, Link};
use super::timeline::Timeline;
use super::truth::Outcome;
use crate::model::expect::Transcript;

/// Holds a transcript against the lines of both streams.
#[must_use]
pub fn judge(timeline: &Timeline, transcript: &Transcript) -> Outcome {
    let written = written(timeline, transcript);
    let mut taken: IndexMap<&str, usize> = IndexMap::new();
    let mut links = Vec::with_capacity(transcript.lines.len());
    for (step, line) in transcript.lines.iter().enumerate() {
        let place = taken.entry(line).or_default();
        let event = written.get(line.as_str()).and_then(|all| all.get(*place));
        *place += 1;
        if let Some(event) = event {
            let events = Cow::Owned(vec![*event]);
            links.push(Link {
                step,
                events,
                term: None,
            });
        }
    }
    for (line, wanted) in taken {
        let found = written.get(line).map_or(0, Vec::len);
        if found != wanted {
            let fault = WorldFault::Line(line.into(), found, wanted);
            let may_follow = found < wanted && timeline.may_have_lost_lines();
            return if may_follow {
                Outcome::unknown(fault, Doubt::LostLines)
            } else {
                Outcome::violated(fault)
            };
        }
    }
    let adjacent = vec![false; links.len()];
    let chain = Chain {
        links,
        adjacent: &adjacent,
        name: &|step| StepName::Line(transcript.lines[step].clone()),
    };
    order::hold(timeline, &chain)
}

/// The events of each line, rising.
fn written<'t>(timeline: &'t Timeline, transcript: &Transcript) -> HashMap<&'t str, Vec<Index>> {
    let mut written: HashMap<&str, Vec<Index>> = HashMap::new();
    for index in timeline.all() {
        let text = timeline.event(index).text();
        let is_output = matches!(timeline.channel(index), Channel::Output(_));
        if is_output && transcript.has(text) {
            written.entry(text.trim_end()).or_default().push(index);
        }
    }
    written
}
