//! The limits of a case or a program other than time; the keys are named like the flags.

use super::duration::shortened;
use super::reader::{Flaw, Table, Value};
use super::values::{parsed, positive_time, whole_number};
use crate::model::allowance::Allowance;

/// The fewest descriptors that a program can be held to: an interpreter needs some to start.
const FEWEST_OPEN_FILES: i64 = 16;
/// The most that can be said; no kernel gives as many.
const MOST_OPEN_FILES: i64 = 1 << 30;

const EXAMPLE: &str = "write a size in bytes above 0, such as `4096`, `64K`, `16M` or `1G`";

/// Takes the limits from the table of a case or of a program.
pub(crate) fn allowance_of(table: &mut Table<'_>) -> Allowance {
    let sizes = ["max-output", "max-line", "max-file"];
    let [output_bytes, line_bytes, file_bytes] = sizes.map(|key| table.take(key).and_then(size_of));
    Allowance {
        output_bytes,
        line_bytes,
        file_bytes,
        open_files: table.take("max-open-files").and_then(|value| {
            let wanted = "a whole number such as `max-open-files = 64`";
            let range = FEWEST_OPEN_FILES..=MOST_OPEN_FILES;
            whole_number(value, wanted, "number of open files", range)
        }),
        build: table.take("build-timeout").and_then(positive_time),
    }
}

fn size_of(value: Value<'_>) -> Option<u64> {
    parsed(value, "a size such as `\"64K\"` or `\"16M\"`", |text| {
        size(text).ok_or_else(|| {
            let message = format!("`{}` is no size", shortened(text));
            Flaw::new(0..text.len(), message, "no size", EXAMPLE)
        })
    })
}

/// `4096`, `64K`, `16M` or `1G`, in powers of 1024.
fn size(text: &str) -> Option<u64> {
    let units = [("K", 10), ("M", 20), ("G", 30)];
    let unit = units
        .iter()
        .find_map(|(unit, power)| Some((text.strip_suffix(unit)?, *power)));
    let (number, power) = unit.unwrap_or((text, 0));
    // Stricter than the parser of numbers, which knows a sign.
    let number = Some(number).filter(|text| text.bytes().all(|b| b.is_ascii_digit()))?;
    let bytes = number.parse::<u64>().ok()?.checked_mul(1 << power)?;
    // An exabyte is no limit, and its bounds would not fit the kernel's own.
    (1..1 << 60).contains(&bytes).then_some(bytes)
}

/// Reads a size as options spell it: as case files do.
///
/// # Errors
/// A sentence that says what would be right.
pub(super) fn size_in_words(text: &str) -> Result<u64, String> {
    size(text).ok_or_else(|| EXAMPLE.into())
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
            assert_eq!(size(text), Some(bytes));
        }
        for text in [
            "",
            "0",
            "0K",
            "K",
            "-1",
            "+1",
            "1.5M",
            "1T",
            "1 K",
            "1k",
            "99999999999999999999",
            "17179869184G",
        ] {
            assert_eq!(size(text), None, "{text}");
        }
    }
}
