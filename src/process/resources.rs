//! What a program's process may have of files; the kernel sees to it.

use std::io;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

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
    /// One word that [`Resources::of_word`] reads.
    pub(super) fn word(self) -> String {
        format!("{}:{}", self.file_bytes, self.open_files)
    }

    pub(super) fn of_word(word: &str) -> Option<Resources> {
        let (file_bytes, open_files) = word.split_once(':')?;
        Some(Resources {
            file_bytes: file_bytes.parse().ok()?,
            open_files: open_files.parse().ok()?,
        })
    }

    /// Binds this process and all that come from it, none of which leaves a core behind either.
    ///
    /// # Errors
    /// The system refuses.
    pub(super) fn bind(self) -> io::Result<()> {
        bound(Resource::Core, 0)?;
        bound(Resource::Fsize, self.file_bytes)?;
        bound(Resource::Nofile, self.open_files)
    }
}

/// No more than it was.
fn bound(resource: Resource, most: u64) -> io::Result<()> {
    let now = getrlimit(resource);
    let least = |limit: Option<u64>| Some(limit.map_or(most, |limit| limit.min(most)));
    let new = Rlimit {
        current: least(now.current),
        maximum: least(now.maximum),
    };
    Ok(setrlimit(resource, new)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_are_told_in_a_word() {
        let resources = Resources {
            file_bytes: 1 << 40,
            open_files: 3,
        };
        assert_eq!(Resources::of_word(&resources.word()), Some(resources));
        for nonsense in ["", "5", "5:", "-1:2", "5:2:3"] {
            assert_eq!(Resources::of_word(nonsense), None, "{nonsense}");
        }
    }
}
