//! What a program's processes may have of files; the kernel enforces it.

use std::io;

use rustix::process::{Resource, Rlimit, geteuid, getrlimit, setrlimit};

/// What this process may have, and so each program, apart from what is bound for it; `None` where nothing is bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ceilings {
    /// Processes and threads of the user's. They bind no superuser.
    pub processes: Option<u64>,
    /// Bytes of addresses of one process.
    pub memory_bytes: Option<u64>,
}

impl Ceilings {
    /// Those of this process.
    #[must_use]
    pub fn ours() -> Ceilings {
        let processes = getrlimit(Resource::Nproc).current;
        Ceilings {
            processes: processes.filter(|_| !geteuid().is_root()),
            memory_bytes: getrlimit(Resource::As).current,
        }
    }
}

/// What each process of a program may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resources {
    /// Bytes of the largest file that it may write; past them it gets SIGXFSZ.
    pub file_bytes: u64,
    /// Descriptors that it may hold; past them it is refused more.
    pub open_files: u64,
}

impl Default for Resources {
    fn default() -> Self {
        Resources {
            file_bytes: 1 << 30,
            open_files: 1 << 14,
        }
    }
}

impl Resources {
    /// One word of a command line: `BYTES:FILES`.
    pub(super) fn word(self) -> String {
        format!("{}:{}", self.file_bytes, self.open_files)
    }

    /// Reads what [`Resources::word`] wrote.
    pub(super) fn from_word(word: &str) -> Option<Resources> {
        let (file_bytes, open_files) = word.split_once(':')?;
        Some(Resources {
            file_bytes: file_bytes.parse().ok()?,
            open_files: open_files.parse().ok()?,
        })
    }

    /// As much as this process may have itself.
    pub const OURS: Resources = Resources {
        file_bytes: u64::MAX,
        open_files: u64::MAX,
    };

    /// Limits this process and all its descendants, none of which leaves a core dump behind either.
    ///
    /// # Errors
    /// The system refuses.
    pub fn bind(self) -> io::Result<()> {
        lower(Resource::Core, 0)?;
        lower(Resource::Fsize, self.file_bytes)?;
        lower(Resource::Nofile, self.open_files)
    }
}

/// Lowers a limit, and never raises it.
fn lower(resource: Resource, most: u64) -> io::Result<()> {
    if most == u64::MAX {
        // Not every system takes this for no limit.
        return Ok(());
    }
    let now = getrlimit(resource);
    let least = |limit: Option<u64>| Some(limit.map_or(most, |limit| limit.min(most)));
    let new = Rlimit {
        current: least(now.current),
        maximum: least(now.maximum),
    };
    Ok(setrlimit(resource, new)?)
}
