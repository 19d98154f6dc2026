//! A call that builds a program and runs it at once: for languages whose programs have to be built anew to be observed.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::cache::Cache;
use super::entry;
use super::error::BuildError;
use super::names::names;
use super::package;
use super::plan::{Compile, Plan, Way};
use super::request::Request;
use crate::process::Command;
use crate::toolchain::{Package, Surroundings, build_environment, recipe};

/// Writes a program into `folder`, and gives the call that builds and runs it there; `None` where it can be observed as it is
/// built for its trials. What both builds share is kept in the cache.
///
/// # Errors
/// If a source cannot be read or copied.
pub fn in_place(
    request: &Request,
    cache: &Cache,
    surroundings: &Surroundings,
    folder: &Path,
) -> Result<Option<Command>, BuildError> {
    let toolchain = &request.toolchain;
    let probe = recipe(&toolchain.language).and_then(|recipe| recipe.runtime_probe.as_ref());
    let Some(words) = probe.and_then(|probe| probe.runs) else {
        return Ok(None);
    };
    let plan = Plan::new(request)?;
    let failed = |error| BuildError::unusable(folder, &error);
    let mut env = build_environment(toolchain, surroundings);
    let mut args: Vec<OsString> = words.args.iter().map(Into::into).collect();
    let (program, own) = match plan.way {
        Way::Compiled(Compile::Recipe(compiler)) => {
            plan.write(folder).map_err(failed)?;
            for (name, text) in (compiler.beside)(toolchain) {
                fs::write(folder.join(name), text).map_err(failed)?;
            }
            let own = (compiler.environment)(cache.folder());
            (toolchain.path.clone(), own)
        }
        Way::Package(manager) => {
            let package = kept_package(&plan, manager, cache)
                .map_err(|error| BuildError::unusable(cache.folder(), &error))?;
            let target = observed(cache).join("target");
            let manifest = package.join(manager.manifest.file);
            args.extend(["--target-dir".into(), target.into()]);
            // What follows is for the program.
            args.extend(["--manifest-path".into(), manifest.into(), "--".into()]);
            let own = (manager.environment)(toolchain, &env, cache.folder());
            ((manager.binary)(toolchain), own)
        }
        Way::Script(_) | Way::Compiled(Compile::Own(_)) => return Ok(None),
    };
    let named = own.into_iter().chain(
        words
            .environment
            .iter()
            .map(|(name, value)| (*name, value.into())),
    );
    for (name, value) in named {
        env.retain(|(known, _)| known != name);
        env.push((name.into(), value));
    }
    Ok(Some(Command {
        program,
        args,
        env,
        folder: folder.to_path_buf(),
    }))
}

/// Where packages lie that are built to be observed, and what is built of them.
fn observed(cache: &Cache) -> PathBuf {
    cache.folder().join("packages").join("observed")
}

/// The package of one program, at a place of its own: what is built of it is found again there.
fn kept_package(plan: &Plan<'_>, manager: &Package, cache: &Cache) -> io::Result<PathBuf> {
    let folder = observed(cache).join(plan.key.as_str());
    let package = folder.join("package");
    let _lock = entry::lock(cache, &plan.key)?;
    // The last file that is written.
    if !package.join(manager.lock.file).is_file() {
        fs::create_dir_all(&folder)?;
        package::write(&folder, &[plan], &names(&[plan]), manager)?;
    }
    Ok(package)
}
