//! The only place that starts anything.
//!
//! [`tool`] runs a compiler or a version probe to its end. A program under observation goes through the
//! [`Supervisor`] instead: a process of our own that stands between us and it, so that nothing the
//! program does or leaves behind can outlive its trial.

mod affinity;
pub mod burners;
mod command;
pub mod descriptors;
mod family;
mod heap;
mod message;
mod pauses;
mod program;
mod resources;
mod retry;
mod sandbox;
mod shim;
mod stop;
pub mod supervisor;
mod sys;
mod tool;
mod urgent;
mod waits;

pub use command::{Command, quoted};
pub use heap::give_back_what_is_freed;
pub use message::{Heard, Measured, Notice, Request, Status};
pub use program::{Outlets, Running, StartError, Supervisor};
pub use resources::Resources;
pub use sandbox::{SandboxRule, SandboxRules};
pub use stop::{Stop, Urgency};
pub use tool::{ToolError, ToolOutput, tool, tool_unless};
pub use urgent::Urgent;
pub use waits::Waited;

pub(crate) use retry::{is_shortage, retry};
