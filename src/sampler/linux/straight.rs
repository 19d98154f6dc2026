//! Futures one within the other, as far as each waits for one thing alone.

use std::rc::Rc;

use super::futures::{Found, Waiting};

/// A chain from a root down to where it ends or forks.
pub(super) struct Straight<'f> {
    pub(super) futures: Vec<&'f Waiting>,
    pub(super) end: End<'f>,
}

/// Where a chain ends.
pub(super) enum End<'f> {
    Nothing,
    Leaf {
        kind: Rc<str>,
        address: u64,
        points_to: u64,
    },
    Fork(&'f [Found]),
}

/// Follows what waits for one thing alone.
pub(super) fn straight(found: &[Found]) -> Option<Straight<'_>> {
    let mut futures = Vec::new();
    let mut at = found;
    loop {
        match at {
            [] => {
                return (!futures.is_empty()).then_some(Straight {
                    futures,
                    end: End::Nothing,
                });
            }
            [
                Found::Leaf {
                    kind,
                    address,
                    points_to,
                },
            ] => {
                let end = End::Leaf {
                    kind: Rc::clone(kind),
                    address: *address,
                    points_to: *points_to,
                };
                return Some(Straight { futures, end });
            }
            [Found::Future(future)] => {
                futures.push(future);
                at = &future.on;
            }
            several => {
                return Some(Straight {
                    futures,
                    end: End::Fork(several),
                });
            }
        }
    }
}
