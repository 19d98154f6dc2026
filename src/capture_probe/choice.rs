//! Which way of capture was chosen, and where that is remembered.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::model::trace::Capture;
use crate::replace_file::replace_file_unsynced;

/// The way that was chosen, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The way.
    pub way: Capture,
    /// Why: the rest of a sentence that names it.
    pub reason: String,
}

impl Choice {
    /// What the command line or a case file asks for.
    #[must_use]
    pub fn asked_for(way: Capture) -> Choice {
        Choice {
            way,
            reason: "as asked for".into(),
        }
    }

    pub(super) fn stamped(reason: &str) -> Choice {
        Choice {
            way: Capture::Stamped,
            reason: reason.into(),
        }
    }

    pub(super) fn piped(reason: String) -> Choice {
        Choice {
            way: Capture::Piped,
            reason,
        }
    }

    /// What [`Choice::remember`] wrote.
    pub(super) fn remembered(file: &Path) -> Option<Choice> {
        serde_json::from_slice(&fs::read(file).ok()?).ok()
    }

    /// Writes it to a file. If that fails, the probe is only repeated the next time.
    pub(super) fn remember(&self, file: &Path) {
        let Some(folder) = file.parent() else { return };
        if fs::create_dir_all(folder).is_ok() {
            let _ = replace_file_unsynced(file, |out| Ok(serde_json::to_writer(out, self)?));
        }
    }
}
