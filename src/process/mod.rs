//! The only place that starts anything.
//!
//! [`tool`] runs a compiler or a version probe to its end, and a program under observation is watched as it runs. Both go
//! through a [`Supervisor`]: a process of our own that stands between us and them, so that nothing that they do or leave
//! behind can outlive them, or us.
//!
//! How that is done is up to the backend. `linux` does all that Linux can. `portable` does with what every Unix has; on
//! Linux it can be chosen too. What the system itself adds is imported from `here`: `elsewhere` adds nothing, but on
//! macOS how long programs waited for a processor.

#[cfg(target_vendor = "apple")]
mod apple;
mod backend;
mod burners;
mod command;
mod cpu_time;
pub mod descriptors;
#[cfg(not(target_os = "linux"))]
mod elsewhere;
mod entry;
#[cfg(target_os = "linux")]
mod linux;
mod looks;
mod message;
mod own_children;
mod pauses;
mod portable;
mod resources;
mod retry;
mod running;
mod sandbox;
mod socket_holder;
mod start;
mod stop;
mod supervisor;
mod tool;
mod tool_process;
mod waits;

#[cfg(not(target_os = "linux"))]
use elsewhere as here;
#[cfg(target_os = "linux")]
use linux as here;
#[cfg(target_os = "linux")]
use linux as native;
#[cfg(not(target_os = "linux"))]
use portable as native;

pub use backend::{backend, can_limit_cpus, choose_backend};
pub use burners::Burners;
pub use command::{Command, quoted};
use entry::can_supervise;
pub use entry::main_if_asked;
pub use here::ProgramSockets;
pub use message::{Heard, Measured, Notice, Request, Status};
pub use resources::{Ceilings, Resources};
pub use running::Running;
pub use sandbox::{SandboxRule, SandboxRules};
pub use socket_holder::SocketHolder;
pub use stop::{Stop, Urgency};
pub use supervisor::{Outlets, StartError, Supervisor};
pub use tool::{ToolError, ToolOutput, tool};
pub use waits::Waited;

pub(crate) use retry::{is_shortage, retry};
