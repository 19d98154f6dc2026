//! What programs do to the machine goes with them, or is named, and nothing of anybody else's goes with it.

use std::ffi::OsString;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use repro::model::verdict::Verdict;

use crate::harness::{Judged, Repro, Suite, copy, fixtures};
use crate::needs::{here, needs};

/// What became of the programs, and of two folders that are gone again by now.
struct Run {
    /// What stands in a file that the programs have no business with.
    kept: Option<String>,
    /// What is left where temporary files were made, and how much is mounted there.
    left: Vec<OsString>,
    mounts: usize,
    judged: Judged,
}

static RUN: LazyLock<Run> = LazyLock::new(|| {
    let [victim, temporary] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let kept = victim.path().join("kept");
    fs::write(&kept, "mine").unwrap();
    let suite = Suite::of(&[]);
    copy(&fixtures("fortress/leaving"), &suite.path().join("leaving"));
    let path = r#"path   = "python/mounts.py""#;
    let told = format!("{path}\nenv    = {{ VICTIM = {:?} }}", victim.path());
    suite.edit("leaving/case.toml", path, &told);
    let judged = Repro::run_of(suite.path(), &["all"])
        .env("TMPDIR", temporary.path())
        .judged();
    let left = fs::read_dir(temporary.path()).unwrap();
    Run {
        kept: fs::read_to_string(kept).ok(),
        left: left.map(|entry| entry.unwrap().file_name()).collect(),
        mounts: mounts_below(temporary.path()),
        judged,
    }
});

fn run() -> Option<&'static Run> {
    here("python")?;
    Some(&RUN)
}

fn mounts_below(folder: &Path) -> usize {
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let folder = folder.display().to_string();
    mounts.lines().filter(|line| line.contains(&folder)).count()
}

#[test]
fn a_folder_that_a_program_mounted_keeps_what_is_in_it() {
    let run = needs!(run());
    let row = run.judged.row("leaving/python/mounts");
    assert_eq!((row.verdict, &row.reason), (Verdict::Pass, &None));
    assert_eq!(run.kept.as_deref(), Some("mine"));
    assert_eq!(run.mounts, 0);
}

#[test]
fn the_folders_of_programs_are_gone_however_they_were_left() {
    let run = needs!(run());
    for program in ["buries", "locks", "moves"] {
        let row = run.judged.row(&format!("leaving/python/{program}"));
        assert_eq!(
            (row.verdict, &row.reason),
            (Verdict::Pass, &None),
            "{program}"
        );
    }
    assert!(run.left.is_empty(), "{:?}", run.left);
    let warnings = &run.judged.ran.stderr;
    assert!(!warnings.contains("left something behind"), "{warnings}");
}

#[test]
fn descriptors_that_a_program_sends_along_cost_nobody_his_own() {
    let run = needs!(run());
    let row = run.judged.row("leaving/python/hands-over");
    assert_eq!((row.verdict, &row.reason), (Verdict::Pass, &None));
}

#[test]
fn a_program_that_asks_for_ever_spoils_its_own_row() {
    let run = needs!(run());
    let row = run.judged.row("leaving/python/asks-for-ever");
    assert_eq!(row.verdict, Verdict::Error);
    let reason = row.reason.as_deref().unwrap();
    assert!(reason.contains("could not be kept"), "{reason}");
}

#[test]
fn memory_that_a_program_shares_by_name_goes_with_it_or_is_named() {
    let run = needs!(run());
    let row = run.judged.row("leaving/python/shares");
    assert_eq!((row.verdict, &row.reason), (Verdict::Pass, &None));
    let shared = fs::read_dir("/dev/shm").unwrap();
    let ours = shared.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let warnings = &run.judged.ran.stderr;
    for name in ours.filter(|name| name.starts_with("repro-test-")) {
        assert!(
            warnings.contains(&format!("rm /dev/shm/{name}")),
            "{warnings}"
        );
        fs::remove_file(Path::new("/dev/shm").join(name)).unwrap();
    }
}

#[test]
fn another_user_who_connects_to_a_stand_in_is_turned_away_and_counted() {
    needs!(here("python"));
    let program = "visited/python/visited";
    let judged = Repro::run_of(&fixtures("fortress"), &[program]).judged();
    let row = judged.row(program);
    assert_eq!((row.verdict, &row.reason), (Verdict::Pass, &None));
    let turned_away = "was turned away unread (1 times)";
    let counted = judged
        .ran
        .stderr
        .replace("\n    ", " ")
        .contains(turned_away);
    assert_eq!(
        counted,
        rustix::process::geteuid().is_root(),
        "{:?}",
        judged.ran
    );
}

/// Runs a program whose stand-in this process asks for `request` in the first trials, so many.
fn overheard(request: &str, mut visits: u32) -> Judged {
    let temporary = tempfile::tempdir().unwrap();
    let run = Repro::run_of(&fixtures("fortress"), &["overheard"]);
    let run = run.env("TMPDIR", temporary.path());
    let run = thread::spawn(|| run.judged_once());
    while !run.is_finished() {
        for folder in fs::read_dir(temporary.path()).unwrap().flatten() {
            let [address, visited] = ["address", "visited"].map(|name| folder.path().join(name));
            let Ok(address) = fs::read_to_string(address) else {
                continue;
            };
            if visited.exists() {
                continue;
            }
            if visits > 0 {
                visits -= 1;
                let mut connection = TcpStream::connect(address).unwrap();
                write!(connection, "{request} HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
                let mut answer = Vec::new();
                // It may be reset rather than closed: nothing was answered in either case.
                let _ = connection.read_to_end(&mut answer);
                assert!(answer.is_empty(), "{}", String::from_utf8_lossy(&answer));
            }
            // Its program may have run out of time.
            let _ = fs::write(visited, "");
        }
        thread::sleep(Duration::from_millis(5));
    }
    run.join().unwrap()
}

#[test]
fn a_neighbour_that_asks_a_stand_in_makes_its_trial_inconclusive_and_is_named() {
    needs!(here("python"));
    for request in ["GET /item/2", "GET /elsewhere", "POST /item/1"] {
        let judged = overheard(request, u32::MAX);
        let row = judged.row("overheard/python/overheard");
        assert_eq!(row.verdict, Verdict::Inconclusive, "{:?}", judged.ran);
        let reason = row.reason.as_deref().unwrap();
        assert!(reason.contains(request), "{reason}");
        let own = format!("process {}", std::process::id());
        assert!(reason.contains(&own), "{reason}");
    }
}

#[test]
fn a_neighbour_that_asks_once_spoils_one_trial_and_not_the_row() {
    needs!(here("python"));
    let judged = overheard("GET /item/2", 1);
    let row = judged.row("overheard/python/overheard");
    // A busy machine may leave the others open; nothing makes them fail.
    assert_ne!(row.verdict, Verdict::Fail, "{:?}", judged.ran);
    let verdicts: Vec<_> = row.trials.iter().map(|trial| trial.verdict).collect();
    assert!(verdicts.contains(&Verdict::Inconclusive), "{verdicts:?}");
}
