//! What a program may take, as it is typed.

use std::time::Duration;

use clap::Args;

use super::args::longer_than_zero;
use crate::model::allowance::Allowance;
use crate::spec::size;

/// The limits that are not times of a trial. A case has keys of the same names, and its word counts where there is no flag.
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
