//! Whether the machine leaves us what any command needs: a limit is told in a sentence, before something fails for want of it.

use std::io;
use std::os::fd::OwnedFd;
use std::sync::{Mutex, PoisonError};
use std::thread;

use rustix::io::{Errno, fcntl_dupfd_cloexec};
use rustix::stdio::stderr;

use super::failure::Failure;
use crate::process::Ceilings;

/// Descriptors that a command opens beside its files: those of the runtime, of signals and of a supervisor.
const DESCRIPTORS: usize = 12;
/// Bytes of addresses that a command takes up with its threads, most of which hold nothing.
const ADDRESSES: u64 = 1 << 30;
/// Threads that a command starts beside one a processor: those that serve the runtime and watch a program.
const THREADS: usize = 4;

/// Refuses to begin where descriptors or threads cannot be had.
///
/// # Errors
/// What is short, and what raises the limit.
pub fn check() -> Result<(), Failure> {
    have_addresses()?;
    have_descriptors().map_err(|error| short("open so few files", "-n", &error))?;
    have_threads().map_err(|error| short("start so few threads", "-u", &error))
}

/// Memory that cannot be had ends a process without a word, wherever it is: the limit itself is looked at.
fn have_addresses() -> Result<(), Failure> {
    match Ceilings::ours().memory_bytes {
        Some(most) if most < ADDRESSES => Err(Failure::environment(format_args!(
            "this process may have so few addresses ({} MiB, of {} that it needs) that nothing can run: raise the limit \
             (`ulimit -v`)",
            most >> 20,
            ADDRESSES >> 20
        ))),
        _ => Ok(()),
    }
}

fn short(what: &str, option: &str, error: &io::Error) -> Failure {
    Failure::environment(format_args!(
        "this process may {what} that nothing can run ({error}): raise the limit (`ulimit {option}`), or end what uses it up"
    ))
}

fn have_descriptors() -> io::Result<()> {
    let one = || Ok(fcntl_dupfd_cloexec(stderr(), 0)?);
    let all: io::Result<Vec<OwnedFd>> = (0..DESCRIPTORS).map(|_| one()).collect();
    match all {
        // Whoever closed our stderr limits nothing by that.
        Err(error) if error.raw_os_error() == Some(Errno::BADF.raw_os_error()) => Ok(()),
        all => all.map(drop),
    }
}

fn have_threads() -> io::Result<()> {
    let threads = THREADS + thread::available_parallelism().map_or(1, usize::from);
    let all_there = Mutex::new(());
    thread::scope(|scope| {
        let _not_yet = all_there.lock().unwrap_or_else(PoisonError::into_inner);
        (0..threads).try_for_each(|_| {
            let small = thread::Builder::new().stack_size(1 << 16);
            small.spawn_scoped(scope, || drop(all_there.lock()))?;
            Ok(())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_machine_has_enough() {
        assert_eq!(check(), Ok(()));
    }
}
