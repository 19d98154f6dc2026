//! The supervisor's side: `repro`, executed again to stand between us and one program.
//!
//! It holds the program's output open for no longer than the start takes, does what it is asked over the control socket
//! (its descriptor 0), and tells when the program started and ended. The end of the socket means that we are gone: it kills
//! the program's group and leaves.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::mem::ManuallyDrop;
use std::process::Stdio;

use rustix::io::fcntl_dupfd_cloexec;
use rustix::net::SocketType;
use rustix::net::sockopt::socket_type;
use rustix::process::setsid;
use rustix::stdio::{dup2_stderr, dup2_stdin, dup2_stdout, stdin};

use super::calls;
use super::conversation::Conversation;
use super::entry::{ENTRY, ENTRY_WITH_STDIN};
use super::program::Program;
use crate::canary::Canary;
use crate::clock::Clock;
use crate::process::here::Family;
use crate::process::{Notice, Resources, is_shortage};

/// Becomes a supervisor and never returns, if `first` asks for one.
pub(in crate::process) fn supervise_if_asked(
    first: &str,
    args: &mut dyn Iterator<Item = OsString>,
    clock: Clock,
    background: fn() -> Vec<&'static str>,
) {
    if first != ENTRY && first != ENTRY_WITH_STDIN {
        return;
    }
    let limits = args.next();
    let limits = limits.as_deref().and_then(OsStr::to_str);
    let (Ok(SocketType::STREAM), Some(resources), Some(program)) = (
        socket_type(stdin()),
        limits.and_then(Resources::from_word),
        args.next(),
    ) else {
        eprintln!("error: `{ENTRY}` is how repro starts itself; see `repro --help` instead");
        std::process::exit(2);
    };
    let family = Family::without(background());
    let with_stdin = first == ENTRY_WITH_STDIN;
    let done = supervise(&program, args, with_stdin, resources, (clock, family));
    std::process::exit(if done.is_ok() { 0 } else { 70 });
}

fn supervise(
    program: &OsStr,
    args: &mut dyn Iterator<Item = OsString>,
    with_stdin: bool,
    resources: Resources,
    (clock, family): (Clock, Family),
) -> io::Result<()> {
    calls::outlive_signals();
    calls::close_others_on_exec();
    let mut control = Conversation::over(fcntl_dupfd_cloexec(stdin(), 3)?)?;
    let stdin = match with_stdin {
        true => Stdio::from(control.take_over()?),
        false => Stdio::null(),
    };
    let silence = File::options().read(true).write(true).open("/dev/null")?;
    let started =
        confine(resources).and_then(|()| Program::start(program, args, stdin, (clock, family)));
    // Never joined: a sleeper that is starved itself would hold up the end of the trial.
    let canary = ManuallyDrop::new(Canary::in_session(clock));
    // The program holds its output now; a copy here would keep the end of file from ever coming.
    dup2_stdin(&silence)?;
    dup2_stdout(&silence)?;
    dup2_stderr(&silence)?;
    match started {
        Ok(program) => program.supervise(&mut control, &canary),
        Err(error) => control.say(&Notice::NotStarted {
            reason: error.to_string(),
            is_shortage: is_shortage(&error),
            is_missing: error.kind() == io::ErrorKind::NotFound,
        }),
    }
}

/// Takes this process out of our session, so that no terminal signals or stops it, and sets the program's limits.
fn confine(resources: Resources) -> io::Result<()> {
    setsid()?;
    resources.bind()
}
