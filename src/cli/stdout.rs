//! Writing to stdout, and what happens if that fails.

use std::io::{self, BufWriter, Write};

use super::failure::Failure;

/// Writes to stdout.
///
/// # Errors
/// If stdout cannot be written, other than because its reader closed it.
pub fn print(content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    checked(content(&mut out).and_then(|()| out.flush()))
}

/// What came of writing to stdout: a reader that closed it has seen enough, and that is no failure.
///
/// # Errors
/// If stdout could not be written for another reason.
pub fn checked(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::environment(
            format_args!("cannot write to stdout: {error}"),
        )),
        _ => Ok(()),
    }
}
