//! Whether the programs of a toolchain bear to be captured by stamped sockets: tried before anything is judged.
//!
//! A host may refuse the shim, and a runtime may do to its output what no shim foresaw. So a small program is run that
//! prints, reopens its stdout by name and writes much at once; all of it must arrive, in order.

mod check;
mod choice;
mod probes;
mod program;

pub use check::on_this_host;
pub use choice::Choice;
pub use probes::CaptureProbes;
pub use program::main_if_asked;
