//! What builds a program by hand: lines for a shell.

use std::path::Path;

use super::context::Context;
use super::entry::Key;
use super::plan::{Plan, Way};
use super::{Cache, Request, cargo, each, own};
use crate::process::{Stop, quoted};
use crate::progress::Silence;
use crate::toolchain::{Compiler, Surroundings};

/// The lines that make the same call of a compiler in `folder`, which may be kept; none where nothing is compiled.
#[must_use]
pub fn by_hand(
    request: &Request,
    cache: &Cache,
    surroundings: &Surroundings,
    folder: &Path,
) -> Vec<String> {
    let Ok(plan) = Plan::of(request) else {
        return Vec::new();
    };
    let context = Context {
        cache,
        surroundings,
        listener: &Silence,
        stop: &Stop::default(),
    };
    let (source, out) = (folder.join("source"), folder.join("out"));
    let command = match plan.way {
        Way::Script(_) => return Vec::new(),
        Way::Each(compiler) => {
            let call = (compiler.command)(&request.toolchain, plan.file, &out);
            each::command(&request.toolchain, compiler, call, &source, &context)
        }
        Way::Own(commands) => own::command(&plan, commands, &source, &out, &context),
        Way::Cargo => {
            // The package lies in the cache still, as the call that failed has left it.
            let Ok(key) = Key::of_toolchain(&request.toolchain) else {
                return Vec::new();
            };
            return vec![cargo::by_hand(&plan, &key, &context).shell_line()];
        }
    };
    let mut lines = copies(request, &source, &out);
    if let Way::Each(compiler) = plan.way {
        lines.extend(beside(request, compiler, &source));
    }
    lines.push(command.shell_line());
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

/// What a compiler wants to find beside the source.
fn beside(request: &Request, compiler: &Compiler, source: &Path) -> Vec<String> {
    let files = (compiler.beside)(&request.toolchain).into_iter();
    let print = |(name, text): (&str, String)| {
        let file = source.join(name);
        let (text, file) = (quoted(text.as_ref()), quoted(file.as_os_str()));
        format!("printf %s {text} > {file}")
    };
    files.map(print).collect()
}
