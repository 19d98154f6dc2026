//! The supervisor's side: `repro`, executed again to stand between us and one program.
//!
//! It holds the program's output open for no longer than the start takes, does what it is asked over the control
//! socket (its descriptor 0), tells when the program started and ended, and does not leave before everything that the
//! program started is dead. The end of the socket means that we are gone: it kills all and leaves.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::mem::ManuallyDrop;
use std::os::fd::OwnedFd;
use std::process::Stdio;
use std::sync::Arc;

use rustix::io::fcntl_dupfd_cloexec;
use rustix::net::SocketType;
use rustix::net::sockopt::socket_type;
use rustix::process::{getpid, set_child_subreaper, setsid};
use rustix::stdio::{dup2_stderr, dup2_stdin, dup2_stdout, stderr, stdin, stdout};
use rustix::thread::set_no_new_privs;

use super::conversation::{say, take_over};
use super::supervised::Program;
use super::terms::{ENTRY, ENTRY_WITH_STDIN, Terms};
use super::threads::Family;
use super::{calls, shim};
use crate::canary::Canary;
use crate::clock::Clock;
use crate::process::{Notice, Resources, SandboxRules, is_shortage};

/// Becomes a supervisor and never returns, if `first` asks for one; the terms, the program and its arguments follow.
pub(in crate::process) fn supervise_if_asked(
    first: &str,
    args: &mut dyn Iterator<Item = OsString>,
    clock: Clock,
    background: fn() -> Vec<&'static str>,
) {
    if first != ENTRY && first != ENTRY_WITH_STDIN {
        return;
    }
    let terms = args.next();
    let terms = terms.as_deref().and_then(OsStr::to_str);
    let (Ok(SocketType::SEQPACKET), Some(terms), Some(program)) = (
        socket_type(stdin()),
        terms.and_then(Terms::from_word),
        args.next(),
    ) else {
        eprintln!("error: `{ENTRY}` is how repro starts itself; see `repro --help` instead");
        std::process::exit(2);
    };
    let family = Family::without(background());
    let with_stdin = first == ENTRY_WITH_STDIN;
    let done = supervise(&program, args, with_stdin, &terms, (clock, family));
    std::process::exit(if done.is_ok() { 0 } else { 70 });
}

fn supervise(
    program: &OsStr,
    args: impl Iterator<Item = OsString>,
    with_stdin: bool,
    terms: &Terms,
    (clock, family): (Clock, Family),
) -> io::Result<()> {
    calls::ignore_signals();
    calls::close_others_on_exec();
    let control = fcntl_dupfd_cloexec(stdin(), 3)?;
    let stdin = match with_stdin {
        true => Stdio::from(take_over(&control)?),
        false => Stdio::null(),
    };
    // Opened before the shim is there, which would be asked about this too.
    let silence = File::options().read(true).write(true).open("/dev/null")?;
    let exits = Arc::new(shim::Exits::of(family.clone()));
    if terms.apart {
        calls::keep_apart();
    }
    let started = confine(terms.resources)
        .and_then(|()| install_shim(terms, &exits, clock))
        .and_then(|()| {
            let sandbox = terms.sandbox.as_ref();
            Program::start(program, args, stdin, exits, sandbox, (clock, family))
        });
    // Never joined: a sleeper that is starved itself would hold up the end of the trial.
    let canary = ManuallyDrop::new(Canary::in_session(clock));
    // The program holds its output now; a copy here would keep the end of file from ever coming.
    dup2_stdin(&silence)?;
    dup2_stdout(&silence)?;
    dup2_stderr(&silence)?;
    match started {
        Ok(program) => program.supervise(&control, &canary),
        Err(error) => say(
            &control,
            &Notice::NotStarted {
                reason: error.to_string(),
                is_shortage: is_shortage(&error),
                is_missing: error.kind() == io::ErrorKind::NotFound,
            },
        ),
    }
}

/// Makes a session of this process, from which nothing escapes, with the program's limits.
fn confine(resources: Resources) -> io::Result<()> {
    // Linux shares processors between sessions: only a canary within the program's session tells how late the machine
    // was for the program.
    setsid()?;
    set_child_subreaper(Some(getpid()))?;
    set_no_new_privs(true)?;
    resources.bind()
}

/// Installs the shim where the program writes to sockets, which it must not notice, or is to be connected to its stand-in.
fn install_shim(terms: &Terms, exits: &Arc<shim::Exits>, clock: Clock) -> io::Result<()> {
    let is_stamped = matches!(socket_type(stdout()), Ok(SocketType::SEQPACKET));
    let output = || -> io::Result<[OwnedFd; 2]> {
        Ok([
            fcntl_dupfd_cloexec(stdout(), 3)?,
            fcntl_dupfd_cloexec(stderr(), 3)?,
        ])
    };
    let watched = shim::Watched {
        output: is_stamped.then(output).transpose()?,
        port: terms.sandbox.as_ref().and_then(SandboxRules::connects_to),
    };
    if watched.output.is_none() && watched.port.is_none() {
        return Ok(());
    }
    let what = match is_stamped {
        true => "its output cannot be captured by stamped sockets here",
        false => "it cannot be connected to its stand-in from within the sandbox here",
    };
    shim::install(watched, Arc::clone(exits), clock)
        .map_err(|error| io::Error::new(error.kind(), format!("{what}: {error}")))
}
