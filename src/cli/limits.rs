//! What a program may take, as it is typed.

use std::time::Duration;

use clap::Args;

use super::args::longer_than_zero;
use crate::process::Resources;
use crate::run::Limits;

/// The limits that are not times of a trial.
#[derive(Debug, Clone, Copy, Args)]
pub struct LimitArgs {
    /// Kill a program that writes more than this to its stdout and stderr together: verdict output-limit
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "16M", help_heading = "Limits")]
    max_output: u64,
    /// Keep this much of one line of output, and mark it as cut
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "64K", help_heading = "Limits")]
    max_line: u64,
    /// Let no file that a program writes grow larger than this: SIGXFSZ ends it
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "1G", help_heading = "Limits")]
    max_file: u64,
    /// Let a program hold this many descriptors at most
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(16..), default_value = "16384", help_heading = "Limits")]
    max_open_files: u64,
    /// End a compiler after this long: verdict build-error
    #[arg(long, value_name = "TIME", value_parser = longer_than_zero, default_value = "600s", help_heading = "Limits")]
    pub build_timeout: Duration,
}

impl LimitArgs {
    /// With the default times.
    #[must_use]
    pub fn limits(&self) -> Limits {
        Limits {
            kept_bytes: self.max_output,
            line_bytes: usize::try_from(self.max_line).unwrap_or(usize::MAX),
            resources: Resources {
                file_bytes: self.max_file,
                open_files: self.max_open_files,
            },
            ..Limits::default()
        }
    }
}

/// `4096`, `64K`, `16M` or `1G`, in powers of 1024.
fn size(text: &str) -> Result<u64, String> {
    let units = [("K", 10), ("M", 20), ("G", 30)];
    let unit = units
        .iter()
        .find_map(|(unit, power)| Some((text.strip_suffix(unit)?, *power)));
    let (number, power) = unit.unwrap_or((text, 0));
    let bytes = number
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(1 << power));
    match bytes {
        // An exabyte is no limit, and its bounds would not fit the kernel's own.
        Some(bytes) if (1..1 << 60).contains(&bytes) => Ok(bytes),
        _ => Err("write a size in bytes above 0, such as `4096`, `64K`, `16M` or `1G`".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_a_number_and_a_unit() {
        for (text, bytes) in [
            ("1", 1),
            ("4096", 4096),
            ("64K", 1 << 16),
            ("16M", 1 << 24),
            ("1G", 1 << 30),
        ] {
            assert_eq!(size(text), Ok(bytes));
        }
        for text in [
            "",
            "0",
            "0K",
            "K",
            "-1",
            "1.5M",
            "1T",
            "1 K",
            "1k",
            "99999999999999999999",
            "17179869184G",
        ] {
            assert!(size(text).is_err(), "{text}");
        }
    }
}
