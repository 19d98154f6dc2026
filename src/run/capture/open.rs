//! Opens a way of capture by its name.

use std::io;

use super::source::Source;
use super::{here, piped};
use crate::clock::Clock;
use crate::model::trace::Capture;
use crate::process::Outlets;

/// Opens a way: where the output comes out, and what the program writes to.
pub(in crate::run) fn open(way: Capture, clock: Clock) -> io::Result<(Box<dyn Source>, Outlets)> {
    Ok(match way {
        Capture::Piped => {
            let (reader, outlets) = piped::pipes(clock)?;
            (Box::new(reader), outlets)
        }
        Capture::Stamped => {
            let (receiver, outlets) = here::sockets(clock)?;
            (Box::new(receiver), outlets)
        }
    })
}
