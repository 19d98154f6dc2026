//! Systems without stamped capture.

use std::io;

use super::piped::Reader;
use crate::clock::Clock;
use crate::process::Outlets;

/// Refuses.
///
/// # Errors
/// Always.
pub(super) fn sockets(_clock: Clock) -> io::Result<(Reader, Outlets)> {
    let system = std::env::consts::OS;
    Err(io::Error::new(
        io::ErrorKind::Unsupported,
        format!("there is no stamped capture on {system} yet; use `--capture piped`"),
    ))
}
