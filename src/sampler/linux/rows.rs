//! What was seen of a process, written as its probe would.

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use crate::probe_trace::{Event, Timed};

/// The rows of one process.
pub(super) struct Rows {
    file: BufWriter<File>,
    answer: PathBuf,
}

impl Rows {
    /// `None` if a probe within the process writes its own, or if they cannot be written.
    pub(super) fn create(folder: &Path, process: u32) -> Option<Rows> {
        let file = File::create_new(folder.join(format!("{process}.ndjson"))).ok()?;
        Some(Rows {
            file: BufWriter::new(file),
            answer: folder.join(format!("answered-{process}")),
        })
    }

    /// Adds a row. One that cannot be written is missing, as where a program is killed with its probe.
    pub(super) fn write(&mut self, ns: u64, event: Event) {
        let row = Timed { t: ns, event };
        if serde_json::to_writer(&mut self.file, &row).is_ok() {
            let _ = self.file.write_all(b"\n");
        }
    }

    /// Says that all that was asked has been told.
    pub(super) fn answered(&mut self) {
        let _ = self.file.flush();
        let _ = fs::write(&self.answer, "");
    }
}
