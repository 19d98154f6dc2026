//! Signals by name.

/// Those that programs meet, by Linux's numbers.
pub const SIGNALS: [(i32, &str); 24] = [
    (1, "SIGHUP"),
    (2, "SIGINT"),
    (3, "SIGQUIT"),
    (4, "SIGILL"),
    (5, "SIGTRAP"),
    (6, "SIGABRT"),
    (7, "SIGBUS"),
    (8, "SIGFPE"),
    (9, "SIGKILL"),
    (10, "SIGUSR1"),
    (11, "SIGSEGV"),
    (12, "SIGUSR2"),
    (13, "SIGPIPE"),
    (14, "SIGALRM"),
    (15, "SIGTERM"),
    (17, "SIGCHLD"),
    (18, "SIGCONT"),
    (19, "SIGSTOP"),
    (20, "SIGTSTP"),
    (24, "SIGXCPU"),
    (25, "SIGXFSZ"),
    (28, "SIGWINCH"),
    (30, "SIGPWR"),
    (31, "SIGSYS"),
];

/// `SIGSEGV` for 11, by Linux's numbers; `signal 64` where there is no name.
#[must_use]
pub fn signal_name(number: i32) -> String {
    let known = SIGNALS.iter().find(|(n, _)| *n == number);
    known.map_or_else(
        || format!("signal {number}"),
        |(_, name)| (*name).to_string(),
    )
}

/// 11 for `SIGSEGV`.
#[must_use]
pub fn signal_number(name: &str) -> Option<i32> {
    SIGNALS
        .iter()
        .find(|(_, n)| *n == name)
        .map(|(number, _)| *number)
}

/// Whether `@` and this is the label of a signal's being sent.
pub(super) fn is_signal(name: &str) -> bool {
    let upper = name.to_uppercase();
    signal_number(&upper).is_some() && upper.to_lowercase() == name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_agree() {
        for (number, name) in SIGNALS {
            assert_eq!(signal_name(number), name);
            assert_eq!(signal_number(name), Some(number));
        }
        assert_eq!(signal_name(64), "signal 64");
        assert_eq!(signal_number("SIGNOPE"), None);
    }
}
