//! What was made of one trial.

use super::events::Events;
use super::failure::{Excuse, Failure};
use super::instance::Instance;
use super::lack::Lack;
use crate::model::conditions::UnexpectedRequest;
use crate::model::label::Label;
use crate::model::trace::Exit;
use crate::model::verdict::Verdict;

/// What was made of one trial.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// The trial's own verdict.
    pub verdict: Verdict,
    /// The behaviour it certainly showed.
    pub behaviour: Option<String>,
    /// Why it is not a pass.
    pub reason: Option<Reason>,
    /// The most spans of the case that were open at once, where that is certain.
    pub peak: Option<u64>,
    /// The spans of each kind of which it can be told which end belongs to which start, by the kind's name.
    pub spans: Vec<(String, Vec<Instance>)>,
    /// The events in order of time.
    pub events: Events,
    /// What the behaviours not shown lack, the nearest behaviour first.
    pub lacks: Vec<Lack>,
}

/// Why a trial is not a pass.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// The case is ambiguous: a line is as much the one event as the other.
    SameLine(String, [Label; 2]),
    /// The case is ambiguous: the trial shows several behaviours.
    SeveralBehaviours(Vec<String>),
    /// The stand-in had requests that may not be the program's.
    Neighbours(Vec<UnexpectedRequest>),
    /// So many lines of a program in this language came together as it exited, so that their times say nothing.
    Buffered(usize, String),
    /// Whether the trial shows a behaviour cannot be told.
    Open {
        /// The behaviour that it looks like.
        looks: Option<String>,
        /// The behaviour that cannot be told.
        behaviour: String,
        /// Why.
        failure: Failure,
    },
    /// It shows no behaviour, and a signal ended it, or we did; with what excuses a program that ran out of time.
    Ended(Exit, Option<Excuse>),
    /// It shows no behaviour. The nearest one, and why it is not shown.
    Unrecognised(Option<(String, Failure)>),
    /// It shows this behaviour, which it must never show.
    MustNever(String),
    /// It shows another behaviour than one of those expected.
    Unexpected(String, Vec<String>),
    /// It shows the expected behaviour, but an expectation of the program's own does not hold.
    Also(String, Failure),
}
