//! What a machine refuses only for a moment: it is short of descriptors or processes, or the program's file is still open
//! for writing.

use std::io;
use std::time::Duration;

use rustix::io::Errno;

use crate::clock::Clock;

const ATTEMPTS: u32 = 40;
const PAUSE: Duration = Duration::from_millis(50);

/// Tries again, for two seconds at most, while the machine lacks what other processes will give back.
///
/// A file that was just written is such a case (`ETXTBSY`). A child that another thread forks meanwhile holds it open
/// until its own exec, and the kernel lets nobody run a file that is open for writing.
pub(crate) fn retry<T>(clock: Clock, mut start: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    for _ in 1..ATTEMPTS {
        match start() {
            Err(error) if is_shortage(&error) => clock.sleep(PAUSE),
            done => return done,
        }
    }
    start()
}

/// Whether the machine lacks what may be given back.
pub(crate) fn is_shortage(error: &io::Error) -> bool {
    let lacking = [
        Errno::MFILE,
        Errno::NFILE,
        Errno::AGAIN,
        Errno::NOMEM,
        Errno::TXTBSY,
    ];
    // An error with words of ours has lost its number and kept its kind.
    let kinds = [io::ErrorKind::WouldBlock, io::ErrorKind::OutOfMemory];
    Errno::from_io_error(error).map_or(kinds.contains(&error.kind()), |errno| {
        lacking.contains(&errno)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Stamp;

    #[test]
    fn a_shortage_is_waited_out_and_another_error_is_not() {
        let clock = Clock::manual();
        let mut left = 2;
        let done = retry(clock, || {
            left -= 1;
            if left > 0 {
                Err(Errno::MFILE.into())
            } else {
                Ok(left)
            }
        });
        assert_eq!(done.unwrap(), 0);
        assert_eq!(clock.now().since(Stamp { ns: 0 }), PAUSE);

        let mut calls = 0;
        let failed: io::Result<()> = retry(clock, || {
            calls += 1;
            Err(Errno::ACCESS.into())
        });
        assert!(failed.is_err());
        assert_eq!(calls, 1);
        let given_up: io::Result<()> = retry(clock, || Err(Errno::NOMEM.into()));
        assert!(given_up.is_err());
        assert_eq!(clock.now().since(Stamp { ns: 0 }), PAUSE * ATTEMPTS);

        let again: io::Error = Errno::AGAIN.into();
        assert!(is_shortage(&io::Error::new(again.kind(), "no thread")));
        assert!(!is_shortage(&io::Error::other("no thread")));
    }
}
