//! `.ci/nothing-left`, which `.ci/run` runs these tests with, sees what a command leaves behind.

use std::path::Path;

use crate::needs::{here, left_out, needs};

/// Its exit code, and what it says, for a shell's script; `None` where it cannot be run.
fn after(script: &str) -> Option<(i32, String)> {
    here("python")?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let watcher = root.join(".ci/nothing-left");
    if !watcher.is_file() {
        left_out("no .ci here: the published crate has none");
        return None;
    }
    // In a folder of its own: what other tests build meanwhile is not this command's.
    let folder = tempfile::tempdir().unwrap();
    let output = duct::cmd!(watcher, "sh", "-c", script)
        .dir(folder.path())
        .stderr_capture()
        .unchecked()
        .run()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Some((output.status.code().unwrap(), said))
}

#[test]
fn what_a_command_leaves_behind_is_seen() {
    let (code, said) = needs!(after("exit 0"));
    assert_eq!((code, said.as_str()), (0, ""));
    let (code, _) = after("exit 3").unwrap();
    assert_eq!(code, 3);

    let (code, said) = after("touch $TMPDIR/forgotten").unwrap();
    assert_eq!(code, 1);
    assert!(
        said.contains("left behind: file") && said.contains("/forgotten"),
        "{said}"
    );

    // A daemon that hides its environment and closes all it has, and ends before it is a nuisance.
    let daemon = "exec env -i /bin/sh -c 'exec sleep 14' <&- >&- 2>&-";
    let (code, said) = after(&format!("setsid sh -c \"{daemon}\" &")).unwrap();
    assert_eq!(code, 1);
    assert!(
        said.contains("left behind: process") && said.contains("sleep 14"),
        "{said}"
    );

    // One that takes a moment is none.
    let (code, said) = after("sleep 1 </dev/null >/dev/null 2>&1 &").unwrap();
    assert_eq!((code, said.as_str()), (0, ""));
}
