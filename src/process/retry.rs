//! What a machine refuses for a moment only: it is short of descriptors or processes, or a program is still open to be
//! written.

use std::io;
use std::time::Duration;

use rustix::io::Errno;

use crate::clock::Clock;

const ATTEMPTS: u32 = 40;
const PAUSE: Duration = Duration::from_millis(50);

/// Tries again, for two seconds at most, while the machine lacks what other processes will give back.
///
/// Among that is a file just written: whatever another thread starts meanwhile has it open too, until it becomes another
/// program, and as long as one has it open the kernel lets nobody run it (`ETXTBSY`).
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
    // One with words of ours has lost its number and kept its kind.
    let kinds = [io::ErrorKind::WouldBlock, io::ErrorKind::OutOfMemory];
    Errno::from_io_error(error).map_or(kinds.contains(&error.kind()), |errno| {
        lacking.contains(&errno)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortage_is_waited_out_and_another_error_is_not() {
        let mut left = 2;
        let done = retry(Clock::Real, || {
            left -= 1;
            if left > 0 {
                Err(Errno::MFILE.into())
            } else {
                Ok(left)
            }
        });
        assert_eq!(done.unwrap(), 0);

        let mut calls = 0;
        let failed: io::Result<()> = retry(Clock::Real, || {
            calls += 1;
            Err(Errno::ACCESS.into())
        });
        assert!(failed.is_err());
        assert_eq!(calls, 1);

        let again: io::Error = Errno::AGAIN.into();
        assert!(is_shortage(&io::Error::new(again.kind(), "no thread")));
        assert!(!is_shortage(&io::Error::other("no thread")));
    }
}
