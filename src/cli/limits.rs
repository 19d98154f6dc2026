//! The limits of a program as they are typed.

use std::time::Duration;

use clap::Args;

use crate::model::allowance::Allowance;
use crate::spec::{size, time};

/// The limits other than the times of a trial. A case has keys of the same names, which count where there is no flag.
#[derive(Debug, Clone, Copy, Args)]
pub struct LimitArgs {
    /// Kill a program that writes more than this to its stdout and stderr together: verdict output-limit [default: the
    /// case's own, else 16M]
    #[arg(long, value_name = "SIZE", value_parser = size, help_heading = "Limits")]
    max_output: Option<u64>,
    /// Keep this much of one line of output, and mark it as cut [default: the case's own, else 64K]
    #[arg(long, value_name = "SIZE", value_parser = size, help_heading = "Limits")]
    max_line: Option<u64>,
    /// Let no file that a program writes grow larger than this: SIGXFSZ ends it [default: the case's own, else 1G]
    #[arg(long, value_name = "SIZE", value_parser = size, help_heading = "Limits")]
    max_file: Option<u64>,
    /// Let a program hold this many descriptors at most [default: the case's own, else 16384]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(16..), help_heading = "Limits")]
    max_open_files: Option<u64>,
    /// End a compiler after this long: verdict build-error [default: the case's own, else 600s]
    #[arg(long, value_name = "TIME", value_parser = longer_than_zero, help_heading = "Limits")]
    build_timeout: Option<Duration>,
}

impl LimitArgs {
    /// What was typed.
    #[must_use]
    pub fn allowance(&self) -> Allowance {
        Allowance {
            output_bytes: self.max_output,
            line_bytes: self.max_line,
            file_bytes: self.max_file,
            open_files: self.max_open_files,
            build: self.build_timeout,
        }
    }
}

/// A duration such as `500ms` or `1m30s`, longer than zero.
pub(super) fn longer_than_zero(text: &str) -> Result<Duration, String> {
    match time(text)? {
        Duration::ZERO => Err("it must be longer than zero, such as `500ms` or `30s`".into()),
        time => Ok(time),
    }
}
