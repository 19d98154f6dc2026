//! Which system calls a program may make: those of a list, some of them only with certain arguments.
//!
//! What is known and refused fails for want of permission, and what is not known does not exist, so that a C library falls
//! back on an older call. A filter sees numbers alone: calls whose arguments lie in memory are not known either, unless
//! somebody else looks at them (`connect`).

use std::collections::BTreeMap;

use libc::{EACCES, EPERM, c_long};

use super::super::bpf::{
    Instruction, MACHINE, MACHINE_AT, NUMBER_AT, allow, fail, high_half_at, jump_if_any,
    jump_if_at_least, jump_if_equal, jump_if_greater, keep, load, low_half_at, skip,
};
use super::calls;

/// The bit that marks a call of the x32 interface: a kernel built with it takes the same calls under these numbers too.
#[cfg(target_arch = "x86_64")]
const X32_CALL: Option<u32> = Some(0x4000_0000);
#[cfg(not(target_arch = "x86_64"))]
const X32_CALL: Option<u32> = None;

/// How a program of the 32-bit interface ends: `exit` and `exit_group`, by its own numbers.
const EXITS_OF_32_BITS: [u32; 2] = if cfg!(target_arch = "aarch64") {
    [1, 248]
} else {
    [1, 252]
};
/// No other interface knows a call of a higher number.
const MOST_OF_OTHERS: u32 = 600;

/// Bits of a file's mode that make it run with its owner's rights.
const SET_ID: u32 = libc::S_ISUID | libc::S_ISGID;
/// Bits that make `open` take a mode.
const CREATES: u32 = (libc::O_CREAT | (libc::O_TMPFILE & !libc::O_DIRECTORY)).unsigned_abs();
/// The bits of a socket's type that hold its kind; the rest are flags.
const KIND: u32 = 0xf;
const ALL_BITS: u32 = u32::MAX;
/// Name spaces of a new process's own, in which it could do more.
const NEW_NAME_SPACES: u32 = (libc::CLONE_NEWNS
    | libc::CLONE_NEWCGROUP
    | libc::CLONE_NEWUTS
    | libc::CLONE_NEWIPC
    | libc::CLONE_NEWUSER
    | libc::CLONE_NEWPID
    | libc::CLONE_NEWNET
    | libc::CLONE_PTRACE)
    .unsigned_abs();
/// `PRIO_USER` of sys/resource.h, and `IOPRIO_WHO_USER` of linux/ioprio.h: all processes of a user.
const PRIORITY_OF_A_USER: u32 = 2;
const IO_PRIORITY_OF_A_USER: u32 = 3;
/// `fchmodat2` of Linux 6.6, which the C library does not name everywhere.
const FCHMODAT2: c_long = 452;

/// Requests to a terminal, a pipe or a file that tell of it or change how the program itself uses it, each range with its
/// ends. Left out are those that type for somebody else (`TIOCSTI`, `TIOCLINUX`), take a terminal or set a file's flags.
const REQUESTS: [(u32, u32); 14] = [
    (0x5401, 0x540D),           // TCGETS to TIOCNXCL
    (0x540F, 0x5411),           // TIOCGPGRP to TIOCOUTQ
    (0x5413, 0x541B),           // TIOCGWINSZ to FIONREAD
    (0x541E, 0x5422),           // TIOCGSERIAL to TIOCNOTTY
    (0x5424, 0x5460),           // TIOCGETD to FIOQSIZE, FIOCLEX among them
    (0x8004_5430, 0x8004_5430), // TIOCGPTN
    (0x4004_5431, 0x4004_5431), // TIOCSPTLCK
    (0x802C_542A, 0x802C_542A), // TCGETS2
    (0x402C_542B, 0x402C_542D), // TCSETS2 to TCSETSF2
    (0x8008_6601, 0x8008_6601), // FS_IOC_GETFLAGS
    (0x801C_581F, 0x801C_581F), // FS_IOC_FSGETXATTR
    (0xC020_660B, 0xC020_660B), // FS_IOC_FIEMAP
    (0x4004_9409, 0x4004_9409), // FICLONE
    (0x4020_940D, 0x4020_940D), // FICLONERANGE
];

/// The filter for a program that has a stand-in, or has none; `None` where the processor's calls are not known.
pub(super) fn filter(with_stand_in: bool) -> Option<Vec<Instruction>> {
    let own = tree(&own(with_stand_in)?);
    let others = tree(&of_32_bits());
    let mut code = vec![load(MACHINE_AT), jump_if_equal(MACHINE?, 0, 2)];
    code.extend([load(NUMBER_AT), skip(1 + length(&others))]);
    code.push(load(NUMBER_AT));
    code.extend(others);
    code.extend(own);
    Some(code)
}

/// A range of calls: its first number, and what is done with them.
type Range = (u32, Vec<Instruction>);

/// This processor's own calls.
fn own(with_stand_in: bool) -> Option<Vec<Range>> {
    let lists = [
        (calls::ALLOWED, allow()),
        (calls::ALLOWED_OLD, allow()),
        (calls::ALLOWED_NEW, allow()),
        (calls::ALLOWED_HERE, allow()),
        (calls::REFUSED, fail(EPERM)),
        (calls::REFUSED_OLD, fail(EPERM)),
        (calls::REFUSED_NEW, fail(EPERM)),
        (calls::UNREACHABLE, fail(EACCES)),
    ];
    let plain = lists.into_iter().flat_map(|(numbers, what)| {
        let numbers = numbers.iter();
        numbers.map(move |number| (*number, vec![what]))
    });
    let tested = tested().into_iter().chain(network(with_stand_in));
    let known = plain.chain(tested);
    let known = known.map(|(number, body)| Some((u32::try_from(number).ok()?, body)));
    let known: BTreeMap<u32, Vec<Instruction>> = known.collect::<Option<_>>()?;
    let mut ranges = Vec::new();
    let mut next = 0;
    for (number, body) in known {
        if number > next {
            push(&mut ranges, next, unknown());
        }
        push(&mut ranges, number, body);
        next = number + 1;
    }
    push(&mut ranges, next, unknown());
    if let Some(first) = X32_CALL {
        push(&mut ranges, first, vec![fail(EPERM)]);
        push(&mut ranges, first + MOST_OF_OTHERS, unknown());
    }
    Some(ranges)
}

/// The calls of programs for the 32-bit processor: they may end.
fn of_32_bits() -> Vec<Range> {
    let mut ranges = vec![(0, vec![fail(EPERM)])];
    for exit in EXITS_OF_32_BITS {
        ranges.push((exit, vec![allow()]));
        ranges.push((exit + 1, vec![fail(EPERM)]));
    }
    ranges.push((MOST_OF_OTHERS, unknown()));
    ranges
}

fn unknown() -> Vec<Instruction> {
    vec![fail(libc::ENOSYS)]
}

/// Adds a range, unless the one before it says the same.
fn push(ranges: &mut Vec<Range>, first: u32, body: Vec<Instruction>) {
    let same = |one: &Instruction, other: &Instruction| {
        (one.code, one.jt, one.jf, one.k) == (other.code, other.jt, other.jf, other.k)
    };
    let is_same = ranges.last().is_some_and(|(_, last)| {
        last.len() == body.len() && last.iter().zip(&body).all(|(a, b)| same(a, b))
    });
    if !is_same {
        ranges.push((first, body));
    }
}

/// Finds the range of the number that was loaded, in as many steps as their count has binary digits.
fn tree(ranges: &[Range]) -> Vec<Instruction> {
    match ranges {
        [] => unknown(),
        [(_, body)] => body.clone(),
        _ => {
            let (low, high) = ranges.split_at(ranges.len() / 2);
            let first = high.first().map_or(0, |(first, _)| *first);
            let low = tree(low);
            let mut code = vec![jump_if_at_least(first, 0, 1), skip(length(&low))];
            code.extend(low);
            code.extend(tree(high));
            code
        }
    }
}

fn length(code: &[Instruction]) -> u32 {
    u32::try_from(code.len()).unwrap_or(u32::MAX)
}

/// What is done with a call, in this order; what no step refuses is carried out.
fn steps(steps: impl IntoIterator<Item = Vec<Instruction>>) -> Vec<Instruction> {
    let steps = steps.into_iter().flatten();
    steps.chain([allow()]).collect()
}

/// Calls that are refused for what their arguments say.
fn tested() -> Vec<(c_long, Vec<Instruction>)> {
    let no_set_id = |mode| steps([refuse_bits(mode, SET_ID, EPERM)]);
    let open = |flags, mode| {
        steps([
            only_if_bits(flags, CREATES, 3),
            refuse_bits(mode, SET_ID, EPERM),
        ])
    };
    let no_device = |mode| {
        let devices = [libc::S_IFCHR, libc::S_IFBLK];
        steps([
            refuse_bits(mode, SET_ID, EPERM),
            refuse_values(mode, libc::S_IFMT, &devices, EPERM),
        ])
    };
    // 0 is the caller itself, a number may be anybody's.
    let own_priority = |of_a_user: u32| {
        let of_others = refuse_values(0, ALL_BITS, &[of_a_user], EPERM);
        [of_others, allow_zero(1), vec![fail(EPERM)]].concat()
    };
    let own_limits = [allow_zero(0), allow_null(2), vec![fail(EPERM)]].concat();
    vec![
        (libc::SYS_openat, open(2, 3)),
        (libc::SYS_fchmod, no_set_id(1)),
        (libc::SYS_fchmodat, no_set_id(2)),
        (FCHMODAT2, no_set_id(2)),
        (libc::SYS_mknodat, no_device(2)),
        #[cfg(target_arch = "x86_64")]
        (libc::SYS_open, open(1, 2)),
        #[cfg(target_arch = "x86_64")]
        (libc::SYS_creat, no_set_id(1)),
        #[cfg(target_arch = "x86_64")]
        (libc::SYS_chmod, no_set_id(1)),
        #[cfg(target_arch = "x86_64")]
        (libc::SYS_mknod, no_device(1)),
        (
            libc::SYS_fcntl,
            steps([refuse_values(
                1,
                ALL_BITS,
                &[libc::F_SETLEASE.unsigned_abs()],
                EACCES,
            )]),
        ),
        (
            libc::SYS_ioctl,
            steps([refuse_outside(1, &REQUESTS, EPERM)]),
        ),
        (
            libc::SYS_clone,
            steps([refuse_bits(0, NEW_NAME_SPACES, EPERM)]),
        ),
        (libc::SYS_setpriority, own_priority(PRIORITY_OF_A_USER)),
        (libc::SYS_ioprio_set, own_priority(IO_PRIORITY_OF_A_USER)),
        (libc::SYS_prlimit64, own_limits),
    ]
}

/// Calls that reach others through sockets.
fn network(with_stand_in: bool) -> Vec<(c_long, Vec<Instruction>)> {
    let unsigned = |values: &[i32]| values.iter().map(|value| value.unsigned_abs()).collect();
    let only = |argument, mask, values: &[i32]| {
        let values: Vec<u32> = unsigned(values);
        refuse_others(argument, mask, &values, EACCES)
    };
    // It connects by sending.
    let no_fast_open = |flags| {
        let bit = libc::MSG_FASTOPEN.unsigned_abs();
        steps([refuse_bits(flags, bit, EACCES)])
    };
    let (socket, connect) = match with_stand_in {
        true => (
            steps([
                only(0, ALL_BITS, &[libc::AF_INET, libc::AF_INET6]),
                only(1, KIND, &[libc::SOCK_STREAM]),
                only(2, ALL_BITS, &[0, libc::IPPROTO_TCP]),
            ]),
            // The shim makes it, if it is to the stand-in.
            vec![allow()],
        ),
        false => (vec![fail(EACCES)], vec![fail(EACCES)]),
    };
    // A pair reaches nobody else, but for datagrams: their sockets send to any name.
    let pair = steps([
        only(0, ALL_BITS, &[libc::AF_UNIX]),
        only(1, KIND, &[libc::SOCK_STREAM, libc::SOCK_SEQPACKET]),
    ]);
    vec![
        (libc::SYS_socket, socket),
        (libc::SYS_connect, connect),
        (libc::SYS_socketpair, pair),
        (libc::SYS_sendto, no_fast_open(3)),
        (libc::SYS_sendmsg, no_fast_open(2)),
        (libc::SYS_sendmmsg, no_fast_open(3)),
    ]
}

/// Refused if any of these bits is set.
fn refuse_bits(argument: u32, bits: u32, error: i32) -> Vec<Instruction> {
    vec![
        load(low_half_at(argument)),
        jump_if_any(bits, 0, 1),
        fail(error),
    ]
}

/// Leaves out the next step, of so many instructions, if none of these bits is set.
fn only_if_bits(argument: u32, bits: u32, step: u8) -> Vec<Instruction> {
    vec![load(low_half_at(argument)), jump_if_any(bits, 0, step)]
}

/// Refused if it is one of these under the mask.
fn refuse_values(argument: u32, mask: u32, values: &[u32], error: i32) -> Vec<Instruction> {
    let mut code = vec![load(low_half_at(argument)), keep(mask)];
    for (further, value) in (0..).zip(values.iter().rev()) {
        // Inserted back to front: what has so many tests after it jumps over them to the refusal.
        let past = u8::from(further == 0);
        code.insert(2, jump_if_equal(*value, further, past));
    }
    code.push(fail(error));
    code
}

/// Refused unless it is one of these under the mask.
fn refuse_others(argument: u32, mask: u32, values: &[u32], error: i32) -> Vec<Instruction> {
    let mut code = vec![load(low_half_at(argument)), keep(mask)];
    for (further, value) in (1..).zip(values.iter().rev()) {
        code.insert(2, jump_if_equal(*value, further, 0));
    }
    code.push(fail(error));
    code
}

/// Refused unless it lies in one of these ranges.
fn refuse_outside(argument: u32, ranges: &[(u32, u32)], error: i32) -> Vec<Instruction> {
    let mut code = vec![load(low_half_at(argument))];
    for (further, (first, last)) in (0_u8..).zip(ranges.iter().rev()) {
        let is_within = jump_if_greater(*last, 0, 2 * further + 1);
        code.splice(1..1, [jump_if_at_least(*first, 0, 1), is_within]);
    }
    code.push(fail(error));
    code
}

/// Carried out if it is zero, as a number of 32 bits.
fn allow_zero(argument: u32) -> Vec<Instruction> {
    vec![load(low_half_at(argument)), jump_if_equal(0, 0, 1), allow()]
}

/// Carried out if it is no address.
fn allow_null(argument: u32) -> Vec<Instruction> {
    vec![
        load(low_half_at(argument)),
        jump_if_equal(0, 0, 3),
        load(high_half_at(argument)),
        jump_if_equal(0, 0, 1),
        allow(),
    ]
}

#[cfg(test)]
mod tests;
