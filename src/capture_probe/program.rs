//! The program of this host's capture probe: `repro` itself does to its output what programs do, and checks that it
//! does not notice.

use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::io::{self, Write};

use rustix::io::write;
use rustix::net::SocketType;
use rustix::net::sockopt::socket_type;
use rustix::stdio::{stderr, stdout};

/// The bytes of the one long line.
pub(super) const LONG: usize = 1 << 20;

/// The first argument that makes `repro` the program that is probed.
pub(super) const ENTRY: &str = "__capture-probe";

/// Becomes the program of the capture probe and never returns, if this process was started as it.
pub fn main_if_asked() {
    if std::env::args_os().nth(1).as_deref() != Some(OsStr::new(ENTRY)) {
        return;
    }
    let done = run();
    if let Err(error) = &done {
        eprintln!("{error}");
    }
    std::process::exit(i32::from(done.is_err()));
}

fn run() -> io::Result<()> {
    say(stdout(), b"one\n")?;
    if let Ok(kind) = socket_type(stdout())
        && kind != SocketType::STREAM
    {
        return Err(io::Error::other("its output shows itself as packets"));
    }
    say(stderr(), b"two\n")?;
    OpenOptions::new()
        .write(true)
        .open("/dev/stdout")?
        .write_all(b"three\n")?;
    let mut long = vec![b'x'; LONG];
    long.push(b'\n');
    say(stdout(), &long)?;
    say(stderr(), b"four\n")
}

/// Writes by one system call.
fn say(to: impl std::os::fd::AsFd, bytes: &[u8]) -> io::Result<()> {
    if write(to, bytes)? == bytes.len() {
        Ok(())
    } else {
        Err(io::Error::other("a long write came back short"))
    }
}
