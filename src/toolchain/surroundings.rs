//! What surrounds `repro` itself: a snapshot taken once, so that nothing later depends on when it looks.

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use crate::clock::Clock;
use crate::process::Stop;

/// The environment in which `repro` was started.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// The folders of PATH, in order; relative and empty entries are left out.
    pub path: Vec<PathBuf>,
    /// Every environment variable.
    pub vars: BTreeMap<OsString, OsString>,
    /// The user's home, from HOME or the system's user table; absolute.
    pub home: Option<PathBuf>,
    /// The folder `repro` was started in, `/` if that is gone; absolute.
    pub folder: PathBuf,
    /// Languages and the binaries of toolchains that somebody named by their paths.
    pub named: Vec<(String, PathBuf)>,
    /// The clock by which tools time out, and builds are timed.
    pub clock: Clock,
    /// Whether somebody wants `repro` to end, and with it the tools that it asks who they are.
    pub stop: Stop,
}

impl Surroundings {
    /// Those of this process, as they are now.
    #[must_use]
    pub fn current(clock: Clock) -> Surroundings {
        let vars: BTreeMap<_, _> = env::vars_os().collect();
        // An entry such as `.` would run whatever a case folder happens to hold.
        let path = vars.get(OsStr::new("PATH")).map_or_else(Vec::new, |path| {
            env::split_paths(path).filter(|p| p.is_absolute()).collect()
        });
        Surroundings {
            path,
            home: etcetera::home_dir().ok().filter(|h| h.is_absolute()),
            folder: env::current_dir().unwrap_or_else(|_| PathBuf::from("/")),
            vars,
            named: Vec::new(),
            clock,
            stop: Stop::default(),
        }
    }

    /// A variable that is set and not empty.
    #[must_use]
    pub fn var(&self, name: &str) -> Option<&OsStr> {
        let value = self.vars.get(OsStr::new(name))?;
        (!value.is_empty()).then_some(value)
    }

    /// A variable that holds an absolute path.
    #[must_use]
    pub fn folder_in(&self, name: &str) -> Option<PathBuf> {
        let path = PathBuf::from(self.var(name)?);
        path.is_absolute().then_some(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_path_is_no_folder() {
        let vars = [("A", "here"), ("B", "/there"), ("C", "")];
        let surroundings = Surroundings {
            vars: vars.map(|(k, v)| (k.into(), v.into())).into(),
            ..Surroundings::default()
        };
        assert_eq!(surroundings.folder_in("A"), None);
        assert_eq!(surroundings.folder_in("B"), Some(PathBuf::from("/there")));
        assert_eq!(surroundings.folder_in("C"), None);
    }
}
