//! Which of its limits of files a program met: how large it is, who set it, and how to raise it.

use crate::model::allowance::Allowance;
use crate::model::report::{ExitRow, Trial};
use crate::model::verdict::Verdict;
use crate::process::Resources;

/// A limit that the kernel enforces by refusing: nobody but the program sees that, and it may say so.
struct Limit {
    /// Its key and, after two dashes, its flag.
    name: &'static str,
    of: fn(&Allowance) -> Option<u64>,
    default: fn(Resources) -> u64,
    written: fn(u64) -> String,
    /// The signal that a program gets besides, if it does not ignore it.
    signal: Option<&'static str>,
    /// What the system calls the refusal, by its sentence and by its name, in small letters.
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

/// What the command line, a program and its case say of limits.
#[derive(Debug, Clone, Copy)]
pub struct Stated {
    /// By flags: this counts first.
    pub by_flag: Allowance,
    /// By the program's own keys: this counts next.
    pub of_program: Allowance,
    /// By the case's keys.
    pub of_case: Allowance,
}

/// `reason`, with each limit that a trial shows to have been met, by its signal or by what the program said.
#[must_use]
pub fn explain(reason: String, trials: &[Trial], stated: &Stated) -> String {
    let failed = || trials.iter().filter(|trial| trial.verdict != Verdict::Pass);
    let met = LIMITS
        .iter()
        .filter(|limit| failed().any(|trial| limit.is_met_in(trial)));
    met.fold(reason, |reason, limit| {
        format!("{reason}; {}", limit.told(stated))
    })
}

impl Limit {
    fn is_met_in(&self, trial: &Trial) -> bool {
        let by_signal = |name: &str| trial.exit == ExitRow::Signal(name.into());
        let said = |text: &str| {
            let text = text.to_ascii_lowercase();
            // The whole system's table of files is another one's limit.
            !text.contains("in system") && self.refusals.iter().any(|words| text.contains(words))
        };
        let mut output = trial.events.iter().filter(|event| event.source == "output");
        self.signal.is_some_and(by_signal) || output.any(|event| said(&event.text))
    }

    fn told(&self, stated: &Stated) -> String {
        let (name, of) = (self.name, self.of);
        let by = [
            (
                &stated.by_flag,
                "the command line",
                format!("a larger `--{name}` raises it"),
            ),
            (
                &stated.of_program,
                "the program's own key",
                format!("a larger `{name}` there, or `--{name}`, raises it"),
            ),
            (
                &stated.of_case,
                "the case's key",
                format!("a larger `{name}` there, or `--{name}`, raises it"),
            ),
        ];
        let mut by = by
            .into_iter()
            .filter_map(|(allowance, by, cure)| Some((of(allowance)?, by, cure)));
        let default = || {
            let cure = format!("`{name}` in the case, or `--{name}`, raises it");
            ((self.default)(Resources::default()), "default", cure)
        };
        let (most, by, cure) = by.next().unwrap_or_else(default);
        format!("its {name} is {} by {by}: {cure}", (self.written)(most))
    }
}

/// As keys and flags spell it: in the largest unit that leaves nothing over.
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
        let told = |by_flag, of_program, of_case| {
            let stated = Stated {
                by_flag,
                of_program,
                of_case,
            };
            LIMITS[1].told(&stated)
        };
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
