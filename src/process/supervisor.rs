//! The supervisor's side: `repro`, re-executed to stand between us and one program.
//!
//! It holds the program's output open for no longer than the start takes, does what it is asked over the
//! control socket (its descriptor 0), tells when the program started and ended, and does not leave before
//! everything the program started is dead. If the socket ends, we are gone: it kills all and leaves.
#![expect(clippy::disallowed_types, reason = "this is inside `process`")]

use std::cell::{Cell, RefCell};
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::mem::ManuallyDrop;
use std::os::fd::{AsFd, OwnedFd};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, fcntl_dupfd_cloexec};
use rustix::net::SocketType;
use rustix::net::sockopt::socket_type;
use rustix::process::{
    Pid, PidfdFlags, Signal, WaitId, WaitIdOptions, getpgid, getpid, kill_process_group,
    pidfd_open, pidfd_send_signal, set_child_subreaper, setsid, waitid,
};
use rustix::stdio::{dup2_stderr, dup2_stdin, dup2_stdout, stderr, stdin, stdout};
use rustix::thread::set_no_new_privs;

use super::message::{self, Heard, Measured, Notice, Request, Status, hear, say};
use super::pauses::Pauses;
use super::waits::{self, Waits};
use super::{Resources, SandboxRules, family, is_shortage, retry, shim, sys};
use crate::canary::Canary;
use crate::clock::{Clock, Stamp};

/// The first argument that makes `repro` a supervisor; the terms, the program and its arguments follow.
pub(super) const ENTRY: &str = "__supervise";
/// The same, where the program's stdin is handed over first.
pub(super) const ENTRY_WITH_STDIN: &str = "__supervise-with-stdin";

/// How often a living program is looked at: a twenty-fifth of its age, so that its end is known to four percent,
/// within these bounds. Waking more often than that would starve the program on a busy machine.
const TICKS: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(50));

/// Becomes a supervisor and never returns, if this process was started as one.
///
/// Belongs at the very start of `main`: before threads, and before anything opens a descriptor.
pub fn main_if_asked() {
    let mut args = std::env::args_os().skip(1);
    let first = args.next();
    let is = |entry: &str| first.as_deref() == Some(OsStr::new(entry));
    if !is(ENTRY) && !is(ENTRY_WITH_STDIN) {
        return;
    }
    let terms = args.next().as_deref().and_then(Terms::of_word);
    let (Ok(SocketType::SEQPACKET), Some(terms), Some(program)) =
        (socket_type(stdin()), terms, args.next())
    else {
        eprintln!("error: `{ENTRY}` is how repro starts itself; see `repro --help` instead");
        std::process::exit(2);
    };
    let faultless = supervise(&program, args, is(ENTRY_WITH_STDIN), &terms);
    std::process::exit(if faultless.is_ok() { 0 } else { 70 });
}

/// On what terms a program is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Terms {
    /// What its processes may have.
    pub(super) resources: Resources,
    /// What it is kept from; nothing if `None`.
    pub(super) sandbox: Option<SandboxRules>,
}

impl Terms {
    /// One word that [`Terms::of_word`] reads.
    pub(super) fn word(&self) -> String {
        let sandbox = self
            .sandbox
            .as_ref()
            .map_or_else(String::new, SandboxRules::word);
        format!("{}/{sandbox}", self.resources.word())
    }

    fn of_word(word: &OsStr) -> Option<Terms> {
        let (resources, sandbox) = word.to_str()?.split_once('/')?;
        let sandbox = match sandbox {
            "" => None,
            word => Some(SandboxRules::of_word(word)?),
        };
        let resources = Resources::of_word(resources)?;
        Some(Terms { resources, sandbox })
    }
}

fn supervise(
    program: &OsStr,
    args: impl Iterator<Item = OsString>,
    with_stdin: bool,
    terms: &Terms,
) -> io::Result<()> {
    let clock = Clock::Real;
    sys::ignore_signals();
    sys::close_others_on_exec();
    let control = fcntl_dupfd_cloexec(stdin(), 3)?;
    let stdin = match with_stdin {
        true => Stdio::from(message::take_over(&control)?),
        false => Stdio::null(),
    };
    // Before there is a shim: it would be asked about this too.
    let silence = File::options().read(true).write(true).open("/dev/null")?;
    // A session of our own and the program's: Linux schedules sessions apart, so that a canary tells how
    // late the machine was for this program only from within.
    let started = setsid()
        .map_err(io::Error::from)
        .and_then(|_| confine(terms.resources));
    let exits = Arc::new(shim::Exits::default());
    let started = started.and_then(|()| shim_sockets(&exits, clock));
    let started = started
        .and_then(|()| Program::start(program, args, stdin, exits, terms.sandbox.as_ref(), clock));
    // Never joined: a sleeper that is starved itself would hold up the end of the trial.
    let canary = ManuallyDrop::new(Canary::in_session(clock));
    // The program holds its output now; a copy here would keep the end of file from ever coming.
    dup2_stdin(&silence)?;
    dup2_stdout(&silence)?;
    dup2_stderr(&silence)?;
    match started {
        Ok(program) => {
            // Nobody may be there to hear it any longer; the watch finds out.
            let _ = say(&control, &program.started());
            program.see_to_its_end(&control, clock, &canary)
        }
        Err(error) => say(
            &control,
            &Notice::NotStarted {
                reason: error.to_string(),
                is_shortage: is_shortage(&error),
            },
        ),
    }
}

/// What the program inherits from its supervisor, and why nothing escapes.
fn confine(resources: Resources) -> io::Result<()> {
    set_child_subreaper(Some(getpid()))?;
    set_no_new_privs(true)?;
    resources.bind()
}

/// Where the program writes to sockets, it must not notice.
fn shim_sockets(exits: &Arc<shim::Exits>, clock: Clock) -> io::Result<()> {
    if !matches!(socket_type(stdout()), Ok(SocketType::SEQPACKET)) {
        return Ok(());
    }
    let [out, err] = [
        fcntl_dupfd_cloexec(stdout(), 3)?,
        fcntl_dupfd_cloexec(stderr(), 3)?,
    ];
    shim::install(out, err, Arc::clone(exits), clock).map_err(|error| {
        let refused = format!("its output cannot be captured by stamped sockets here: {error}");
        io::Error::new(error.kind(), refused)
    })
}

/// The program under supervision.
struct Program {
    pid: Pid,
    handle: OwnedFd,
    before: Stamp,
    after: Stamp,
    /// When it asked for its end, where there is a shim to see that.
    exits: Arc<shim::Exits>,
    /// How long somebody kept it from running, until we wanted its end.
    pauses: RefCell<Pauses>,
    /// How long its threads waited for a processor, until then.
    waits: RefCell<Waits>,
    /// Whether we want its end.
    is_being_ended: Cell<bool>,
}

impl Program {
    fn start(
        program: &OsStr,
        args: impl Iterator<Item = OsString>,
        stdin: Stdio,
        exits: Arc<shim::Exits>,
        sandbox: Option<&SandboxRules>,
        clock: Clock,
    ) -> io::Result<Self> {
        let mut command = std::process::Command::new(program);
        command.args(args).stdin(stdin);
        sys::detach(&mut command, getpid());
        if let Some(sandbox) = sandbox {
            sandbox.around(&mut command, &std::env::current_dir()?)?;
        }
        let (before, child, after) = retry(clock, || {
            let before = clock.now();
            let child = command.spawn()?;
            Ok((before, child, clock.now()))
        })?;
        let pid = Pid::from_child(&child);
        exits.expect(child.id());
        match pidfd_open(pid, PidfdFlags::empty()) {
            Ok(handle) => Ok(Program {
                pid,
                handle,
                before,
                after,
                exits,
                pauses: RefCell::new(Pauses::new(after)),
                waits: RefCell::default(),
                is_being_ended: Cell::new(false),
            }),
            Err(error) => {
                let _ = kill_process_group(pid, Signal::KILL);
                family::sweep(getpid(), pid, clock);
                Err(error.into())
            }
        }
    }

    fn number(&self) -> u32 {
        self.pid.as_raw_pid().unsigned_abs()
    }

    fn started(&self) -> Notice {
        Notice::Started {
            pid: self.pid.as_raw_pid(),
            before_ns: self.before.ns,
            after_ns: self.after.ns,
        }
    }

    fn see_to_its_end(&self, control: &OwnedFd, clock: Clock, canary: &Canary) -> io::Result<()> {
        let (seen_alive, dead) = self.watch(control, clock)?;
        let asked = self.exits.last();
        let alive = asked
            .as_ref()
            .map_or(seen_alive, |call| call.at.max(seen_alive));
        let late_ns = canary.noise_between(self.before, dead);
        if !self.is_being_ended.get() {
            self.pauses.borrow_mut().end(dead);
            if let Some(call) = asked {
                self.waits.borrow_mut().learn(&call.waits, call.at);
            }
        }
        // Looked at, not reaped: its number stays taken, so its group cannot be another's.
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        let status = loop {
            match waitid(WaitId::PidFd(self.handle.as_fd()), options) {
                Err(Errno::INTR) => {}
                ended => break ended?,
            }
        };
        let status = status.map_or(Status::Code(0), |ended| {
            ended.terminating_signal().map_or(
                Status::Code(ended.exit_status().unwrap_or(0)),
                Status::Signal,
            )
        });
        // Whether or not somebody still listens, the sweep comes next.
        let exited = Notice::Exited {
            status,
            earliest_ns: alive.ns,
            latest_ns: dead.ns,
            measured: Measured {
                waited: self.waits.borrow().waited().clone(),
                late_ns,
                paused_ns: self.pauses.borrow().total_ns(),
            },
        };
        let _ = say(control, &exited);
        let family::Swept { killed, left } = family::sweep(getpid(), self.pid, clock);
        say(control, &Notice::Swept { killed, left })
    }

    /// Does what it is asked until the program ends: the last instant it was alive, and the first it was not.
    fn watch(&self, control: &OwnedFd, clock: Clock) -> io::Result<(Stamp, Stamp)> {
        let mut alive = self.before;
        let mut listening = true;
        loop {
            let looked = clock.now();
            if self.wait(None, &Timespec::default())?.0 {
                return Ok((alive, clock.now()));
            }
            alive = looked;
            if !self.is_being_ended.get() {
                self.pauses.borrow_mut().look(&self.handle, looked);
                self.waits.borrow_mut().look(self.number(), looked);
            }
            let tick = (looked.since(self.before) / 25).clamp(TICKS.0, TICKS.1);
            let tick = Timespec {
                tv_sec: 0,
                tv_nsec: tick.subsec_nanos().into(),
            };
            let (ended, asked) = self.wait(listening.then_some(control), &tick)?;
            if ended {
                return Ok((alive, clock.now()));
            }
            if asked {
                match hear(control) {
                    Ok(Heard::Message(Request::Signal(signal))) => {
                        self.send(signal, control, clock)?;
                    }
                    Ok(Heard::Message(request)) => self.obey(request, clock),
                    Ok(Heard::Nothing) => {}
                    Ok(Heard::Gone) | Err(_) => {
                        self.obey(Request::Kill, clock);
                        listening = false;
                    }
                }
            }
        }
    }

    /// Waits for the program's end or a request, but no longer than `limit`: which of them came.
    fn wait(&self, control: Option<&OwnedFd>, limit: &Timespec) -> io::Result<(bool, bool)> {
        let mut ends = vec![PollFd::new(&self.handle, PollFlags::IN)];
        ends.extend(control.map(|control| PollFd::new(control, PollFlags::IN)));
        match poll(&mut ends, Some(limit)) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let ready = |end: usize| ends.get(end).is_some_and(|end| !end.revents().is_empty());
        Ok((ready(0), ready(1)))
    }

    fn obey(&self, request: Request, clock: Clock) {
        if !self.is_being_ended.replace(true) {
            let now = waits::of_threads(self.number());
            self.waits.borrow_mut().learn(&now, clock.now());
        }
        match request {
            Request::Terminate => {
                self.signal(Signal::TERM);
                // Who has stopped itself would keep the signal waiting.
                self.signal(Signal::CONT);
            }
            Request::Kill => self.signal(Signal::KILL),
            Request::Signal(_) => {}
        }
    }

    /// To the program alone, if it still lives, and told.
    fn send(&self, number: i32, control: &OwnedFd, clock: Clock) -> io::Result<()> {
        let before = clock.now();
        let ended = self.wait(None, &Timespec::default())?.0;
        let Some(signal) = Signal::from_named_raw(number).filter(|_| !ended) else {
            return Ok(());
        };
        self.pauses.borrow_mut().expect(signal);
        if pidfd_send_signal(&self.handle, signal).is_ok() {
            let notice = Notice::Signalled {
                signal: number,
                before_ns: before.ns,
                after_ns: clock.now().ns,
            };
            let _ = say(control, &notice);
        }
        Ok(())
    }

    /// To the program and to its group, which it may have left; to whom it meets a dead one, nothing happens.
    fn signal(&self, signal: Signal) {
        let _ = kill_process_group(self.pid, signal);
        if getpgid(Some(self.pid)) != Ok(self.pid) {
            let _ = pidfd_send_signal(&self.handle, signal);
        }
    }
}
