//! Opens a way of capture by its name.

use std::io;

use super::source::Source;
use super::{here, piped};
use crate::clock::Clock;
use crate::model::backend::Backend;
use crate::model::trace::Capture;
use crate::process::Outlets;

/// Opens a way: where the output comes out, and what the program writes to.
pub(in crate::run) fn open(
    way: Capture,
    backend: Backend,
    clock: Clock,
) -> io::Result<(Box<dyn Source>, Outlets)> {
    Ok(match (way, backend) {
        (Capture::Piped, _) => {
            let (reader, outlets) = piped::pipes(clock)?;
            (Box::new(reader), outlets)
        }
        (Capture::Stamped, Backend::Linux) => {
            let (receiver, outlets) = here::sockets(clock)?;
            (Box::new(receiver), outlets)
        }
        (Capture::Stamped, Backend::Portable) => {
            let why = "the portable backend has no stamped capture; use `--capture piped`";
            return Err(io::Error::new(io::ErrorKind::Unsupported, why));
        }
    })
}
