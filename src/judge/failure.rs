//! Why an expectation does not certainly hold: what is wrong, by how much, and what leaves that in doubt.
//!
//! No sentence is made here: `wording` makes them.

use super::fault::{
    CaptureName, EventFault, NearMiss, OrderFault, SpanFault, TimeFault, ValueFault, WorldFault,
};

/// Why an expectation is violated, or cannot be told.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// What is wrong, with the events that show it.
    pub fault: Fault,
    /// Why it is not certain. Without a doubt the expectation is violated; with one it cannot be told.
    pub doubt: Option<Doubt>,
    /// A line that nearly is an event of the expectation which never occurred.
    pub near_miss: Option<NearMiss>,
}

impl Failure {
    /// Whether delays alone leave it in doubt.
    #[must_use]
    pub fn is_excused(&self) -> bool {
        if let Fault::NoAlternative(failures) = &self.fault {
            let mut open = failures.iter().filter(|failure| failure.doubt.is_some());
            return open.all(Failure::is_excused);
        }
        matches!(self.doubt, Some(Doubt::Excused(_)))
    }
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// Of events that occur, or do not.
    Events(EventFault),
    /// Of an order.
    Order(OrderFault),
    /// Of spans.
    Spans(SpanFault),
    /// Of how long something takes.
    Time(TimeFault),
    /// Of the values of a capture.
    Values(CaptureName, ValueFault),
    /// Of what no expectation mentions, and of the exit.
    World(WorldFault),
    /// No alternative of an `any` holds.
    NoAlternative(Vec<Failure>),
    /// The expectation with this text holds, and must not.
    Holds(String),
    /// The expectation with this text holds, by the grace of a delay perhaps.
    Graced(String),
}

/// Why a failure is not certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The intervals of events overlap, so that it may be otherwise.
    Stamps,
    /// The program was ended by us, and may have held lines that it never wrote.
    LostLines,
    /// Without the delays of this trial it could be otherwise.
    Excused(Excuse),
    /// It was not decided: there were too many values, there was nothing to measure by, or an alternative is in doubt.
    Undecided,
}

/// What made, or can have made, a program late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excuse {
    /// The machine was late by so many nanoseconds.
    LateMachine(u64),
    /// Somebody had the program stopped for so many nanoseconds.
    Stopped(u64),
    /// The program waited for a processor for so many nanoseconds.
    Starved(u64),
    /// How late it was is not known.
    Unmeasured,
}

impl From<EventFault> for Fault {
    fn from(fault: EventFault) -> Fault {
        Fault::Events(fault)
    }
}

impl From<OrderFault> for Fault {
    fn from(fault: OrderFault) -> Fault {
        Fault::Order(fault)
    }
}

impl From<SpanFault> for Fault {
    fn from(fault: SpanFault) -> Fault {
        Fault::Spans(fault)
    }
}

impl From<TimeFault> for Fault {
    fn from(fault: TimeFault) -> Fault {
        Fault::Time(fault)
    }
}

impl From<WorldFault> for Fault {
    fn from(fault: WorldFault) -> Fault {
        Fault::World(fault)
    }
}
