//! Linux on x86-64.

mod awaits;
mod entries;
mod frames;
mod futures;
mod image;
mod jobs;
mod key;
mod last_of_main;
mod layouts;
mod memory;
mod named;
mod place;
mod process;
mod rows;
mod stack;
mod stop;
mod straight;
mod tasks;
mod tree;
mod waits;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::Duration;

use process::Watched;

use super::watched::Watch;

/// From one look to the next, at least and at most.
const PERIOD: (Duration, Duration) = (Duration::from_millis(5), Duration::from_millis(20));
/// A process is looked at closely from the look on that sees it so many times running the same program.
const SEEN: u32 = 2;
/// The part of a processor that looking may take: one in so many.
const SHARE: u32 = 25;

/// Looks at every process that the command starts until it has ended.
pub fn watch(watch: &Watch<'_>) {
    let mut watched: Vec<Watched> = Vec::new();
    let mut known: HashMap<(u32, PathBuf), u32> = HashMap::new();
    let ask = watch.rows.join("ask");
    let mut before_ns = watch.clock.now().ns;
    while !watch.over.load(Ordering::Acquire) {
        let begun = watch.clock.now();
        let alive = tree::processes();
        // What a process runs changes with `exec`: a shell becomes a program.
        let is_there = |one: &mut Watched| {
            alive
                .iter()
                .any(|(process, program)| one.is(*process, program))
        };
        let gone: Vec<Watched> = watched.extract_if(.., |one| !is_there(one)).collect();
        gone.into_iter().for_each(|one| one.end(begun.ns));
        for (process, program) in alive {
            let looks = known.entry((process, program.clone())).or_default();
            *looks += 1;
            // One that was just forked still looks like its parent.
            if *looks == SEEN {
                watched.extend(Watched::new(watch, process, &program));
            }
        }
        let is_asked = ask.exists();
        for one in &mut watched {
            one.look(watch.clock.now().ns, before_ns);
            if is_asked {
                one.tell(watch.clock.now().ns);
            }
        }
        before_ns = begun.ns;
        let took = watch.clock.now().since(begun);
        let least = if watched.is_empty() {
            PERIOD.0 * 2
        } else {
            PERIOD.0
        };
        watch.clock.sleep((took * SHARE).clamp(least, PERIOD.1));
    }
    let now_ns = watch.clock.now().ns;
    watched.into_iter().for_each(|one| one.end(now_ns));
}
