//! What is to be built, and the key by which it is known once it is.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use super::artifact::SourceFile;
use super::entry::Key;
use super::error::BuildError;
use super::request::{LIMIT, Request};
use crate::model::case::Commands;
use crate::model::toolchain::Toolchain;
use crate::toolchain::{Build, Compiler, Engine, Package, recipe};

/// How a source becomes something that runs.
#[derive(Clone, Copy)]
pub(super) enum Way<'a> {
    /// By the engine that runs it, as it is.
    Script(Option<&'static Engine>),
    /// By a compiler of single files.
    Compiled(Compile<'a>),
    /// By a package manager.
    Package(&'static Package),
}

/// What compiles a single file.
#[derive(Clone, Copy)]
pub(super) enum Compile<'a> {
    /// A compiler of its language.
    Recipe(&'static Compiler),
    /// The commands of its case.
    Own(&'a Commands),
}

impl<'a> Compile<'a> {
    /// Files that stand beside the source, by name.
    pub(super) fn extra_files(self, toolchain: &Toolchain) -> Vec<(&'static str, String)> {
        match self {
            Compile::Recipe(compiler) => (compiler.beside)(toolchain),
            Compile::Own(_) => Vec::new(),
        }
    }
}

impl<'a> Way<'a> {
    /// The way of a request, and the revision of its recipe.
    fn new(request: &'a Request) -> Result<(Way<'a>, u32), BuildError> {
        if let Some(commands) = &request.commands {
            return Ok((Way::Compiled(Compile::Own(commands)), 0));
        }
        let language = &request.toolchain.language;
        let Some(recipe) = recipe(language) else {
            return Err(BuildError::environment(format!(
                "there is no way to build `{language}` programs: give this one `run` in its case file"
            )));
        };
        let way = match &recipe.build {
            Build::Script => Way::Script(recipe.engine(&request.toolchain.implementation)),
            Build::Each(compiler) => Way::Compiled(Compile::Recipe(compiler)),
            Build::Package(package) => Way::Package(package),
        };
        Ok((way, recipe.revision))
    }

    /// Whether the source is run as it is.
    pub(super) fn runs_source(self) -> bool {
        match self {
            Way::Script(_) => true,
            Way::Compiled(Compile::Own(commands)) => commands.build.is_none(),
            Way::Compiled(Compile::Recipe(_)) | Way::Package(_) => false,
        }
    }

    /// What builds it by a call of its own; `None` if one call builds it with others.
    pub(super) fn alone(self) -> Option<Compile<'a>> {
        match self {
            Way::Compiled(Compile::Recipe(compiler)) if compiler.together.is_some() => None,
            Way::Compiled(compile) => Some(compile),
            Way::Script(_) | Way::Package(_) => None,
        }
    }

    /// All that decides what a build makes, besides the source and the toolchain.
    fn flags(self, toolchain: &Toolchain, file: &Path) -> String {
        match self {
            Way::Script(_) => String::new(),
            Way::Compiled(Compile::Recipe(compiler)) => format!(
                "{:?}{:?}{:?}",
                (compiler.command)(toolchain, file, Path::new("out")),
                (compiler.environment)(Path::new("cache")),
                (compiler.beside)(toolchain),
            ),
            Way::Compiled(Compile::Own(commands)) => format!("{:?}", commands.build),
            Way::Package(package) => format!("{}{}", package.manifest.text, package.lock.text),
        }
    }
}

/// A request whose source has been read: all trials run what it held then.
pub(super) struct Plan<'a> {
    pub(super) request: &'a Request,
    pub(super) way: Way<'a>,
    /// The source's own name.
    pub(super) file: &'a Path,
    pub(super) bytes: Vec<u8>,
    /// What lies beside it.
    pub(super) files: Vec<SourceFile>,
    /// What its entry in the cache is found by.
    pub(super) key: Key,
}

/// How long one call may take that builds all of `plans`.
pub(super) fn limit(plans: &[&Plan<'_>]) -> Duration {
    let limits = plans.iter().map(|plan| plan.request.limit);
    limits.max().unwrap_or(LIMIT)
}

impl Plan<'_> {
    /// Reads the source, and finds out what else decides what it becomes.
    pub(super) fn new(request: &Request) -> Result<Plan<'_>, BuildError> {
        let Request {
            source, toolchain, ..
        } = request;
        let (way, revision) = Way::new(request)?;
        let bytes = read(source)?;
        let beside = request.files.iter().map(|path| {
            Ok(SourceFile {
                name: path.file_name().unwrap_or_default().into(),
                bytes: read(path)?,
            })
        });
        let files = beside.collect::<Result<Vec<SourceFile>, BuildError>>()?;
        let file = Path::new(source.file_name().unwrap_or_default());
        let tool =
            Key::new(toolchain).map_err(|error| BuildError::unusable(&toolchain.path, &error))?;
        let (revision, flags) = (revision.to_le_bytes(), way.flags(toolchain, file));
        let own: [&[u8]; 6] = [
            toolchain.language.as_bytes(),
            &revision,
            tool.as_str().as_bytes(),
            flags.as_bytes(),
            file.as_os_str().as_encoded_bytes(),
            &bytes,
        ];
        let beside = files.iter();
        let beside = beside.flat_map(|f| [f.name.as_encoded_bytes(), f.bytes.as_slice()]);
        let key = Key::from_parts(own.into_iter().chain(beside));
        Ok(Plan {
            request,
            way,
            file,
            bytes,
            files,
            key,
        })
    }

    /// Writes the source and what lies beside it into a folder.
    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        fs::write(folder.join(self.file), &self.bytes)?;
        let mut beside = self.files.iter();
        beside.try_for_each(|file| fs::write(folder.join(&file.name), &file.bytes))
    }

    /// What a program that is run from its source needs in its work folder: the source first.
    pub(super) fn sources(&self) -> Vec<SourceFile> {
        let source = SourceFile {
            name: self.file.into(),
            bytes: self.bytes.clone(),
        };
        [source].into_iter().chain(self.files.clone()).collect()
    }
}

fn read(path: &Path) -> Result<Vec<u8>, BuildError> {
    let unreadable = |error: io::Error| BuildError::unusable(path, &error);
    // Opening a pipe or a device could wait for ever.
    if !fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(BuildError::unusable(
            path,
            &io::Error::other("it is not a plain file"),
        ));
    }
    fs::read(path).map_err(unreadable)
}
