//! How many descriptors this process may hold.

use std::fs;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// What macOS allows at most (`OPEN_MAX`), though it says that there is no limit.
const MOST_ANYWHERE: u64 = 10_240;

/// Raises the limit of this process to the highest that it is allowed. A refusal does no harm.
pub fn raise() {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    for current in [maximum, Some(MOST_ANYWHERE)] {
        if setrlimit(Resource::Nofile, Rlimit { current, maximum }).is_ok() {
            return;
        }
    }
}

/// The limit, and how many descriptors it leaves free now; `None` if there is no limit or the system does not tell.
#[must_use]
pub fn limit_and_free() -> Option<(u64, u64)> {
    let limit = getrlimit(Resource::Nofile).current?;
    // One of them reads this very folder.
    let open = fs::read_dir("/dev/fd").ok()?.count().saturating_sub(1);
    Some((limit, limit.saturating_sub(u64::try_from(open).ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_file_takes_one() {
        let free = || limit_and_free().map(|(_, free)| free);
        // Other tests open and close files at the same time: it shows once, if not at first.
        let took_one = (0..1000).any(|_| {
            let before = free();
            let file = fs::File::open("/dev/null").unwrap();
            let after = free();
            drop(file);
            before.is_some() && after.map(|free| free + 1) == before
        });
        assert!(took_one);
    }
}
