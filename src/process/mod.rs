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
mod patience;
mod pauses;
mod program;
mod resources;
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
pub use message::{Heard, Notice, Request, Status};
pub use program::{Outlets, Running, StartError, Supervisor};
pub use resources::Resources;
pub use sandbox::{Wall, Walls};
pub use stop::{Stop, Urgency};
pub use tool::{ToolError, ToolOutput, tool, tool_unless};
pub use urgent::Urgent;
pub use waits::Waited;

pub(crate) use patience::{is_shortage, patiently};
