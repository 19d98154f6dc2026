//! The same work over many items at once. Threads rather than tasks: each item waits for a process.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// How many things that keep a core busy may run at once: what the machine and its quota allow.
pub(crate) fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// `work` of each item, in the items' order, on `workers` threads at most.
pub(crate) fn map<'t, T: Sync, R: Send>(
    items: &'t [T],
    workers: usize,
    work: impl Fn(&'t T) -> R + Sync,
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let some_of_them = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else {
                return done;
            };
            done.push((at, work(item)));
        }
    };
    let mut done = thread::scope(|scope| {
        // Where the system gives no more threads, this one does all the work.
        let helpers: Vec<_> = (1..workers.min(items.len()))
            .map_while(|_| {
                thread::Builder::new()
                    .spawn_scoped(scope, some_of_them)
                    .ok()
            })
            .collect();
        let mut done = some_of_them();
        for helper in helpers {
            match helper.join() {
                Ok(part) => done.extend(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_the_order_of_their_items() {
        let items: Vec<usize> = (0..100).collect();
        for workers in [0, 1, 3, 200] {
            assert_eq!(map(&items, workers, |i| i * 2)[99], 198, "{workers}");
        }
        assert!(map(&[] as &[usize], 4, |i| *i).is_empty());
    }
}
