//! A program that is ready to run, and the exact command that runs it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::model::toolchain::Toolchain;
use crate::process::Command;
use crate::toolchain::{Preload, environment, recipe};

/// A program that is ready to run, any number of times.
#[derive(Debug, Clone, PartialEq)]
pub struct Artifact {
    /// What it was built with, and runs on.
    pub toolchain: Toolchain,
    /// The binary to start.
    pub program: PathBuf,
    /// Its arguments, before those of the program itself.
    pub args: Vec<OsString>,
    /// Variables of its own, over those of its toolchain.
    pub env: Vec<(&'static str, OsString)>,
    /// What has to be in the work folder; the source of a script comes first.
    pub files: Vec<SourceFile>,
}

/// A file of the work folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Its name, without a folder.
    pub name: OsString,
    /// Its content, as it was when the build began: all trials run the same.
    pub bytes: Vec<u8>,
}

impl Artifact {
    /// The same with a script, given by its source, loaded before its own in `folder`; itself where its runtime has no use
    /// for that.
    #[must_use]
    pub fn preloaded(&self, script: &str, folder: &Path) -> Artifact {
        let mut artifact = self.clone();
        let recipe = recipe(&self.toolchain.language);
        let engine = recipe.and_then(|r| r.engine(&self.toolchain.implementation));
        let Some(preload) = engine.and_then(|e| e.preload) else {
            return artifact;
        };
        let Preload { args, env, file } = preload(script, folder);
        let source = self.files.first().map(|file| &file.name);
        let place = self.args.iter().position(|arg| Some(arg) == source);
        if let Some(place) = place {
            artifact.args.splice(place..place, args);
        }
        artifact.env.extend(env);
        artifact.files.extend(file.map(|(name, text)| SourceFile {
            name: name.into(),
            bytes: text.into(),
        }));
        artifact
    }

    /// Puts what the program needs into its empty work folder.
    ///
    /// # Errors
    /// A file cannot be written; the error names it.
    pub fn prepare(&self, work_folder: &Path) -> io::Result<()> {
        for file in &self.files {
            let path = work_folder.join(&file.name);
            fs::write(&path, &file.bytes).map_err(|error| {
                let text = format!("{} cannot be written: {error}", path.display());
                io::Error::new(error.kind(), text)
            })?;
        }
        Ok(())
    }

    /// The command that runs it in `work_folder`, with `args` after its own and `env` over the
    /// environment that every program gets.
    #[must_use]
    pub fn command<A, K, V>(
        &self,
        work_folder: &Path,
        args: impl IntoIterator<Item = A>,
        env: impl IntoIterator<Item = (K, V)>,
    ) -> Command
    where
        A: Into<OsString>,
        K: Into<OsString>,
        V: Into<OsString>,
    {
        let mut vars: BTreeMap<OsString, OsString> = environment(&self.toolchain, work_folder)
            .into_iter()
            .collect();
        let own = self.env.iter().map(|(k, v)| (OsString::from(k), v.clone()));
        vars.extend(own);
        vars.extend(env.into_iter().map(|(k, v)| (k.into(), v.into())));
        let mut all_args = self.args.clone();
        all_args.extend(args.into_iter().map(Into::into));
        Command {
            program: self.program.clone(),
            args: all_args,
            env: vars.into_iter().collect(),
            folder: work_folder.to_path_buf(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_adds_to_the_artifacts_own_arguments_and_environment() {
        let artifact = Artifact {
            toolchain: Toolchain {
                language: "python".into(),
                implementation: "cpython".into(),
                version: None,
                path: "/usr/bin/python3".into(),
            },
            program: "/usr/bin/python3".into(),
            args: vec!["main.py".into()],
            env: Vec::new(),
            files: vec![SourceFile {
                name: "main.py".into(),
                bytes: b"print(1)".into(),
            }],
        };
        let work = tempfile::tempdir().unwrap();
        artifact.prepare(work.path()).unwrap();
        assert_eq!(fs::read(work.path().join("main.py")).unwrap(), b"print(1)");
        let command = artifact.command(work.path(), ["a b"], [("TZ", "Asia/Tokyo"), ("X", "1")]);
        assert_eq!(command.args, ["main.py", "a b"]);
        assert_eq!(command.folder, work.path());
        let zones: Vec<_> = command.env.iter().filter(|(n, _)| n == "TZ").collect();
        assert_eq!(zones, [&("TZ".into(), "Asia/Tokyo".into())]);
        assert!(command.env.contains(&("X".into(), "1".into())));
        let error = artifact.prepare(&work.path().join("gone")).unwrap_err();
        assert!(error.to_string().contains("gone/main.py cannot be written"));
    }
}
