//! An answer as JSON.

use std::io::{self, Write};

use crate::model::answer::Answer;

/// Writes the answer as one indented object.
pub(super) fn write(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, answer)?;
    out.write_all(b"\n")
}
