//! The calls of a package manager.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::super::context::Context;
use super::super::entry::{self, Entry, Key};
use super::super::error::{BuildError, capped};
use super::super::names::names;
use super::super::plan::{Plan, limit};
use super::super::request::Built;
use super::super::runnable::artifact;
use super::files;
use super::messages::{self, Messages};
use crate::model::toolchain::Toolchain;
use crate::process::{Command, ToolOutput, tool};
use crate::toolchain::{Package, build_environment};

/// Builds all of `plans`, in their order; one that does not compile leaves the others alone.
pub(in super::super) fn build(
    toolchain: &Toolchain,
    plans: &[&Plan<'_>],
    manager: &Package,
    context: &Context<'_>,
) -> Vec<Result<Built, BuildError>> {
    let cache = context.cache;
    let locked = Key::new(toolchain).and_then(|key| Ok((entry::lock(cache, &key)?, key)));
    let (_lock, key) = match locked {
        Ok(locked) => locked,
        Err(error) => return vec![Err(BuildError::unusable(cache.folder(), &error)); plans.len()],
    };
    let caller = Caller::new(toolchain, manager, &key, context);
    // Another run may have built some of them while this one waited for its turn.
    let ready: Vec<Option<Built>> = plans.iter().map(|plan| caller.ready(plan)).collect();
    let missing: Vec<&Plan<'_>> = plans
        .iter()
        .zip(&ready)
        .filter_map(|(plan, ready)| ready.is_none().then_some(*plan))
        .collect();
    let mut built = caller.compile(&missing).into_iter();
    let results = ready.into_iter();
    let lost = || Err(BuildError::environment("it was not built"));
    results
        .map(|ready| ready.map_or_else(|| built.next().unwrap_or_else(lost), Ok))
        .collect()
}

/// The call that builds one program of the package that the last call has left.
pub(in super::super) fn by_hand(
    plan: &Plan<'_>,
    manager: &Package,
    key: &Key,
    context: &Context<'_>,
) -> Command {
    let name = names(&[plan]).remove(0);
    let caller = Caller::new(&plan.request.toolchain, manager, key, context);
    caller.command(&["build", "--locked", "--bin", &name])
}

/// What every call needs.
struct Caller<'a> {
    toolchain: &'a Toolchain,
    manager: &'a Package,
    /// Where the package and what is built of it lie.
    folder: PathBuf,
    context: &'a Context<'a>,
}

/// What one call left.
struct Outcome {
    messages: Messages,
    output: ToolOutput,
    took: Duration,
}

impl<'a> Caller<'a> {
    fn new(
        toolchain: &'a Toolchain,
        manager: &'a Package,
        key: &Key,
        context: &'a Context<'a>,
    ) -> Caller<'a> {
        Caller {
            toolchain,
            manager,
            folder: context.cache.folder().join("packages").join(key.as_str()),
            context,
        }
    }

    fn built(&self, plan: &Plan<'_>, out: &Path, took: Option<Duration>) -> Built {
        Built::new(artifact(plan, out, self.context.surroundings), took)
    }

    fn ready(&self, plan: &Plan<'_>) -> Option<Built> {
        match entry::look_up(self.context.cache, &plan.key) {
            Entry::Ready(out) => Some(self.built(plan, &out, None)),
            Entry::Absent | Entry::Damaged => None,
        }
    }

    fn compile(&self, plans: &[&Plan<'_>]) -> Vec<Result<Built, BuildError>> {
        if plans.is_empty() {
            return Vec::new();
        }
        let names = names(plans);
        match self.call(plans, &names) {
            Ok(outcome) => plans
                .iter()
                .zip(&names)
                .map(|(plan, name)| self.result(plan, name, &outcome))
                .collect(),
            Err(error) => vec![Err(error); plans.len()],
        }
    }

    fn call(&self, plans: &[&Plan<'_>], names: &[String]) -> Result<Outcome, BuildError> {
        files::write(&self.folder, plans, names, self.manager)
            .map_err(|error| BuildError::unusable(&self.folder, &error))?;
        let first = !self.folder.join("target").is_dir();
        if !first {
            self.clean(limit(plans));
        }
        let options = ["build", "--locked", "--keep-going", "--message-format=json"];
        let command = self.command(&options);
        let name = self.toolchain.name();
        let what = match plans.len() {
            1 => format!("{name}: 1 program"),
            n => format!("{name}: {n} programs"),
        };
        let why_slow = first.then(|| self.manager.why_slow.to_string());
        let (output, took) = self.context.call(&command, &what, why_slow, limit(plans));
        let output = output?;
        Ok(Outcome {
            messages: messages::read(&output.stdout),
            output,
            took,
        })
    }

    /// Cargo takes a program for unchanged if its file is older than the last build, as it may be after
    /// the clock was set back. So what was built of the programs is removed; what was built of their dependencies stays.
    fn clean(&self, limit: Duration) {
        let name = self.manager.name;
        let command = self.command(&["clean", "--locked", "--offline", "--package", name]);
        // If it fails, the build that follows fails likewise, and says why.
        let clock = self.context.surroundings.clock;
        let _ = tool(&command, limit, clock, self.context.stop);
    }

    fn command(&self, options: &[&str]) -> Command {
        let cache = self.context.cache.folder();
        let mut env = build_environment(self.toolchain, self.context.surroundings);
        let own = (self.manager.environment)(self.toolchain, &env, cache);
        env.extend(own.into_iter().map(|(name, value)| (name.into(), value)));
        let mut args: Vec<_> = options.iter().map(Into::into).collect();
        args.extend(["--target-dir".into(), self.folder.join("target").into()]);
        Command {
            program: (self.manager.binary)(self.toolchain),
            args,
            env,
            folder: self.folder.join("package"),
        }
    }

    fn result(&self, plan: &Plan<'_>, name: &str, of: &Outcome) -> Result<Built, BuildError> {
        if let Some(binary) = of.messages.binaries.get(name) {
            let out = self.keep(plan, binary);
            let out = out.map_err(|error| BuildError::unusable(binary, &error))?;
            return Ok(self.built(plan, &out, Some(of.took)));
        }
        Err(match of.messages.errors.get(name) {
            Some(text) => BuildError::from_output(text),
            None => BuildError::environment(self.why_none(&of.output)),
        })
    }

    fn keep(&self, plan: &Plan<'_>, binary: &Path) -> io::Result<PathBuf> {
        let cache = self.context.cache;
        if let Entry::Ready(out) = entry::look_up(cache, &plan.key) {
            return Ok(out);
        }
        let scratch = entry::scratch(cache)?;
        let out = scratch.path().join("out");
        fs::create_dir(&out)?;
        fs::copy(binary, out.join("program"))?;
        entry::store(cache, &plan.key, scratch)
    }

    /// Why the call built nothing and blamed no program.
    fn why_none(&self, output: &ToolOutput) -> String {
        let stderr = String::from_utf8_lossy(&output.stderr);
        // What comes before the first error is only progress.
        let error = stderr.find("error:").unwrap_or(0);
        let said = capped(&stderr[error..]);
        if self.manager.fetches.failed(&stderr) {
            return format!("{}\n{said}", self.manager.fetches.advice);
        }
        let binary = (self.manager.binary)(self.toolchain);
        let name = binary.file_name().unwrap_or_default().display();
        let ending = output.ending();
        match output.code {
            Some(0) => format!("{name} {ending} and left no binary"),
            Some(_) => format!("{name} {ending}\n{said}"),
            None => format!("{name} {ending}: is there enough memory?\n{said}"),
        }
    }
}
