//! Runs `repro` as a person would, in an environment of its own, and checks that nothing is left behind.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::num::NonZero;
use std::os::fd::OwnedFd;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::Duration;

use repro::clock::Clock;
use repro::model::report::{ProgramResult, Report};
use repro::model::verdict::Verdict;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

/// Longer than anything here takes on a busy machine: with an empty cache, a compiler and tokio come first.
const LONG: Duration = Duration::from_secs(400);

/// How long a run is repeated in which something could not be told: the machine is busy with other tests.
pub const LONGEST_RETRY: Duration = Duration::from_secs(240);

/// What `repro` may see of this process: where things are, and how cargo reaches its registry.
const KEPT: &[&str] = &[
    "PATH",
    "HOME",
    "CARGO_HOME",
    "RUSTUP_HOME",
    "JAVA_HOME",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "REPRO_BACKEND",
];

/// The same, by how a name begins.
const KEPT_PREFIXES: &[&str] = &["CARGO_HTTP_", "CARGO_NET_", "CARGO_SOURCE_", "PYENV_"];

/// One for all tests: what Rust programs depend on is compiled once. Another user than the one who built the tests has
/// one of his own.
static CACHE: LazyLock<PathBuf> = LazyLock::new(|| {
    let shared = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache");
    let made = fs::create_dir_all(&shared);
    if made.is_ok() && tempfile::tempfile_in(&shared).is_ok() {
        shared
    } else {
        std::env::temp_dir().join("cache")
    }
});

/// A run of `repro` to be. In the folder of this repository, unless told otherwise.
#[derive(Clone)]
pub struct Repro {
    /// What starts it, if not this test: a command that ends in running the words after its own.
    through: Vec<OsString>,
    args: Vec<OsString>,
    env: BTreeMap<OsString, OsString>,
    folder: PathBuf,
    /// For temporary files. Every process that it starts knows it too.
    temp: Arc<TempDir>,
}

impl Repro {
    pub fn new() -> Repro {
        let kept = |name: &OsStr| {
            let name = name.to_string_lossy();
            KEPT.contains(&&*name) || KEPT_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        };
        let temp = Arc::new(tempfile::tempdir().unwrap());
        let mut env: BTreeMap<_, _> = std::env::vars_os().filter(|(name, _)| kept(name)).collect();
        env.insert("REPRO_CACHE".into(), CACHE.as_os_str().into());
        env.insert("LC_ALL".into(), "C.UTF-8".into());
        env.insert("TMPDIR".into(), temp.path().into());
        let folder = env!("CARGO_MANIFEST_DIR").into();
        Repro {
            through: Vec::new(),
            args: Vec::new(),
            env,
            folder,
            temp,
        }
    }

    /// `repro run` of a suite's programs.
    pub fn run_of(suite: &Path, programs: &[&str]) -> Repro {
        Repro::new()
            .args(["run", "--cases"])
            .arg(suite)
            .args(programs)
    }

    pub fn arg(mut self, arg: impl Into<OsString>) -> Repro {
        self.args.push(arg.into());
        self
    }

    pub fn args<A: Into<OsString>>(mut self, args: impl IntoIterator<Item = A>) -> Repro {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    pub fn env(mut self, name: &str, value: impl Into<OsString>) -> Repro {
        self.env.insert(name.into(), value.into());
        self
    }

    /// A variable that it is not to see.
    pub fn without(mut self, name: &str) -> Repro {
        self.env.remove(OsStr::new(name));
        self
    }

    /// Started by another command, such as `prlimit --nofile=64`.
    pub fn through(mut self, words: &[&str]) -> Repro {
        self.through = words.iter().map(Into::into).collect();
        self
    }

    pub fn in_folder(mut self, folder: &Path) -> Repro {
        self.folder = folder.into();
        self
    }

    /// Runs it to its end.
    pub fn run(self) -> Ran {
        self.start().end()
    }

    /// Runs it to its end, with a stdout that is not read here.
    pub fn run_into(self, stdout: impl Into<OwnedFd>) -> Ran {
        let command = self.command().stdout_file(stdout.into()).stderr_capture();
        self.started(&command).end()
    }

    /// Runs it to its end at a terminal of this size, with what was to be seen there after each write.
    pub fn at_terminal(self, size: (u16, u16)) -> Shown {
        let (screen, terminal) = terminal(size);
        let command = self.command().stdout_file(terminal.try_clone().unwrap());
        let command = command.stderr_file(terminal);
        let started = self.started(&command);
        // Our own copies of its end would keep the terminal from ever closing.
        drop(command);
        let frames = thread::spawn(move || frames(&screen, size));
        Shown { started, frames }
    }

    pub fn start(self) -> Started {
        let command = self.command().stdout_capture().stderr_capture();
        self.started(&command)
    }

    /// Runs it until every row could be told, with the report of the last run.
    pub fn judged(self) -> Judged {
        let began = Clock::Real.now();
        loop {
            let judged = self.clone().judged_once();
            let enough = Clock::Real.now().since(began) >= LONGEST_RETRY;
            if enough || judged.untold().is_empty() {
                return judged;
            }
        }
    }

    /// Runs all, and then again what could not be told, which has the machine to itself. The exit code is that of the first
    /// run.
    pub fn judged_row_by_row(self) -> Judged {
        let began = Clock::Real.now();
        let mut judged = self.clone().judged_once();
        while !judged.untold().is_empty() && Clock::Real.now().since(began) < LONGEST_RETRY {
            let mut again = self.clone();
            let is_all = |word: &OsString| word == "all" || word == "article";
            let all = again.args.iter().position(is_all);
            let untold = judged.untold().into_iter().map(OsString::from);
            let all = all.unwrap();
            again.args.splice(all..=all, untold);
            for row in again.judged_once().report.results {
                let mut known = judged.report.results.iter_mut();
                let known = known.find(|known| name_of(known) == name_of(&row));
                *known.unwrap() = row;
            }
        }
        judged
    }

    /// Runs it, whatever can be told of it, with its report.
    pub fn judged_once(self) -> Judged {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("report.json");
        let ran = self.arg("--output").arg(&file).run();
        let Ok(json) = fs::read_to_string(&file) else {
            panic!("no report was written: {ran:?}");
        };
        let report = serde_json::from_str(&json).unwrap();
        Judged { ran, json, report }
    }

    fn command(&self) -> duct::Expression {
        let repro = OsString::from(env!("CARGO_BIN_EXE_repro"));
        let words = self.through.iter().chain([&repro]).chain(&self.args);
        let mut words = words.cloned();
        let first = words.next().unwrap_or_default();
        duct::cmd(first, words)
            .full_env(&self.env)
            .dir(&self.folder)
            .stdin_null()
            .unchecked()
    }

    fn started(self, command: &duct::Expression) -> Started {
        let handle = command.start().unwrap();
        let temp = self.temp;
        Started { handle, temp }
    }
}

/// Both ends of a terminal of so many columns and rows: ours, and the program's.
fn terminal((columns, rows): (u16, u16)) -> (OwnedFd, OwnedFd) {
    use rustix::fs::{Mode, OFlags, open};
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
    grantpt(&ours).unwrap();
    unlockpt(&ours).unwrap();
    let size = rustix::termios::Winsize {
        ws_col: columns,
        ws_row: rows,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    rustix::termios::tcsetwinsize(&ours, size).unwrap();
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
    let theirs = open(ptsname(&ours, Vec::new()).unwrap(), flags, Mode::empty()).unwrap();
    (ours, theirs)
}

/// What a person saw.
#[derive(Debug, Default)]
pub struct Frames {
    /// All that was written.
    pub bytes: Vec<u8>,
    /// The screen's lines after each read, empty ones at its end left out.
    pub screens: Vec<Vec<String>>,
}

impl Frames {
    /// The lines that stand there in the end, those scrolled away with them.
    #[track_caller]
    pub fn last(&self) -> &[String] {
        self.screens.last().unwrap()
    }
}

/// Reads until nobody has the terminal open any more.
fn frames(screen: &OwnedFd, (columns, rows): (u16, u16)) -> Frames {
    let mut frames = Frames::default();
    // Higher than what is written at all: nothing scrolls away.
    let [rows, width] = [rows.max(400), columns].map(|n| NonZero::new(n).unwrap());
    let mut emulator = vt100::Parser::new(rows, width, 0);
    let mut buffer = vec![0; 1 << 16];
    // The last process to close its end makes an error of the read.
    while let Ok(n @ 1..) = rustix::io::read(screen, &mut buffer[..]) {
        frames.bytes.extend(&buffer[..n]);
        emulator.process(&buffer[..n]);
        let lines = emulator.screen().rows(0, columns);
        let mut lines: Vec<String> = lines.map(|line| line.trim_end().to_owned()).collect();
        let end = lines.iter().rposition(|line| !line.is_empty());
        lines.truncate(end.map_or(0, |end| end + 1));
        frames.screens.push(lines);
    }
    frames
}

/// A run at a terminal.
pub struct Shown {
    /// The run.
    pub started: Started,
    frames: thread::JoinHandle<Frames>,
}

impl Shown {
    /// Sees it to its end, with its exit code.
    pub fn end(self) -> (i32, Frames) {
        let code = self.started.end().code;
        (code, self.frames.join().unwrap())
    }
}

/// A run that goes on.
pub struct Started {
    handle: duct::Handle,
    temp: Arc<TempDir>,
}

impl Started {
    pub fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.number()).unwrap();
        kill_process(Pid::from_raw(pid).unwrap(), signal).unwrap();
    }

    /// The number of its process.
    pub fn number(&self) -> u32 {
        self.handle.pids()[0]
    }

    /// Waits until this many of its programs have made a file of this name in their folders.
    pub fn await_files(&self, name: &str, count: usize) {
        within(LONG, &format!("{count} times {name}"), || {
            let folders = fs::read_dir(self.temp.path()).unwrap().flatten();
            folders
                .filter(|folder| folder.path().join(name).exists())
                .count()
                == count
        });
    }

    /// The folder of its temporary files.
    pub fn temp(&self) -> Arc<TempDir> {
        self.temp.clone()
    }

    /// Sees it to its end, and that nothing is left of it, neither a process nor a file.
    pub fn end(self) -> Ran {
        let temp = self.temp.clone();
        let ran = self.end_whatever_is_left();
        assert_no_process(temp.path());
        let files: Vec<_> = fs::read_dir(temp.path()).unwrap().flatten().collect();
        assert!(files.is_empty(), "left behind: {files:?}\n{ran:?}");
        ran
    }

    /// The same, where it had no chance to tidy up.
    pub fn end_whatever_is_left(self) -> Ran {
        let Some(output) = self.handle.wait_timeout(LONG).unwrap().cloned() else {
            self.handle.kill().unwrap();
            panic!("it does not end: {:?}", self.handle.wait());
        };
        Ran::of(output)
    }

    /// Kills it, as nobody can prevent.
    pub fn kill(self) -> Arc<TempDir> {
        self.signal(Signal::KILL);
        let temp = self.temp.clone();
        self.end_whatever_is_left();
        temp
    }
}

/// Waits until no process is left that was started with this folder for its temporary files.
pub fn assert_no_process(temp: &Path) {
    let marker = temp.as_os_str().as_encoded_bytes();
    let knows = |process: &fs::DirEntry| {
        let environment = fs::read(process.path().join("environ")).unwrap_or_default();
        environment.windows(marker.len()).any(|part| part == marker)
    };
    within(Duration::from_secs(60), "the end of every process", || {
        !fs::read_dir("/proc").unwrap().flatten().any(|p| knows(&p))
    });
}

/// Waits until something holds, but not for ever.
pub fn within(limit: Duration, what: &str, mut holds: impl FnMut() -> bool) {
    let began = Clock::Real.now();
    while !holds() {
        let waited = Clock::Real.now().since(began);
        assert!(waited < limit, "waited {waited:?} for {what}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// What a run came to.
#[derive(Debug, Clone)]
pub struct Ran {
    /// The exit code, or minus the signal that ended it.
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    fn of(output: Output) -> Ran {
        let ended_by = || -output.status.signal().unwrap_or_default();
        Ran {
            code: output.status.code().unwrap_or_else(ended_by),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    #[track_caller]
    pub fn exits(self, code: i32) -> Ran {
        let Ran { stdout, stderr, .. } = &self;
        assert_eq!(
            self.code, code,
            "the exit code; stdout:\n{stdout}\nstderr:\n{stderr}"
        );
        self
    }

    #[track_caller]
    pub fn says(self, part: &str) -> Ran {
        let stdout = &self.stdout;
        assert!(holds(stdout, part), "no {part:?} on stdout:\n{stdout}");
        self
    }

    #[track_caller]
    pub fn complains(self, part: &str) -> Ran {
        let stderr = &self.stderr;
        assert!(holds(stderr, part), "no {part:?} on stderr:\n{stderr}");
        self
    }

    /// What it wrote to stdout, as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap()
    }
}

/// Wherever its lines break: where that is depends on how long the paths are that it names.
fn holds(text: &str, part: &str) -> bool {
    let unbroken = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.contains(part) || unbroken(text).contains(&unbroken(part))
}

/// A run with its report.
#[derive(Debug)]
pub struct Judged {
    pub ran: Ran,
    /// The report as it was written.
    pub json: String,
    pub report: Report,
}

impl Judged {
    /// The row of `CASE/LANGUAGE/VARIANT`.
    #[track_caller]
    pub fn row(&self, name: &str) -> &ProgramResult {
        let mut rows = self.report.results.iter();
        rows.find(|row| name_of(row) == name)
            .unwrap_or_else(|| panic!("no row {name}"))
    }

    /// The rows that could not be told: the machine was busy.
    pub fn untold(&self) -> Vec<String> {
        let rows = self.report.results.iter();
        let untold = rows.filter(|row| row.verdict == Verdict::Inconclusive);
        untold.map(name_of).collect()
    }

    /// Every row that is neither a pass nor skipped, with its verdict and reason.
    pub fn not_passed(&self) -> Vec<(String, Verdict, &str)> {
        let rows = self.report.results.iter();
        let failed = rows.filter(|row| !matches!(row.verdict, Verdict::Pass | Verdict::Skipped));
        failed
            .map(|row| {
                (
                    name_of(row),
                    row.verdict,
                    row.reason.as_deref().unwrap_or(""),
                )
            })
            .collect()
    }
}

pub fn name_of(row: &ProgramResult) -> String {
    format!("{}/{}", row.case, row.program())
}

/// A folder of cases that a test may spoil.
pub struct Suite(TempDir);

impl Suite {
    /// Files with their texts, by their paths in the suite.
    pub fn of(files: &[(&str, &str)]) -> Suite {
        let suite = Suite(tempfile::tempdir().unwrap());
        for (path, text) in files {
            suite.write(path, text);
        }
        suite
    }

    /// A copy of one of this repository's cases.
    pub fn with(case: &str) -> Suite {
        let suite = Suite(tempfile::tempdir().unwrap());
        copy(&built_in(case), &suite.path().join(case));
        suite
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Puts `to` in the place of `from`, which is there exactly once.
    #[track_caller]
    pub fn edit(&self, path: &str, from: &str, to: &str) -> &Suite {
        let file = self.path().join(path);
        let text = fs::read_to_string(&file).unwrap();
        assert_eq!(text.matches(from).count(), 1, "{from:?} in {path}");
        fs::write(file, text.replace(from, to)).unwrap();
        self
    }

    /// Drops the only line of a file that holds `part`.
    #[track_caller]
    pub fn drop_line(&self, path: &str, part: &str) -> &Suite {
        let text = fs::read_to_string(self.path().join(path)).unwrap();
        let line = text.lines().find(|line| line.contains(part));
        let line = line.unwrap_or_else(|| panic!("no {part:?} in {path}"));
        self.edit(path, &format!("{line}\n"), "")
    }
}

/// The folder of one of this repository's cases.
#[track_caller]
pub fn built_in(case: &str) -> PathBuf {
    let folder = case_folders().into_iter().find(|f| f.ends_with(case));
    folder.unwrap_or_else(|| panic!("no case {case}"))
}

/// The folders of this repository's cases, in the order of their paths.
pub fn case_folders() -> Vec<PathBuf> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let within = |folder: PathBuf| fs::read_dir(folder).into_iter().flatten();
    let collections = within(cases).map(|entry| entry.unwrap().path());
    let folders = collections
        .flat_map(within)
        .map(|entry| entry.unwrap().path());
    let mut folders: Vec<_> = folders.filter(|f| f.join("case.toml").is_file()).collect();
    folders.sort();
    folders
}

/// Copies a folder with all that is in it.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// The suite of `tests/fixtures/NAME`.
pub fn fixtures(name: &str) -> PathBuf {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    fixtures.join(name)
}
