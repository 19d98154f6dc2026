//! A call that builds a program and runs it at once: for languages whose programs have to be built anew to be observed.

use std::fs;
use std::path::Path;

use super::cache::Cache;
use super::error::BuildError;
use super::names::names;
use super::package;
use super::plan::{Compile, Plan, Way};
use super::request::Request;
use crate::process::Command;
use crate::toolchain::{Surroundings, build_environment, recipe};

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
    let (program, folder, own) = match plan.way {
        Way::Compiled(Compile::Recipe(compiler)) => {
            plan.write(folder).map_err(failed)?;
            for (name, text) in (compiler.beside)(toolchain) {
                fs::write(folder.join(name), text).map_err(failed)?;
            }
            let own = (compiler.environment)(cache.folder());
            (toolchain.path.clone(), folder.to_path_buf(), own)
        }
        Way::Package(manager) => {
            package::write(folder, &[&plan], &names(&[&plan]), manager).map_err(failed)?;
            let mut own = (manager.environment)(toolchain, &env, cache.folder());
            let built = cache.folder().join("packages").join("observed");
            own.push(("CARGO_TARGET_DIR", built.into()));
            ((manager.binary)(toolchain), folder.join("package"), own)
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
        args: words.args.iter().map(Into::into).collect(),
        env,
        folder,
    }))
}
