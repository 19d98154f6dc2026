//! Programs that try to get out of the sandbox: inside it nothing of that works, and without it everything does.

use std::fs;
use std::io::ErrorKind;
use std::net::{TcpListener, UdpSocket};
use std::time::Duration;

use repro::model::verdict::Verdict;
use repro::process::SandboxRules;

use crate::harness::{Judged, Repro, Suite, copy, fixtures};
use crate::needs::{here, left_out, needs};

const LANGUAGES: [&str; 5] = ["python", "javascript", "java", "rust", "go"];

/// What the programs are let loose on.
pub struct Outside {
    pub suite: Suite,
    file: tempfile::NamedTempFile,
    tcp: TcpListener,
    udp: UdpSocket,
    victim: duct::Handle,
}

impl Outside {
    /// With the case of this name, of this folder of fixtures, which is told where things are.
    pub fn of(folder: &str, case: &str) -> Outside {
        let suite = Suite::of(&[]);
        copy(&fixtures(folder).join(case), &suite.path().join(case));
        let file = tempfile::NamedTempFile::new().unwrap();
        let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
        let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
        let victim = duct::cmd!("/bin/sleep", "1000")
            .unchecked()
            .start()
            .unwrap();
        let holes = [
            ("@OUTSIDE@", file.path().display().to_string()),
            ("@TCP@", tcp.local_addr().unwrap().port().to_string()),
            ("@UDP@", udp.local_addr().unwrap().port().to_string()),
            ("@VICTIM@", victim.pids()[0].to_string()),
        ];
        let path = suite.path().join(case).join("case.toml");
        let text = fs::read_to_string(&path).unwrap();
        let filled = holes
            .iter()
            .fold(text, |text, (hole, with)| text.replace(hole, with));
        fs::write(path, filled).unwrap();
        Outside {
            suite,
            file,
            tcp,
            udp,
            victim,
        }
    }

    fn run(&self, flags: &[&str]) -> Judged {
        let programs: Vec<String> = LANGUAGES
            .into_iter()
            .filter(|language| here(language).is_some())
            .map(|language| format!("*/{language}"))
            .collect();
        let programs: Vec<&str> = programs.iter().map(String::as_str).collect();
        let run = Repro::run_of(self.suite.path(), &programs);
        run.args(flags.iter().copied()).judged()
    }

    /// How often it was written to, reached by TCP and by UDP, and whether the victim lives.
    pub fn suffered(&self) -> (usize, usize, usize, bool) {
        let lines = fs::read_to_string(self.file.path())
            .unwrap()
            .lines()
            .count();
        self.tcp.set_nonblocking(true).unwrap();
        let connected = std::iter::from_fn(|| self.tcp.accept().ok()).count();
        self.udp.set_nonblocking(true).unwrap();
        let mut packet = [0; 16];
        let sent = std::iter::from_fn(|| self.udp.recv(&mut packet).ok()).count();
        let lives = self
            .victim
            .wait_timeout(Duration::from_millis(50))
            .unwrap()
            .is_none();
        (lines, connected, sent, lives)
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        let _ = self.victim.kill();
    }
}

/// Whether all rules of the sandbox hold here.
pub fn can_confine() -> Option<()> {
    let missing = SandboxRules::here().missing();
    if !missing.is_empty() {
        left_out(&format!("no sandbox for {missing:?} here"));
    }
    missing.is_empty().then_some(())
}

#[test]
fn inside_the_sandbox_nothing_outside_is_touched() {
    needs!(can_confine());
    for capture in ["stamped", "piped"] {
        let outside = Outside::of("sandbox", "sandbox");
        let judged = outside.run(&["--sandbox", "require", "--capture", capture]);
        assert_eq!(judged.not_passed(), []);
        for row in &judged.report.results {
            assert_eq!(
                row.trials[0].sandbox,
                ["files", "network", "signals", "calls"]
            );
        }
        assert_eq!(outside.suffered(), (0, 0, 0, true));
    }
}

#[test]
fn without_the_sandbox_programs_have_the_rights_of_the_user() {
    let outside = Outside::of("sandbox", "sandbox");
    let judged = outside.run(&[]);
    let ran = judged.report.results.len();
    for row in &judged.report.results {
        assert_eq!(row.verdict, Verdict::Fail, "{:?}", row.reason);
        let reason = &row.reason;
        assert_eq!(
            row.trials[0].behaviour.as_deref(),
            Some("free"),
            "{reason:?}"
        );
        assert!(row.trials[0].sandbox.is_empty());
    }
    assert_eq!(outside.suffered(), (ran, ran, ran, false));
}

#[test]
fn a_rule_that_this_kernel_lacks_is_named_and_required_ones_are_not_done_without() {
    needs!(here("python"));
    let outside = Outside::of("sandbox", "sandbox");
    // Under a filter that knows no Landlock, as an older kernel would be.
    let run = |how: &str| {
        let run = Repro::run_of(outside.suite.path(), &["*/python"]);
        run.args(["--sandbox", how])
            .through(&["/usr/bin/env", "python3", "-c", WITHOUT_LANDLOCK])
    };
    let ran = run("require").run();
    if ran.stderr.contains("no filter") {
        return left_out("no filter can be put up here");
    }
    ran.exits(3)
        .complains("it lacks files (needs Landlock of Linux 6.2)")
        .complains("nothing was run");
    let ran = run("auto").run();
    ran.complains("warning: the sandbox of this host lacks files");
}

/// Refuses `landlock_create_ruleset` as a kernel without it does, and becomes what follows.
const WITHOUT_LANDLOCK: &str = r#"
import ctypes, os, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
code = [(0x20, 0, 0, 0), (0x15, 0, 1, 444), (0x06, 0, 0, 0x00050000 | 38), (0x06, 0, 0, 0x7FFF0000)]
code = b"".join(struct.pack("HBBI", *one) for one in code)
held = ctypes.create_string_buffer(code)
program = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(held))
if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, program, 0, 0):
    sys.exit("no filter")
os.execv(sys.argv[1], sys.argv[1:])
"#;

#[test]
fn the_stand_in_can_be_reached_and_nothing_else() {
    needs!(here("python"));
    needs!(can_confine());
    let suite = Suite::of(&[]);
    copy(&fixtures("hostile/served"), &suite.path().join("served"));
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let port = elsewhere.local_addr().unwrap().port();
    let judged = Repro::run_of(suite.path(), &["served/python/data"])
        .args(["--sandbox", "require"])
        .judged();
    assert_eq!(judged.not_passed(), []);
    suite.edit(
        "served/python/get.py",
        "print(\"begun\")",
        &format!("{TRIES}tries({port})\nprint(\"begun\")"),
    );
    let judged = Repro::run_of(suite.path(), &["served/python/data"])
        .args(["--sandbox", "require"])
        .judged();
    assert_eq!(judged.not_passed(), []);
    assert_eq!(
        elsewhere.accept().unwrap_err().kind(),
        ErrorKind::WouldBlock
    );
}

/// Everything that is like what it may do, and is not.
const TRIES: &str = "
def tries(port):
    attempts = [
        lambda: socket.create_connection(('127.0.0.1', port)),
        lambda: socket.create_server(('127.0.0.1', 0)),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262),
        lambda: socket.socket(socket.AF_UNIX),
        lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
    ]
    for number, attempt in enumerate(attempts):
        try:
            attempt()
        except PermissionError:
            continue
        sys.exit(f'attempt {number} went well')

";
