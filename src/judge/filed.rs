//! The events of one trial, filed once.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use super::channel::Channel;
use super::events::{Event, Events, Index};
use super::groups::Groups;
use super::instance::Instances;
use super::lateness::Lateness;
use super::lost_lines::may_be_lost;
use super::shift::Shift;
use super::times::Times;
use super::truth::Outcome;
use crate::model::label::Label;
use crate::model::trace::Trace;

/// The events of one trial, filed for those who ask for them by label or value.
pub struct Filed {
    pub(super) events: Events,
    pub(super) lateness: Lateness,
    /// Columns of the events apart, since they are asked for most.
    pub(super) stamped: Times,
    /// Asked for only if there was a delay.
    pub(super) moved: OnceCell<Times>,
    pub(super) channels: Vec<Channel>,
    /// By the number of the label.
    pub(super) by_label: Vec<Vec<Index>>,
    /// By the number of the label and that of the capture's name; filed when somebody asks.
    pub(super) by_value: Vec<OnceCell<Groups>>,
    /// What [`super::pairing::instances`] found, by the name of the span.
    pub(super) paired: RefCell<HashMap<String, Rc<Result<Instances, Outcome>>>>,
    pub(super) shifts: RefCell<HashMap<i64, Shift>>,
    pub(super) loses_lines: bool,
    pub(super) strangers: Vec<Index>,
    pub(super) spawn: Option<Index>,
    pub(super) exit: Option<Index>,
}

/// Events of one channel without a label that are kept apart: enough to see what is wrong.
const STRANGERS: usize = 100;

impl Filed {
    /// Files the events of a trace, of a case with this margin.
    #[must_use]
    pub fn new(events: Events, trace: &Trace, margin_ns: Option<u64>) -> Filed {
        let mut by_label = vec![Vec::new(); events.labels().len()];
        let (mut strangers, mut kept) = (Vec::new(), [0; 4]);
        for (index, event) in (0..).zip(events.iter()) {
            match event.label_id() {
                Some(label) => by_label[label.place()].push(index),
                None => {
                    let kept = &mut kept[event.channel().place()];
                    if *kept < STRANGERS {
                        *kept += 1;
                        strangers.push(index);
                    }
                }
            }
        }
        let first = |name: &str| {
            let label = events.label(&Label::parse(name)?)?;
            by_label[label.place()].first().copied()
        };
        let is_seen = |event: &Event| event.channel() != Channel::Supervisor;
        let begun = events.iter().filter(is_seen);
        let begun_ns = begun.map(|event| event.at().earliest_ns).min();
        Filed {
            channels: events.iter().map(Event::channel).collect(),
            by_value: vec![OnceCell::new(); by_label.len() * events.name_count()],
            paired: RefCell::default(),
            shifts: RefCell::default(),
            loses_lines: may_be_lost(trace),
            strangers,
            spawn: first("@spawn"),
            exit: first("@exit"),
            lateness: Lateness::new(&trace.conditions, begun_ns.unwrap_or(0), margin_ns),
            stamped: Times::stamped(&events),
            moved: OnceCell::new(),
            by_label,
            events,
        }
    }

    /// The events.
    #[must_use]
    pub fn into_events(self) -> Events {
        self.events
    }
}
