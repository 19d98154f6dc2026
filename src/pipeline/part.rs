//! Which part of a divided run something is.

use crate::model::report::Report;
use crate::model::shard::{Manifest, Shard};

/// Which part of a divided run something is.
#[derive(Debug, Clone)]
pub struct Part {
    /// The part.
    pub shard: Shard,
    /// What all parts have in common.
    pub manifest: Manifest,
}

impl Part {
    /// The report of this part.
    #[must_use]
    pub fn mark(self, report: Report) -> Report {
        Report {
            shard: Some(self.shard.to_string()),
            manifest: Some(self.manifest),
            ..report
        }
    }
}
