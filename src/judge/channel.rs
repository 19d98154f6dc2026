//! Where events are seen.

use crate::model::trace::Stream;

/// Where an event was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Channel {
    /// Written to this stream.
    Output(Stream),
    /// Seen by the stand-in.
    StandIn,
    /// The spawn or the exit of the program.
    Supervisor,
}

impl Channel {
    /// As an index: less than four.
    #[must_use]
    pub fn place(self) -> usize {
        match self {
            Channel::Output(Stream::Stdout) => 0,
            Channel::Output(Stream::Stderr) => 1,
            Channel::StandIn => 2,
            Channel::Supervisor => 3,
        }
    }

    /// As messages name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Channel::Output(stream) => stream.name(),
            Channel::StandIn => "stand-in",
            Channel::Supervisor => "supervisor",
        }
    }
}
