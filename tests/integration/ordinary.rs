//! The capture as an ordinary user has it, who may have no more room and no more urgency than the system gives to all.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rustix::process::geteuid;
use serde_json::Value;

/// Nobody's number, on any system.
const NOBODY: &str = "65534";

/// `repro stamp --json` of a script, as an ordinary user: each stream's lines by their lengths, and the exit's row.
fn stamped_by_nobody(capture: &str, script: &str) -> (Vec<(String, usize)>, Value) {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    let repro = folder.path().join("repro");
    fs::copy(env!("CARGO_BIN_EXE_repro"), &repro).unwrap();
    let words = [
        "stamp",
        "--json",
        "--capture",
        capture,
        "--",
        "sh",
        "-c",
        script,
    ];
    let output = as_nobody(&repro, &words, Path::new("/"));
    assert!(output.status.success(), "{output:?}");
    let rows = String::from_utf8(output.stdout).unwrap();
    let mut rows: Vec<Value> = rows
        .lines()
        .map(|row| serde_json::from_str(row).unwrap())
        .collect();
    let exit = rows.pop().unwrap();
    let lines = rows.iter().map(|row| {
        let text = row["text"].as_str().unwrap();
        (row["stream"].as_str().unwrap().to_owned(), text.len())
    });
    (lines.collect(), exit)
}

fn as_nobody(program: &Path, args: &[&str], folder: &Path) -> std::process::Output {
    let command = if geteuid().is_root() {
        let ids = ["--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--"];
        let words = ids.iter().map(Into::into).chain([program.into()]);
        let words = words.chain(args.iter().map(Into::into));
        duct::cmd("setpriv", words.collect::<Vec<std::ffi::OsString>>())
    } else {
        duct::cmd(program, args)
    };
    let path = std::env::var_os("PATH").unwrap_or_default();
    let command = command.dir(folder).full_env([("PATH", path)]).stdin_null();
    command
        .stdout_capture()
        .stderr_capture()
        .unchecked()
        .run()
        .unwrap()
}

#[test]
fn habits_that_break_on_sockets_and_small_buffers_are_kept_for_an_ordinary_user_too() {
    let script = "head -c 1000000 /dev/zero | tr '\\0' x; echo; echo b >&2; echo cc > /dev/stdout; \
                  dd if=/dev/zero bs=1000000 count=1 2>/dev/null | tr '\\0' y | dd bs=1000000 iflag=fullblock 2>/dev/null; \
                  echo; exec 5>/dev/fd/2; echo ddd >&5";
    for capture in ["stamped", "piped"] {
        let (lines, exit) = stamped_by_nobody(capture, script);
        let of = |stream: &str| -> Vec<usize> {
            let lines = lines.iter().filter(|(name, _)| name == stream);
            lines.map(|(_, length)| *length).collect()
        };
        assert_eq!(of("stdout"), [1_000_000, 2, 1_000_000], "{capture}");
        assert_eq!(of("stderr"), [1, 3], "{capture}");
        assert_eq!(exit["capture"], capture);
    }
}
