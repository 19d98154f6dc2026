//! Where a new case goes.

use std::path::{Path, PathBuf};

use crate::discover::{self, Trust};
use crate::spec::values::is_case_name;

use super::error::AuthoringError;

/// The folder that new cases go to.
#[derive(Debug, Clone)]
pub struct Destination {
    /// Its absolute path; it need not exist yet.
    pub folder: PathBuf,
    /// Its path as messages show it.
    pub shown: PathBuf,
    /// What later commands need in order to find the cases there: ` --cases DIR`, or nothing.
    pub flag: String,
}

impl Destination {
    /// The folder that `--cases` names, else the one that the nearest `repro.toml` names, else `./cases`. Later commands
    /// look in the last two without being told.
    ///
    /// # Errors
    /// If `repro.toml` is wrong, or somebody else's.
    pub fn new(flag: Option<&Path>, trust: &Trust) -> Result<Destination, AuthoringError> {
        let here = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
        let settings = discover::settings(&here, trust).map_err(AuthoringError::Settings)?;
        let named = settings.and_then(|settings| settings.cases);
        let usual = named.unwrap_or_else(|| here.join("cases"));
        let Some(flag) = flag else {
            let shown = usual.strip_prefix(&here).unwrap_or(&usual).to_path_buf();
            return Ok(Destination {
                folder: usual,
                shown,
                flag: String::new(),
            });
        };
        let folder = here.join(flag);
        let needs_flag = folder != usual;
        let flag_text = needs_flag.then(|| format!(" --cases {}", flag.display()));
        Ok(Destination {
            folder,
            shown: flag.to_path_buf(),
            flag: flag_text.unwrap_or_default(),
        })
    }

    /// Checks that a case may have this name, and that nothing stands in its place; `cure` says what to do if something
    /// does.
    ///
    /// # Errors
    /// A sentence that says what to do instead.
    pub fn has_room_for(&self, name: &str, cure: &str) -> Result<(), String> {
        if !is_case_name(name) || name == "all" {
            return Err(format!(
                "`{}` cannot be the name of a case: take lower-case letters, digits and `-`, not `-` first, at most 64, \
                 and not `all`",
                name.escape_debug()
            ));
        }
        if self.folder.join(name).symlink_metadata().is_ok() {
            return Err(format!(
                "{} exists, and nothing is written over: {cure}",
                self.shown.join(name).display()
            ));
        }
        Ok(())
    }
}
