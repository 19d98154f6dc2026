//! Programs that no probe can be loaded into, seen from outside: where each of their threads is, some hundred times a second.
//!
//! A thread that sleeps is not touched: its stack is read from its memory. One that runs is stopped for an instant. What was
//! seen is written as rows, as any probe writes them.

#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
mod elsewhere;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod linux;
mod watched;

#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
pub use elsewhere::watch;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub use linux::watch;
pub use watched::Watch;
