//! Which file limits a program hit: how large they are, who set them, and how to raise them.

use crate::model::allowance::Allowance;
use crate::model::report::{ExitRow, Trial};
use crate::model::verdict::Verdict;
use crate::process::Resources;

/// A limit that the kernel enforces by refusing a call: only the program sees that, and its output may mention it.
struct Limit {
    /// Its key and, after two dashes, its flag.
    name: &'static str,
    of: fn(&Allowance) -> Option<u64>,
    default: fn(Resources) -> u64,
    written: fn(u64) -> String,
    /// The signal that the program also gets, unless it ignores it.
    signal: Option<&'static str>,
    /// The system's message for the refusal and its symbolic name, in lower case.
    refusals: [&'static str; 2],
}

const LIMITS: [Limit; 2] = [
    Limit {
        name: "max-file",
        of: |allowance| allowance.file_bytes,
        default: |resources| resources.file_bytes,
        written: size,
        signal: Some("SIGXFSZ"),
        refusals: ["file too large", "efbig"],
    },
    Limit {
        name: "max-open-files",
        of: |allowance| allowance.open_files,
        default: |resources| resources.open_files,
        written: |number| number.to_string(),
        signal: None,
        refusals: ["too many open files", "emfile"],
    },
];

/// The limits that the command line, the program and its case state; the first counts.
pub type Stated = [Allowance; 3];

/// `reason`, with each limit that a failed trial hit, according to its signal or its output.
#[must_use]
pub fn explain(reason: String, trials: &[Trial], stated: &Stated) -> String {
    let failed = || trials.iter().filter(|trial| trial.verdict != Verdict::Pass);
    let hit = LIMITS
        .iter()
        .filter(|limit| failed().any(|trial| limit.is_hit_in(trial)));
    hit.fold(reason, |reason, limit| {
        format!("{reason}; {}", limit.told(stated))
    })
}

impl Limit {
    fn is_hit_in(&self, trial: &Trial) -> bool {
        let by_signal = |name: &str| trial.exit == ExitRow::Signal(name.into());
        let said = |text: &str| {
            let text = text.to_ascii_lowercase();
            // The system-wide file table is a different limit.
            !text.contains("in system") && self.refusals.iter().any(|words| text.contains(words))
        };
        let mut output = trial.events.iter().filter(|event| event.source == "output");
        self.signal.is_some_and(by_signal) || output.any(|event| said(&event.text))
    }

    fn told(&self, stated: &Stated) -> String {
        let name = self.name;
        let there = format!("a larger `{name}` there, or `--{name}`, raises it");
        let by = [
            ("the command line", format!("a larger `--{name}` raises it")),
            ("the program's own key", there.clone()),
            ("the case's key", there),
        ];
        let stated = stated.iter().zip(by);
        let mut stated = stated.filter_map(|(all, (by, cure))| Some(((self.of)(all)?, by, cure)));
        let default = || {
            let cure = format!("`{name}` in the case, or `--{name}`, raises it");
            ((self.default)(Resources::default()), "default", cure)
        };
        let (most, by, cure) = stated.next().unwrap_or_else(default);
        format!("its {name} is {} by {by}: {cure}", (self.written)(most))
    }
}

/// A size as keys and flags spell it: in the largest unit that divides it.
fn size(bytes: u64) -> String {
    let units = [("G", 30), ("M", 20), ("K", 10)];
    let whole = units
        .iter()
        .find(|(_, power)| bytes.is_multiple_of(1 << power));
    whole.map_or_else(
        || bytes.to_string(),
        |(unit, power)| format!("{}{unit}", bytes >> power),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_told_as_it_is_typed() {
        for (bytes, text) in [
            (1 << 30, "1G"),
            (3 << 20, "3M"),
            (4096, "4K"),
            (5000, "5000"),
        ] {
            assert_eq!(size(bytes), text);
        }
    }

    #[test]
    fn a_limit_says_who_set_it_and_how_to_raise_it() {
        let nothing = Allowance::default();
        let some = |number| Allowance {
            open_files: Some(number),
            ..nothing
        };
        let told = |by_flag, of_program, of_case| LIMITS[1].told(&[by_flag, of_program, of_case]);
        let cure = "a larger `max-open-files` there, or `--max-open-files`, raises it";
        for (found, expected) in [
            (
                told(some(20), some(30), some(40)),
                "20 by the command line: a larger `--max-open-files` raises it".to_owned(),
            ),
            (
                told(nothing, some(30), some(40)),
                format!("30 by the program's own key: {cure}"),
            ),
            (
                told(nothing, nothing, some(40)),
                format!("40 by the case's key: {cure}"),
            ),
            (
                told(nothing, nothing, nothing),
                "16384 by default: `max-open-files` in the case, or `--max-open-files`, raises it"
                    .into(),
            ),
        ] {
            assert_eq!(found, format!("its max-open-files is {expected}"));
        }
    }
}
