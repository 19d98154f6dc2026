//! The ready files under `deploy/` name commands and options that there are.

use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::Repro;

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy");
    let files = fs::read_dir(folder).unwrap();
    files.map(|file| file.unwrap().path()).collect()
}

/// Each call of `repro` in a file, on one line.
fn calls(text: &str) -> Vec<String> {
    let text = text.replace("\\\n", " ");
    let after = text.lines().filter_map(|line| line.split_once("repro "));
    let calls = after.map(|(_, call)| call.to_string());
    let is_command = |call: &String| call.starts_with("run ") || call.starts_with("merge ");
    calls.filter(is_command).collect()
}

#[test]
fn each_file_runs_shards_and_merges_them_with_options_that_there_are() {
    let files = files();
    assert_eq!(files.len(), 4);
    for file in files {
        let calls = calls(&fs::read_to_string(&file).unwrap());
        let commands: Vec<&str> = calls
            .iter()
            .filter_map(|call| call.split(' ').next())
            .collect();
        assert!(
            commands.contains(&"run") && commands.contains(&"merge"),
            "{file:?}"
        );
        for call in &calls {
            let mut words = call.split_whitespace();
            let command = words.next().unwrap();
            let help = Repro::new().args([command, "--help"]).run();
            for option in words.filter(|word| word.starts_with("--")) {
                assert!(help.stdout.contains(option), "{file:?}: {option} of {call}");
            }
        }
    }
}
