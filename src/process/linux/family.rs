//! Every process that a program started, however it tried to get away, and its end.
//!
//! A supervisor is a sub-reaper: a process that loses its parent becomes the supervisor's own child, so a walk down from
//! the supervisor finds daemons too.

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

use rustix::process::{
    Pid, PidfdFlags, Signal, WaitId, WaitIdOptions, getpid, kill_process_group, pidfd_open,
    pidfd_send_signal, waitid,
};

use crate::clock::Clock;
use crate::process::own_children::own_children;

/// How long a sweep goes on while it finds processes that it has not killed yet. A bounded fork bomb is over well within it.
pub(super) const BUDGET: Duration = Duration::from_secs(4);
/// How long killed processes may take to be gone once no others are found: their end is certain, and waits only for a
/// processor. On a busy machine, four seconds were too few for forty of them.
const PATIENCE: Duration = Duration::from_secs(30);

/// The pause between two looks, at first and at most: each look takes processor time from the processes that are dying.
const PAUSES: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(16));

/// What a sweep did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Swept {
    /// How many processes were alive and were killed.
    pub(super) killed: u32,
    /// How many were still alive when the time for it was over.
    pub(super) left: u32,
}

/// Kills and reaps all descendants of this process, and last of all the dead `leader`: its number stays taken until then,
/// so its group cannot be another's.
pub(super) fn sweep(me: Pid, leader: Pid, clock: Clock) -> Swept {
    let began = clock.now();
    let mut killed = BTreeSet::new();
    let mut left = 0;
    let mut pause = PAUSES.0;
    while !only_child_is(leader) {
        let everyone = everyone();
        let family: Vec<&Member> = descendants(me, &everyone)
            .into_iter()
            .filter(|m| m.pid != leader)
            .collect();
        if family.is_empty() {
            break;
        }
        let before = killed.len();
        strike(&family, &mut killed);
        // The whole group in one step: a fork bomb cannot outrun it. Often the group is empty by now.
        let _ = kill_process_group(leader, Signal::KILL);
        if is_too_long(clock.now().since(began), killed.len() > before) {
            left = family.iter().filter(|m| !m.dead).count();
            break;
        }
        clock.sleep(pause);
        pause = PAUSES.1.min(pause * 2);
    }
    reap(leader);
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Swept {
        killed: count(killed.len()),
        left: count(left),
    }
}

/// Whether to give up a sweep that has taken so long, depending on whether it still finds processes to kill.
fn is_too_long(took: Duration, finds_more: bool) -> bool {
    took >= if finds_more { BUDGET } else { PATIENCE }
}

/// Kills and reaps what the program of a lost supervisor leaves to this process, which is a sub-reaper too.
///
/// Orphans become our own children. They differ from the others in three ways: we did not start them, their session is not
/// ours, and they were started after `supervisor`, which must not have been reaped yet.
pub(super) fn sweep_orphans(supervisor: Pid, clock: Clock) {
    let me = getpid();
    let (Some(own), Some(lost)) = (member(me), member(supervisor)) else {
        return;
    };
    let deadline = clock.now() + BUDGET;
    loop {
        let known = own_children();
        let everyone = everyone();
        let mut family = Vec::new();
        let children = everyone.iter().filter(|m| m.parent == me.as_raw_pid());
        for orphan in children.filter(|m| !known.contains(&m.pid.as_raw_pid())) {
            if orphan.session != own.session && orphan.started >= lost.started {
                family.push(orphan);
                family.extend(descendants(orphan.pid, &everyone));
            }
        }
        drop(known);
        if family.is_empty() || clock.now() >= deadline {
            return;
        }
        strike(&family, &mut BTreeSet::new());
        clock.sleep(PAUSES.0);
    }
}

/// The numbers of a process and of all below it, and of all others.
pub(super) fn processes(of: Pid) -> (Vec<i32>, Vec<i32>) {
    let everyone = everyone();
    let numbers = descendants(of, &everyone).into_iter();
    let mut family: BTreeSet<i32> = numbers.map(|member| member.pid.as_raw_pid()).collect();
    family.insert(of.as_raw_pid());
    let all = everyone.iter().map(|member| member.pid.as_raw_pid());
    all.partition(|process| family.contains(process))
}

/// Kills those descendants of a process that are wanted.
pub(super) fn kill_descendants(of: Pid, is_wanted: impl Fn(&i32) -> bool) {
    let everyone = everyone();
    let family = descendants(of, &everyone).into_iter();
    for member in family.filter(|member| is_wanted(&member.pid.as_raw_pid())) {
        member.kill();
    }
}

/// Kills the living processes, notes them in `killed`, and reaps the dead ones that are our children. A process that is
/// already dying, of a signal that the program or we have sent, is not noted: it was not left behind.
fn strike(family: &[&Member], killed: &mut BTreeSet<(i32, u64)>) {
    for member in family {
        if member.dead {
            reap(member.pid);
        } else if !member.is_dying() && member.kill() {
            killed.insert((member.pid.as_raw_pid(), member.started));
        }
    }
}

/// One process as the system lists it.
#[derive(Debug, PartialEq, Eq)]
struct Member {
    pid: Pid,
    parent: i32,
    session: i32,
    /// Whether all its threads have ended; it waits to be reaped.
    dead: bool,
    /// Whether it is exiting, and no longer runs code of its own.
    exiting: bool,
    /// When it was started, in clock ticks since boot; together with `pid`, that names a process for good.
    started: u64,
}

/// `PF_EXITING`, in the kernel's flags of a process, as proc(5) has them.
const EXITING: u32 = 4;

impl Member {
    /// Whether its end is certain, even if a starved machine has delayed it: a signal that ends a process turns into a
    /// pending SIGKILL for each of its threads.
    fn is_dying(&self) -> bool {
        let status = || fs::read(format!("/proc/{}/status", self.pid.as_raw_pid()));
        self.exiting || status().is_ok_and(|status| awaits_kill(&status))
    }

    /// Kills this very process, and no other that has taken over its number: whether the signal was sent.
    fn kill(&self) -> bool {
        let Ok(handle) = pidfd_open(self.pid, PidfdFlags::empty()) else {
            return false;
        };
        let still = member(self.pid).is_some_and(|now| now.started == self.started && !now.dead);
        still && pidfd_send_signal(handle, Signal::KILL).is_ok()
    }
}

/// Whether `leader` is the only child; false if the system does not tell.
fn only_child_is(leader: Pid) -> bool {
    fs::read_to_string("/proc/thread-self/children").is_ok_and(|children| {
        children
            .split_whitespace()
            .all(|child| child.parse() == Ok(leader.as_raw_pid()))
    })
}

fn reap(pid: Pid) {
    // If it is not our child or not quite dead, its own parent or the next round will reap it.
    let _ = waitid(
        WaitId::Pid(pid),
        WaitIdOptions::EXITED | WaitIdOptions::NOHANG,
    );
}

fn everyone() -> Vec<Member> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(|pid| member(Pid::from_raw(pid)?))
        .collect()
}

fn member(pid: Pid) -> Option<Member> {
    parse(&fs::read(format!("/proc/{}/stat", pid.as_raw_pid())).ok()?)
}

/// Reads `PID (NAME) STATE PARENT GROUP SESSION …`; the name may hold anything, brackets included.
fn parse(stat: &[u8]) -> Option<Member> {
    let stat = String::from_utf8_lossy(stat);
    let (pid, _) = stat.split_once(' ')?;
    let (_, rest) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let threads: u32 = fields.get(17)?.parse().ok()?;
    Some(Member {
        pid: Pid::from_raw(pid.parse().ok()?)?,
        parent: fields.get(1)?.parse().ok()?,
        session: fields.get(3)?.parse().ok()?,
        // A process of which only the first thread has ended is listed as dead too, but runs on.
        dead: matches!(*fields.first()?, "Z" | "X") && threads <= 1,
        exiting: fields.get(6)?.parse::<u32>().ok()? & EXITING != 0,
        started: fields.get(19)?.parse().ok()?,
    })
}

/// Whether SIGKILL is among the signals that wait for the first thread or for the whole process.
fn awaits_kill(status: &[u8]) -> bool {
    let status = String::from_utf8_lossy(status);
    let mut waiting = status
        .lines()
        .filter_map(|line| {
            line.strip_prefix("SigPnd:")
                .or(line.strip_prefix("ShdPnd:"))
        })
        .filter_map(|signals| u64::from_str_radix(signals.trim(), 16).ok());
    waiting.any(|signals| signals & (1 << (Signal::KILL.as_raw() - 1)) != 0)
}

fn descendants(of: Pid, everyone: &[Member]) -> Vec<&Member> {
    let mut known = BTreeSet::from([of.as_raw_pid()]);
    let mut found: Vec<&Member> = Vec::new();
    loop {
        let children: Vec<&Member> = everyone
            .iter()
            .filter(|m| known.contains(&m.parent) && !known.contains(&m.pid.as_raw_pid()))
            .collect();
        if children.is_empty() {
            return found;
        }
        known.extend(children.iter().map(|m| m.pid.as_raw_pid()));
        found.extend(children);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stat(pid: i32, parent: i32, state: &str, threads: u32) -> String {
        format!(
            "{pid} (a) b (c) {state} {parent} 5 6 0 -1 0 0 0 0 0 0 0 0 0 20 0 {threads} 0 777 0 0"
        )
    }

    #[test]
    fn a_name_with_brackets_and_spaces_is_read_past() {
        let member = parse(stat(42, 7, "S", 3).as_bytes()).unwrap();
        assert_eq!(member.pid.as_raw_pid(), 42);
        assert_eq!((member.parent, member.session, member.started), (7, 6, 777));
        assert!(!member.dead);
        assert!(parse(b"42 (a) S 7").is_none());
    }

    #[test]
    fn dead_is_who_has_no_thread_left() {
        assert!(parse(stat(42, 7, "Z", 1).as_bytes()).unwrap().dead);
        assert!(!parse(stat(42, 7, "Z", 2).as_bytes()).unwrap().dead);
    }

    #[test]
    fn who_is_certain_to_die_is_waited_for_longer_than_who_is_still_being_found() {
        let second = Duration::from_secs(1);
        assert!(!is_too_long(3 * second, true) && is_too_long(4 * second, true));
        assert!(!is_too_long(29 * second, false) && is_too_long(30 * second, false));
    }

    #[test]
    fn dying_is_who_exits_or_has_a_sigkill_waiting() {
        let leaving = "7 (a) R 1 5 6 0 -1 4194308 0 0 0 0 0 0 0 0 20 0 1 0 777 0 0";
        assert!(parse(leaving.as_bytes()).unwrap().exiting);
        assert!(!parse(stat(7, 1, "R", 1).as_bytes()).unwrap().exiting);
        let status =
            |own: &str, shared: &str| format!("Name:\ta\nSigPnd:\t{own}\nShdPnd:\t{shared}\n");
        for (own, shared, dying) in [
            ("0000000000000100", "0000000000004000", true),
            ("0000000000000000", "0000000000000100", true),
            ("0000000000000000", "0000000000004000", false),
        ] {
            assert_eq!(awaits_kill(status(own, shared).as_bytes()), dying);
        }
    }

    #[test]
    fn descendants_are_found_at_any_depth_and_in_any_order() {
        let rows = [(30, 20), (20, 10), (99, 1), (40, 30)];
        let everyone: Vec<Member> = rows
            .iter()
            .filter_map(|(pid, up)| parse(stat(*pid, *up, "S", 1).as_bytes()))
            .collect();
        let found = descendants(Pid::from_raw(10).unwrap(), &everyone);
        let mut pids: Vec<i32> = found.iter().map(|m| m.pid.as_raw_pid()).collect();
        pids.sort_unstable();
        assert_eq!(pids, [20, 30, 40]);
    }

    #[test]
    fn this_very_process_is_listed() {
        let me = getpid();
        assert!(everyone().iter().any(|m| m.pid == me && !m.dead));
    }
}
