//! The children of this process that it started on purpose: whoever ends what a program left behind must spare them.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Our own supervisors and burners that are not reaped yet. A thread that starts one holds the lock until it is in the set.
static OWN_CHILDREN: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());

/// The numbers of the children that we started on purpose.
pub(super) fn own_children() -> MutexGuard<'static, BTreeSet<i32>> {
    OWN_CHILDREN.lock().unwrap_or_else(PoisonError::into_inner)
}
