//! What builds a program by hand: lines for a shell.

use std::path::Path;

use super::cache::Cache;
use super::context::Context;
use super::entry::Key;
use super::plan::{Plan, Way};
use super::request::Request;
use super::{package, single};
use crate::process::{Stop, quoted};
use crate::progress::Silence;
use crate::toolchain::Surroundings;

/// The lines that make the same call of a compiler in `folder`, which may be kept; none where nothing is compiled.
#[must_use]
pub fn by_hand(
    request: &Request,
    cache: &Cache,
    surroundings: &Surroundings,
    folder: &Path,
) -> Vec<String> {
    let Ok(plan) = Plan::new(request) else {
        return Vec::new();
    };
    let context = Context {
        cache,
        surroundings,
        listener: &Silence,
        stop: &Stop::default(),
    };
    let (source, out) = (folder.join("source"), folder.join("out"));
    let compile = match plan.way {
        Way::Script(_) => return Vec::new(),
        Way::Compiled(compile) => compile,
        Way::Package(manager) => {
            // The package lies in the cache still, as the call that failed has left it.
            let key = Key::new(&request.toolchain);
            let line = key.map(|key| package::by_hand(&plan, manager, &key, &context).shell_line());
            return line.into_iter().collect();
        }
    };
    let mut lines = copies(request, &source, &out);
    let extra = compile.extra_files(&request.toolchain);
    lines.extend(
        extra
            .iter()
            .map(|(name, text)| print(&source.join(name), text)),
    );
    lines.push(single::command(&plan, compile, &source, &out, &context).shell_line());
    lines
}

fn copies(request: &Request, source: &Path, out: &Path) -> Vec<String> {
    let files = [&request.source].into_iter().chain(&request.files);
    let files = files.map(|file| quoted(file.as_os_str()));
    let files: Vec<String> = files.collect();
    let (source, out) = (quoted(source.as_os_str()), quoted(out.as_os_str()));
    vec![format!(
        "mkdir -p {source} {out} && cp {} {source}",
        files.join(" ")
    )]
}

/// Writes a file that a compiler wants to find beside the source.
fn print(file: &Path, text: &str) -> String {
    let (text, file) = (quoted(text.as_ref()), quoted(file.as_os_str()));
    format!("printf %s {text} > {file}")
}
