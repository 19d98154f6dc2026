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
    /// By how much the events violate it, nanoseconds: so late must the machine have been for a right program to look
    /// like this. `None` where lateness excuses nothing.
    pub by_ns: Option<u64>,
    /// Why it is not certain. Without a doubt the expectation is violated; with one it cannot be told.
    pub doubt: Option<Doubt>,
    /// A line that nearly is an event of the expectation which never occurred.
    pub near_miss: Option<NearMiss>,
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
}

/// Why a failure is not certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The intervals of events overlap, so that it may be otherwise.
    Stamps,
    /// The program was ended by us, and may have held lines that it never wrote.
    LostLines,
    /// In this trial a right program could have looked the same.
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
