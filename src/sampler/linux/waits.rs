//! Futures that were seen waiting, look by look, as waits of tasks.
//!
//! A future that waits for several others is taken apart: each of those is followed as a task of its own.

use std::collections::{BTreeSet, HashMap};

use super::entries::TypeId;
use super::futures::{Found, Taken, Waiting};
use super::key::Key;
use super::last_of_main::LastOfMain;
use super::rows::Rows;
use super::straight::{End, Straight, straight};
use crate::probe_trace::{Event, Frame, StuckTask, WaitedFor};

/// Shorter waits are not told; nanoseconds.
const LEAST_NS: u64 = 2_000_000;

/// All that is followed of one process.
#[derive(Default)]
pub(super) struct Waits {
    followed: HashMap<Key, Followed>,
    /// Numbers of tasks by the address of their header.
    numbers: HashMap<u64, u64>,
    made: u64,
    activations: u64,
    most: u64,
    /// How often anything was seen to have gone on.
    progress: u64,
    /// The tasks that hold locks, and where.
    holders: HashMap<u64, (u64, Vec<Frame>)>,
    last_of_main: LastOfMain,
}

/// One task.
struct Followed {
    number: u64,
    chain: Vec<Active>,
    on: WaitedFor,
    leaf: u64,
    since_ns: u64,
    seen: bool,
    /// Whether it was polled at this look.
    polled: bool,
    /// Its own variables, as they lay in memory at this look.
    own: Vec<Vec<u8>>,
}

/// One future of a chain.
#[derive(Clone)]
struct Active {
    address: u64,
    of: TypeId,
    looks: u64,
    activation: u64,
    frame: Frame,
}

impl Waits {
    /// Begins a look: what is not seen until its end is over.
    pub(super) fn begin(&mut self) {
        let all = self.followed.values_mut();
        all.for_each(|one| (one.seen, one.polled) = (false, false));
    }

    /// A task that is being polled: what it waits for cannot be read now, and has changed.
    pub(super) fn runs(&mut self, key: Key, address: u64, now_ns: u64, rows: &mut Rows) {
        self.number(key, address, "", &[], now_ns, rows);
        let branches = self.followed.iter_mut().filter(|(of, _)| of.is_within(key));
        branches.for_each(|(_, one)| one.seen = true);
        if let Some(one) = self.followed.get_mut(&key) {
            one.polled = true;
        }
    }

    /// What a task was seen waiting for.
    pub(super) fn sees(
        &mut self,
        key: Key,
        address: u64,
        found: &[Found],
        now_ns: u64,
        before_ns: u64,
        rows: &mut Rows,
    ) {
        let Some(straight) = straight(found) else {
            return self.runs(key, address, now_ns, rows);
        };
        let name = straight
            .futures
            .first()
            .map_or("", |first| &first.frame.function);
        let number = self.number(key, address, name, &[], now_ns, rows);
        self.follow(key, number, &straight, (now_ns, before_ns), rows);
    }

    fn follow(
        &mut self,
        key: Key,
        number: u64,
        straight: &Straight<'_>,
        at: (u64, u64),
        rows: &mut Rows,
    ) {
        let (now_ns, before_ns) = at;
        let mut on = WaitedFor::default();
        let mut leaf = 0;
        let mut branches = Vec::new();
        match &straight.end {
            End::Nothing => {}
            End::Leaf {
                kind,
                address,
                points_to,
            } => {
                on.kind = kind.to_string();
                leaf = *address;
                on.tasks.extend(self.numbers.get(points_to));
            }
            End::Fork(found) => {
                on.kind = "join".into();
                branches = self.branches(key, straight, found, now_ns, rows);
                on.tasks = branches.iter().map(|(_, number, _)| *number).collect();
            }
        }
        if let Some(Taken { lock, size }) = straight.futures.iter().find_map(|one| one.takes) {
            on.lock = Some(lock);
            on.size = Some(size);
        }
        self.note(key, number, straight, (on, leaf), at, rows);
        for (key, number, straight) in branches {
            self.follow(key, number, &straight, (now_ns, before_ns), rows);
        }
    }

    fn branches<'f>(
        &mut self,
        key: Key,
        around: &Straight<'f>,
        found: &'f [Found],
        now_ns: u64,
        rows: &mut Rows,
    ) -> Vec<(Key, u64, Straight<'f>)> {
        let path: Vec<Frame> = around.futures.iter().map(|one| one.frame.clone()).collect();
        let mut branches = Vec::new();
        for one in found {
            let address = match one {
                Found::Future(future) => future.address,
                Found::Leaf { address, .. } => *address,
            };
            let Some(straight) = straight(std::slice::from_ref(one)) else {
                continue;
            };
            let key = Key::Branch(key.root(), address);
            let name = straight
                .futures
                .first()
                .map_or("", |first| &first.frame.function);
            let number = self.number(key, address, name, &path, now_ns, rows);
            branches.push((key, number, straight));
        }
        branches
    }

    /// The number of a task, which is told of when it is seen first.
    fn number(
        &mut self,
        key: Key,
        address: u64,
        name: &str,
        at: &[Frame],
        now_ns: u64,
        rows: &mut Rows,
    ) -> u64 {
        if let Some(known) = self.followed.get_mut(&key) {
            known.seen = true;
            return known.number;
        }
        self.made += 1;
        self.progress += 1;
        let number = self.made;
        self.numbers.insert(address, number);
        let followed = Followed {
            number,
            chain: Vec::new(),
            on: WaitedFor::default(),
            leaf: 0,
            since_ns: now_ns,
            seen: true,
            polled: false,
            own: Vec::new(),
        };
        self.followed.insert(key, followed);
        rows.write(
            now_ns,
            Event::TaskNew {
                task: number,
                name: name.into(),
                at: at.to_vec(),
                born: if matches!(key, Key::Task(_)) {
                    now_ns
                } else {
                    0
                },
                parent: None,
            },
        );
        number
    }

    /// `on` is what is waited for, with the place of a library's own future.
    fn note(
        &mut self,
        key: Key,
        number: u64,
        straight: &Straight<'_>,
        (on, leaf): (WaitedFor, u64),
        at: (u64, u64),
        rows: &mut Rows,
    ) {
        let (now_ns, before_ns) = at;
        let Some(mut one) = self.followed.remove(&key) else {
            return;
        };
        let chain = self.chain(&one.chain, &straight.futures);
        let alike = |(a, b): (&Active, &Active)| a.activation == b.activation && a.looks == b.looks;
        let is_same = chain.len() == one.chain.len()
            && chain.iter().zip(&one.chain).all(alike)
            && one.on == on
            && one.leaf == leaf;
        if !is_same {
            self.progress += 1;
            let changed_ns = before_ns.midpoint(now_ns);
            one.end(changed_ns, rows);
            one.since_ns = changed_ns;
        }
        for future in &straight.futures {
            for lock in &future.holds {
                let frames = chain.iter().map(|active| active.frame.clone()).collect();
                self.holders.entry(*lock).or_insert((number, frames));
            }
        }
        (one.chain, one.on, one.leaf) = (chain, on, leaf);
        one.own = straight
            .futures
            .iter()
            .map(|future| future.own.clone())
            .collect();
        self.followed.insert(key, one);
    }

    /// The futures of a chain, those that were there before with the activations that they had.
    fn chain(&mut self, before: &[Active], now: &[&Waiting]) -> Vec<Active> {
        let mut is_kept = true;
        let mut chain: Vec<Active> = Vec::new();
        for (place, future) in now.iter().enumerate() {
            let known = before.get(place).filter(|known| {
                is_kept && known.address == future.address && known.of == future.of
            });
            let activation = known.map_or_else(
                || {
                    self.activations += 1;
                    self.activations
                },
                |known| known.activation,
            );
            // A future whose own variables changed went on, and waits for another one now.
            is_kept = known.is_some_and(|known| known.looks == future.looks);
            chain.push(Active {
                address: future.address,
                of: future.of,
                looks: future.looks,
                activation,
                frame: Frame {
                    activation,
                    ..future.frame.clone()
                },
            });
        }
        chain
    }

    /// Ends a look.
    pub(super) fn end(&mut self, now_ns: u64, rows: &mut Rows) {
        let gone: Vec<Key> = self
            .followed
            .iter()
            .filter(|(_, one)| !one.seen)
            .map(|(key, _)| *key)
            .collect();
        for key in gone {
            if let Some(one) = self.followed.remove(&key) {
                self.progress += 1;
                one.end(now_ns, rows);
                if matches!(key, Key::Task(_)) && !one.chain.is_empty() {
                    self.last_of_main.gone(now_ns, one.stuck());
                }
                self.numbers.retain(|_, number| *number != one.number);
                rows.write(
                    now_ns,
                    Event::TaskEnd {
                        task: one.number,
                        how: "ok".into(),
                        error: String::new(),
                        at: Vec::new(),
                    },
                );
            }
        }
        self.most = self.most.max(self.alive());
        self.look_for_main(now_ns);
    }

    /// How often anything was seen to have gone on, but for what was being polled.
    pub(super) fn progress(&self) -> u64 {
        self.progress
    }

    /// How many are followed that wait for nothing but themselves.
    pub(super) fn alive(&self) -> u64 {
        let forks = self
            .followed
            .values()
            .filter(|one| one.on.kind == "join" && !one.on.tasks.is_empty());
        (self.followed.len() - forks.count()) as u64
    }

    /// The tasks that are alive, with what they wait for.
    pub(super) fn stuck(&self) -> Vec<StuckTask> {
        let waiting = self.followed.values().filter(|one| !one.chain.is_empty());
        let mut stuck: Vec<StuckTask> = waiting.map(Followed::stuck).collect();
        stuck.sort_by_key(|one| one.task);
        stuck
    }

    /// Tells what waits now, and the numbers so far.
    pub(super) fn tell(&mut self, now_ns: u64, rows: &mut Rows) {
        for one in self.followed.values_mut() {
            one.end(now_ns, rows);
            one.since_ns = now_ns;
        }
        rows.write(
            now_ns,
            Event::Count {
                tasks: self.made,
                most_tasks: self.most,
                requests: 0,
                most_requests: 0,
                left_out: 0,
            },
        );
    }

    /// Tells of the tasks that ended with the program.
    pub(super) fn killed(&self, from_outside: &[&str], now_ns: u64, rows: &mut Rows) {
        let tasks = self
            .waiting()
            .filter(|(key, _)| matches!(key, Key::Task(_)));
        let alive = tasks.map(|(_, one)| one.stuck()).collect();
        self.last_of_main.killed(alive, from_outside, now_ns, rows);
    }

    fn waiting(&self) -> impl Iterator<Item = (&Key, &Followed)> {
        let all = self.followed.iter();
        all.filter(|(_, one)| !one.chain.is_empty() && !one.polled)
    }

    fn look_for_main(&mut self, now_ns: u64) {
        let mut mains = self
            .waiting()
            .filter(|(key, _)| matches!(key, Key::Root(_)));
        let main = match (mains.next(), mains.next()) {
            (Some((_, main)), None) => main.stuck(),
            _ => return,
        };
        drop(mains);
        self.last_of_main = LastOfMain::waiting(now_ns, main);
    }

    /// Who held which lock at the look before; what this look sees is taken down anew.
    pub(super) fn holders(&mut self) -> HashMap<u64, (u64, Vec<Frame>)> {
        std::mem::take(&mut self.holders)
    }

    /// Finds who holds a lock that others wait for, where no variable tells: the only one that has its address among what is
    /// its own, and does not wait for it. (Of variables of one name, compilers describe one alone.)
    pub(super) fn guess_holders(&mut self) {
        let waited: BTreeSet<u64> = self
            .followed
            .values()
            .filter_map(|one| one.on.lock)
            .collect();
        for lock in waited {
            if self.holders.contains_key(&lock) {
                continue;
            }
            let may_hold = |one: &&Followed| one.on.lock != Some(lock) && one.mentions(lock);
            let mut candidates = self.followed.values().filter(may_hold);
            if let (Some(one), None) = (candidates.next(), candidates.next()) {
                let frames = one.chain.iter().map(|active| active.frame.clone());
                self.holders.insert(lock, (one.number, frames.collect()));
            }
        }
    }

    /// Tells which locks were let go of since the look before.
    pub(super) fn released(
        &mut self,
        before: HashMap<u64, (u64, Vec<Frame>)>,
        now_ns: u64,
        rows: &mut Rows,
    ) {
        for (lock, (task, at)) in before {
            let is_held = self
                .holders
                .get(&lock)
                .is_some_and(|(holder, _)| *holder == task);
            if !is_held {
                rows.write(
                    now_ns,
                    Event::LockRelease {
                        lock,
                        task: Some(task),
                        thread: 0,
                        at,
                        taken: Vec::new(),
                    },
                );
            }
        }
    }
}

impl Followed {
    fn mentions(&self, address: u64) -> bool {
        let mut words = self.own.iter().flat_map(|own| own.chunks_exact(8));
        words.any(|word| word == address.to_le_bytes())
    }

    fn stuck(&self) -> StuckTask {
        StuckTask {
            task: self.number,
            chain: self
                .chain
                .iter()
                .map(|active| active.frame.clone())
                .collect(),
            on: self.on.clone(),
        }
    }

    fn end(&self, now_ns: u64, rows: &mut Rows) {
        let ns = now_ns.saturating_sub(self.since_ns);
        if ns < LEAST_NS || self.chain.is_empty() {
            return;
        }
        rows.write(
            self.since_ns,
            Event::Wait {
                task: self.number,
                ns,
                chain: self
                    .chain
                    .iter()
                    .map(|active| active.frame.clone())
                    .collect(),
                on: self.on.clone(),
                // Which was made since is told by when it was first seen.
                made: u64::from(self.on.tasks.len() == 1),
            },
        );
    }
}
