//! What is to be built, and the key by which it is known once it is.

use std::fs;
use std::io;
use std::path::Path;

use super::entry::Key;
use super::{BuildError, Request, io_error, package};
use crate::toolchain::{Build, Recipe, recipe};

/// A request whose source has been read: all trials run what it held then.
pub(super) struct Plan<'a> {
    pub(super) request: &'a Request,
    pub(super) recipe: &'static Recipe,
    /// The source's own name.
    pub(super) file: &'a Path,
    pub(super) bytes: Vec<u8>,
    /// What its entry in the cache is found by.
    pub(super) key: Key,
}

impl Plan<'_> {
    /// Reads the source, and finds out what else decides what it becomes.
    pub(super) fn of(request: &Request) -> Result<Plan<'_>, BuildError> {
        let Request {
            source, toolchain, ..
        } = request;
        let unreadable = |error: io::Error| io_error(source, &error);
        let recipe = recipe(&toolchain.language).ok_or_else(|| {
            let language = &toolchain.language;
            BuildError::of_environment(format!("there is no way to build `{language}` programs"))
        })?;
        // Opening a pipe or a device could wait for ever.
        if !fs::metadata(source).map_err(unreadable)?.is_file() {
            return Err(io_error(
                source,
                &io::Error::other("it is not a plain file"),
            ));
        }
        let bytes = fs::read(source).map_err(unreadable)?;
        let file = Path::new(source.file_name().unwrap_or_default());
        let tool =
            Key::of_toolchain(toolchain).map_err(|error| io_error(&toolchain.path, &error))?;
        let flags = match &recipe.build {
            Build::Script => String::new(),
            Build::Each(compiler) => format!(
                "{:?}{:?}{:?}",
                (compiler.command)(toolchain, file, Path::new("out")),
                (compiler.environment)(Path::new("cache")),
                (compiler.beside)(toolchain),
            ),
            Build::Cargo => package::flags(),
        };
        let key = Key::of([
            recipe.language.as_bytes(),
            &recipe.revision.to_le_bytes(),
            tool.as_str().as_bytes(),
            flags.as_bytes(),
            file.as_os_str().as_encoded_bytes(),
            &bytes,
        ]);
        Ok(Plan {
            request,
            recipe,
            file,
            bytes,
            key,
        })
    }
}
