//! Signals by name.

const NAMES: [(i32, &str); 21] = [
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
    (19, "SIGSTOP"),
    (24, "SIGXCPU"),
    (25, "SIGXFSZ"),
    (30, "SIGPWR"),
    (31, "SIGSYS"),
];

/// `SIGSEGV` for 11, by Linux's numbers; `signal 64` where there is no name.
#[must_use]
pub fn signal_name(number: i32) -> String {
    let known = NAMES.iter().find(|(n, _)| *n == number);
    known.map_or_else(
        || format!("signal {number}"),
        |(_, name)| (*name).to_string(),
    )
}

/// 11 for `SIGSEGV`.
#[must_use]
pub fn signal_number(name: &str) -> Option<i32> {
    NAMES
        .iter()
        .find(|(_, n)| *n == name)
        .map(|(number, _)| *number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_agree() {
        for (number, name) in NAMES {
            assert_eq!(signal_name(number), name);
            assert_eq!(signal_number(name), Some(number));
        }
        assert_eq!(signal_name(64), "signal 64");
        assert_eq!(signal_number("SIGNOPE"), None);
    }
}
