//! A run that is divided over several machines: which part one of them does, and what all of them have in common.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::host::Host;

/// The most parts of a run.
const MOST: u32 = 10_000;

/// One part of a run: `3/16` is the third of sixteen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shard {
    /// Counted from 1.
    pub index: u32,
    /// How many parts there are.
    pub total: u32,
}

impl Shard {
    /// Part `index` of `total`, counted from 1.
    ///
    /// # Errors
    /// There is no such part: the sentence says why.
    pub fn new(index: u32, total: u32) -> Result<Shard, String> {
        if !(1..=MOST).contains(&total) {
            return Err(format!("a run has 1 to {MOST} shards, not {total}"));
        }
        if !(1..=total).contains(&index) {
            return Err(format!(
                "there is no shard {index} of {total}: shards are counted from 1"
            ));
        }
        Ok(Shard { index, total })
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Shard, String> {
        let numbers = text.split_once('/');
        let numbers = numbers.and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
        let (index, total) =
            numbers.ok_or_else(|| format!("`{text}` is no shard: write K/N, as in `3/16`"))?;
        Shard::new(index, total)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.total)
    }
}

/// What all shards of one run have in common: each report of a shard holds the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Manifest {
    /// `run`, or `judge` for kept traces.
    pub command: String,
    /// The flags that decide what is found, with their values; those that were not given are left out.
    pub options: IndexMap<String, String>,
    /// The SHA-256 of each case with all its files, by name.
    pub suite: IndexMap<String, String>,
    /// Every row of the whole report, in its order.
    pub rows: Vec<ManifestRow>,
}

/// One row of the whole report, and who finds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ManifestRow {
    /// `fixed-pool/python/listing`.
    pub program: String,
    /// `python cpython 3.13.0`; `None` where no toolchain was found.
    pub toolchain: Option<String>,
    /// How many trials each shard runs, by its index; 0 where trials are not counted or there is nothing to run.
    pub trials: BTreeMap<u32, u64>,
}

impl fmt::Display for ManifestRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let toolchain = self.toolchain.as_deref().unwrap_or("no toolchain");
        write!(f, "{} on {toolchain}", self.program)
    }
}

/// A report that was merged into another.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct MergedShard {
    /// `3/16`.
    pub shard: String,
    /// Its machine.
    pub host: Host,
    /// The wall-clock time of its start, RFC 3339 in UTC.
    pub started: String,
    /// The whole of it, milliseconds on its machine's monotonic clock.
    pub elapsed_ms: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shard_is_read_as_it_is_written_and_no_other() {
        for text in ["1/1", "3/16", "10000/10000"] {
            assert_eq!(text.parse::<Shard>().unwrap().to_string(), text);
        }
        for text in [
            "", "3", "3/", "0/4", "5/4", "-1/4", "1/0", "1/10001", "a/b", "1/2/3",
        ] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
