//! Which backend this process observes programs with.

use std::sync::OnceLock;

use crate::model::backend::Backend;

static CHOSEN: OnceLock<Backend> = OnceLock::new();

/// The backend of this process: the one that was chosen, or the best that this system offers.
#[must_use]
pub fn backend() -> Backend {
    CHOSEN.get().copied().unwrap_or(Backend::HERE)
}

/// Whether a program can be kept to some of the processors.
#[must_use]
pub fn can_limit_cpus() -> bool {
    match backend() {
        Backend::Linux => true,
        Backend::Portable => false,
    }
}

/// Chooses the backend of this process, before anything runs. The first choice counts, and what this system does not offer
/// is not chosen: the answer is the backend from now on.
pub fn choose_backend(wanted: Backend) -> Backend {
    let offered = [Backend::HERE, Backend::Portable];
    if offered.contains(&wanted) {
        let _ = CHOSEN.set(wanted);
    }
    backend()
}
