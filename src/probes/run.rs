//! What is to be observed.

use std::time::Duration;

use crate::clock::Clock;
use crate::model::trace::Capture;
use crate::process::{Command, Stop};

/// A command to observe.
#[derive(Debug, Clone)]
pub struct ProbedRun {
    /// The command, in its folder and environment.
    pub command: Command,
    /// How long it may run before it is sent SIGINT.
    pub lasting: Option<Duration>,
    /// How its output is captured.
    pub capture: Capture,
    /// What stamps and waits.
    pub clock: Clock,
    /// Whether the user wants it to end.
    pub wish: Stop,
}
