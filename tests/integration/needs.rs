//! What a test needs that a machine may lack: a toolchain, a tool, two processors. Each says what the test leaves out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::thread;

use serde_json::Value;

use crate::harness::Repro;
pub use crate::left_out::left_out;
pub(crate) use crate::left_out::needs;

/// The rows of `repro toolchains`.
static TOOLCHAINS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let ran = Repro::new().args(["toolchains", "--format", "json"]).run();
    let rows = ran.exits(0).json();
    rows.as_array().unwrap().clone()
});

/// The path of each language's default toolchain.
static HERE: LazyLock<BTreeMap<String, PathBuf>> = LazyLock::new(|| {
    let found = TOOLCHAINS.iter().filter(|row| {
        row["default"] == Value::Bool(true) && row["status"] == Value::String("found".into())
    });
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    found
        .map(|row| (text(&row["language"]), text(&row["path"]).into()))
        .collect()
});

/// Where a language's default toolchain is.
pub fn here(language: &str) -> Option<&'static Path> {
    let found = HERE.get(language).map(PathBuf::as_path);
    if found.is_none() {
        left_out(&format!("no {language} here"));
    }
    found
}

/// Whether an implementation such as `deno` is here.
pub fn has_implementation(name: &str) -> bool {
    let mut rows = TOOLCHAINS.iter();
    let found = rows.any(|row| row["implementation"] == Value::String(name.into()));
    if !found {
        left_out(&format!("no {name} here"));
    }
    found
}

/// The first of these tools that is in a folder of `PATH`.
pub fn on_path(tools: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let places = |tool| folders.iter().map(move |folder| folder.join(tool));
    let mut places = tools.iter().flat_map(places);
    let found = places.find(|file| file.is_file());
    if found.is_none() {
        left_out(&format!("no {} here", tools[0]));
    }
    found
}

/// Whether two programs can run at once.
pub fn two_processors() -> Option<()> {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    if processors < 2 {
        left_out("only one processor here");
        return None;
    }
    Some(())
}
