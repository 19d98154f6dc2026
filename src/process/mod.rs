//! The only place that starts anything.
//!
//! [`tool`] runs a compiler or a version probe to its end, and a program under observation is watched as it runs. Both go
//! through a [`Supervisor`]: a process of our own that stands between us and them, so that nothing that they do or leave
//! behind can outlive them, or us.
//!
//! How that is done is up to the system. `linux` does it; `elsewhere` stands for systems where nothing does yet, and
//! refuses. Both offer what is imported from `here`.

mod command;
pub mod descriptors;
#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;
mod message;
mod resources;
mod retry;
mod sandbox;
mod socket_holder;
mod stop;
mod supervisor;
mod tool;
mod tool_process;
mod waits;

#[cfg(not(target_os = "linux"))]
use elsewhere as here;
#[cfg(target_os = "linux")]
use linux as here;

pub use command::{Command, quoted};
use here::can_supervise;
pub use here::{Burners, ProgramSockets, Running, main_if_asked};
pub use message::{Heard, Measured, Notice, Request, Status};
pub use resources::{Ceilings, Resources};
pub use sandbox::{SandboxRule, SandboxRules};
pub use socket_holder::SocketHolder;
pub use stop::{Stop, Urgency};
pub use supervisor::{Outlets, StartError, Supervisor};
pub use tool::{ToolError, ToolOutput, tool};
pub use waits::Waited;

pub(crate) use retry::{is_shortage, retry};
