//! Signals by number: cases, traces and reports have Linux's, and each system has its own.

use crate::model::signal::signal_name;

/// By Linux's number, this system's.
const NUMBERS: [(i32, i32); 23] = [
    (1, libc::SIGHUP),
    (2, libc::SIGINT),
    (3, libc::SIGQUIT),
    (4, libc::SIGILL),
    (5, libc::SIGTRAP),
    (6, libc::SIGABRT),
    (7, libc::SIGBUS),
    (8, libc::SIGFPE),
    (9, libc::SIGKILL),
    (10, libc::SIGUSR1),
    (11, libc::SIGSEGV),
    (12, libc::SIGUSR2),
    (13, libc::SIGPIPE),
    (14, libc::SIGALRM),
    (15, libc::SIGTERM),
    (17, libc::SIGCHLD),
    (18, libc::SIGCONT),
    (19, libc::SIGSTOP),
    (20, libc::SIGTSTP),
    (24, libc::SIGXCPU),
    (25, libc::SIGXFSZ),
    (28, libc::SIGWINCH),
    (31, libc::SIGSYS),
];

/// The number that this system has for a signal; an error's text if it has none.
pub(super) fn ours(number: i32) -> Option<i32> {
    let found = NUMBERS.iter().find(|(theirs, _)| *theirs == number);
    found.map(|(_, ours)| *ours)
}

/// Linux's number for a signal of this system; one that Linux does not have keeps its own, above all of Linux's names.
pub(super) fn theirs(number: i32) -> i32 {
    let found = NUMBERS.iter().find(|(_, ours)| *ours == number);
    found.map_or_else(|| unnamed(number), |(theirs, _)| *theirs)
}

/// A number that no name belongs to.
fn unnamed(number: i32) -> i32 {
    match signal_name(number).starts_with("SIG") {
        true => number + 64,
        false => number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::signal::SIGNALS;

    #[test]
    fn every_signal_of_a_case_but_one_is_known_everywhere() {
        for (number, name) in SIGNALS {
            assert_eq!(ours(number).is_some(), name != "SIGPWR", "{name}");
            assert!(ours(number).is_none_or(|ours| theirs(ours) == number));
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn on_linux_each_keeps_its_number() {
        for (number, _) in SIGNALS {
            assert!(ours(number).is_none_or(|ours| ours == number));
        }
        assert_eq!((theirs(64), theirs(29)), (64, 29));
    }
}
