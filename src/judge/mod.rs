//! From a trace to a behaviour and a verdict. Pure: no clock, file or process is touched here.
//!
//! The steps: label the lines, hold every behaviour's expectations against the events, choose the one
//! behaviour that is shown, compare it with what the program is expected to show. What is wrong is a typed value:
//! `wording` turns it into sentences.

mod behaviour;
mod buffered;
mod channel;
mod conclusion;
mod density;
mod distance;
mod events;
mod expectation;
mod extremes;
mod failure;
mod fault;
mod filed;
mod groups;
mod inside;
mod instance;
mod judgement;
mod label;
mod lack;
mod lateness;
mod lost_lines;
mod marks;
mod near;
mod never;
mod number;
mod order;
mod pairing;
mod reach;
mod ready;
mod relation;
mod selection;
mod shape;
mod shift;
mod spans;
mod statistics;
mod timeline;
mod times;
mod transcript;
mod trial;
mod truth;
mod values;
mod variables;

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod late_traces;
#[cfg(test)]
mod listing_three;
#[cfg(test)]
mod naive;
#[cfg(test)]
mod tests;

pub use channel::Channel;
pub use conclusion::{Conclusion, ConclusionReason, TrialOutcome, conclude};
pub use events::{Event, Events, Index};
pub use failure::{Doubt, Excuse, Failure, Fault};
pub use fault::{
    CaptureName, Elapsed, EventFault, NearMiss, OrderFault, SpanFault, SpanNumber, StepName,
    TimeFault, ValueFault, WorldFault,
};
pub use instance::Instance;
pub use judgement::{Judgement, Reason};
pub use lack::{Lack, Requirement};
pub use statistics::{bound_of_none, wilson};
pub use trial::judge;
