//! The probes in a private folder, and the variables that load them.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::toolchain::{Environment, RECIPES};
use crate::work_folder::WorkFolder;

/// The variable that tells a probe where to write.
const VARIABLE: &str = "REPRO_PROBE";

/// A line that a runtime writes because of our variables.
pub(super) struct Announced {
    pub(super) line: Vec<u8>,
    /// What it writes without them, if anything.
    pub(super) instead: Option<Vec<u8>>,
}

/// The folder of one run; it is removed when this is dropped.
pub(super) struct Placed {
    folder: WorkFolder,
}

impl Placed {
    /// Writes every probe.
    pub(super) fn new() -> io::Result<Placed> {
        let folder = WorkFolder::new()?;
        let placed = Placed { folder };
        fs::create_dir(placed.rows())?;
        for recipe in RECIPES {
            let Some(probe) = &recipe.runtime_probe else {
                continue;
            };
            let folder = placed.folder_of(recipe.language);
            fs::create_dir(&folder)?;
            for file in probe.files {
                fs::write(folder.join(file.name), file.bytes)?;
            }
        }
        Ok(placed)
    }

    /// Where the probes write.
    pub(super) fn rows(&self) -> PathBuf {
        self.folder.path().join("rows")
    }

    fn folder_of(&self, language: &str) -> PathBuf {
        self.folder.path().join(language)
    }

    /// The variables `env` with those that load the probes.
    pub(super) fn environment(&self, mut env: Environment) -> Environment {
        let users = env.clone();
        let inherited = |name: &str| value_of(&users, name).cloned();
        for recipe in RECIPES {
            if let Some(probe) = &recipe.runtime_probe {
                let variables = (probe.environment)(&self.folder_of(recipe.language), &inherited);
                variables
                    .into_iter()
                    .for_each(|(name, value)| set(&mut env, name, value));
            }
        }
        set(&mut env, VARIABLE, self.rows().into_os_string());
        env
    }

    /// The lines that runtimes write because of our variables, each with what they would write without: the variables that
    /// the command is started with are `ours`, and those of the user are `users`.
    pub(super) fn announced(&self, users: &Environment, ours: &Environment) -> Vec<Announced> {
        let probes = RECIPES.iter().filter_map(|recipe| recipe.runtime_probe);
        let announcements = probes.flat_map(|probe| probe.announcements);
        let announced = announcements.filter_map(|announcement| {
            let line = |env: &Environment| {
                let value = value_of(env, announcement.variable)?;
                let mut line = announcement.before.as_bytes().to_vec();
                line.extend(value.as_encoded_bytes());
                Some(line)
            };
            Some(Announced {
                line: line(ours)?,
                instead: line(users),
            })
        });
        announced.collect()
    }

    /// Whether a file is one of ours.
    pub(super) fn holds(&self, file: &Path) -> bool {
        file.starts_with(self.folder.path())
    }
}

/// The later value of a name counts.
fn value_of<'e>(env: &'e Environment, name: &str) -> Option<&'e OsString> {
    let mut same = env.iter().rev().filter(|(known, _)| known == name);
    same.next().map(|(_, value)| value)
}

fn set(env: &mut Environment, name: &str, value: OsString) {
    env.retain(|(known, _)| known != OsStr::new(name));
    env.push((name.into(), value));
}
