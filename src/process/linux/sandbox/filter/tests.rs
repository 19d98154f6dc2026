use std::collections::BTreeSet;

use libc::{ENOSYS, SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO};

use super::super::super::bpf::answer_of;
use super::*;

/// What a call returns at once: 0 if it is carried out.
fn outcome(machine: u32, number: u32, arguments: [u64; 6], with_stand_in: bool) -> i32 {
    let code = filter(with_stand_in).unwrap();
    match answer_of(&code, machine, number, arguments) {
        SECCOMP_RET_ALLOW => 0,
        refused => {
            assert_eq!(refused & 0xFFFF_0000, SECCOMP_RET_ERRNO);
            i32::try_from(refused & 0xFFFF).unwrap()
        }
    }
}

fn own_call(number: c_long, arguments: [u64; 6]) -> i32 {
    outcome(
        MACHINE.unwrap(),
        number.try_into().unwrap(),
        arguments,
        true,
    )
}

fn word(value: i32) -> u64 {
    value.unsigned_abs().into()
}

/// Every number that something is known of.
fn known() -> BTreeSet<c_long> {
    let mut known = BTreeSet::new();
    let lists = [
        calls::ALLOWED,
        calls::ALLOWED_OLD,
        calls::ALLOWED_NEW,
        calls::ALLOWED_HERE,
        calls::REFUSED,
        calls::REFUSED_OLD,
        calls::REFUSED_NEW,
        calls::UNREACHABLE,
    ];
    let tested = tested().into_iter().chain(network(true));
    let tested = tested.map(|(number, _)| number);
    for number in lists.into_iter().flatten().copied().chain(tested) {
        assert!(known.insert(number), "{number} is there twice");
    }
    known
}

#[test]
fn no_call_is_in_two_lists() {
    assert!(known().len() > 200);
}

#[cfg(target_arch = "x86_64")]
#[test]
fn no_call_of_this_processor_is_forgotten() {
    let known = known();
    let never_made = [
        174, 177, 178, 180, 181, 182, 183, 184, 185, 205, 211, 214, 215, 236,
    ];
    let read_from_memory = [libc::SYS_clone3, libc::SYS_openat2];
    let all = (0..=335).chain(424..=469);
    let missing = all.filter(|number| !known.contains(number));
    let missing: Vec<c_long> = missing
        .filter(|number| !never_made.contains(number) && !read_from_memory.contains(number))
        .collect();
    assert_eq!(missing, [] as [c_long; 0]);
}

#[test]
fn each_call_meets_what_its_list_says() {
    for number in 0..1200 {
        let of = |list: &[c_long]| list.contains(&number);
        let any = [calls::ALLOWED, calls::ALLOWED_OLD].into_iter().any(of);
        let outcome = own_call(number, [1, 1, 1, 1, 1, 1]);
        if any || of(calls::ALLOWED_NEW) || of(calls::ALLOWED_HERE) {
            assert_eq!(outcome, 0, "{number}");
        } else if of(calls::REFUSED) || of(calls::REFUSED_OLD) || of(calls::REFUSED_NEW) {
            assert_eq!(outcome, EPERM, "{number}");
        } else if of(calls::UNREACHABLE) {
            assert_eq!(outcome, EACCES, "{number}");
        } else if !tested()
            .iter()
            .chain(&network(true))
            .any(|(tested, _)| *tested == number)
        {
            assert_eq!(outcome, ENOSYS, "{number}");
        }
    }
    assert_eq!(own_call(libc::SYS_clone3, [0; 6]), ENOSYS);
    assert_eq!(own_call(libc::SYS_openat2, [0; 6]), ENOSYS);
    assert_eq!(own_call(0x7FFF_FFFF, [0; 6]), ENOSYS);
}

#[test]
fn calls_of_other_interfaces_are_refused_and_their_programs_may_end() {
    let other = |number| outcome(7, number, [0; 6], true);
    assert_eq!((other(0), other(2), other(599)), (EPERM, EPERM, EPERM));
    assert_eq!(other(600), ENOSYS);
    for exit in EXITS_OF_32_BITS {
        assert_eq!((other(exit), other(exit + 1)), (0, EPERM));
    }
    if let Some(x32) = X32_CALL {
        let x32_call = |number: u32| own_call((x32 + number).into(), [0; 6]);
        assert_eq!((x32_call(0), x32_call(547)), (EPERM, EPERM));
        assert_eq!(x32_call(600), ENOSYS);
    }
}

#[test]
fn sockets_are_tcp_to_a_stand_in_and_none_without_one() {
    let stream = word(libc::SOCK_STREAM | libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK);
    let socket = |domain: i32, kind: u64, protocol: u64| {
        own_call(libc::SYS_socket, [word(domain), kind, protocol, 9, 9, 9])
    };
    for domain in [libc::AF_INET, libc::AF_INET6] {
        assert_eq!(
            (socket(domain, stream, 0), socket(domain, stream, 6)),
            (0, 0)
        );
        assert_eq!(socket(domain, stream, 262), EACCES);
        for kind in [2, 3, 4, 5, 6, 10] {
            assert_eq!(socket(domain, kind, 0), EACCES, "{kind}");
        }
    }
    for domain in [
        libc::AF_UNIX,
        libc::AF_NETLINK,
        libc::AF_PACKET,
        libc::AF_VSOCK,
    ] {
        assert_eq!(socket(domain, stream, 0), EACCES, "{domain}");
    }
    let connect = |with_stand_in| {
        let number = libc::SYS_connect.try_into().unwrap();
        outcome(MACHINE.unwrap(), number, [3; 6], with_stand_in)
    };
    assert_eq!((connect(true), connect(false)), (0, EACCES));
    let none = outcome(
        MACHINE.unwrap(),
        libc::SYS_socket.try_into().unwrap(),
        [2, 1, 0, 0, 0, 0],
        false,
    );
    assert_eq!(none, EACCES);
    let pair = |domain: i32, kind: i32| {
        own_call(libc::SYS_socketpair, [word(domain), word(kind), 0, 0, 0, 0])
    };
    assert_eq!(
        pair(libc::AF_UNIX, libc::SOCK_STREAM | libc::SOCK_CLOEXEC),
        0
    );
    assert_eq!(pair(libc::AF_UNIX, libc::SOCK_SEQPACKET), 0);
    assert_eq!(pair(libc::AF_UNIX, libc::SOCK_DGRAM), EACCES);
    assert_eq!(pair(libc::AF_UNIX, libc::SOCK_RAW), EACCES);
    assert_eq!(pair(30, libc::SOCK_STREAM), EACCES);
    let fast = word(libc::MSG_FASTOPEN | libc::MSG_NOSIGNAL);
    let usual = word(libc::MSG_NOSIGNAL);
    for (call, flags) in [
        (libc::SYS_sendto, 3),
        (libc::SYS_sendmsg, 2),
        (libc::SYS_sendmmsg, 3),
    ] {
        let sent = |value| {
            let mut arguments = [1; 6];
            arguments[flags] = value;
            own_call(call, arguments)
        };
        assert_eq!((sent(fast), sent(usual)), (EACCES, 0));
    }
}

#[test]
fn a_mode_that_lends_rights_is_refused_where_one_is_given() {
    let creates = word(libc::O_CREAT | libc::O_WRONLY);
    let open = |flags: u64, mode: u64| own_call(libc::SYS_openat, [0, 0, flags, mode, 0, 0]);
    assert_eq!(open(creates, 0o644), 0);
    assert_eq!(open(creates, 0o4755), EPERM);
    assert_eq!(open(word(libc::O_TMPFILE | libc::O_RDWR), 0o2755), EPERM);
    // Where no file is made there is no mode, and its register holds anything.
    assert_eq!(open(word(libc::O_RDONLY | libc::O_DIRECTORY), 0o6777), 0);
    assert_eq!(own_call(libc::SYS_fchmod, [3, 0o755, 0, 0, 0, 0]), 0);
    assert_eq!(own_call(libc::SYS_fchmod, [3, 0o4755, 0, 0, 0, 0]), EPERM);
    let mknod = |mode: u32| own_call(libc::SYS_mknodat, [0, 0, mode.into(), 0, 0, 0]);
    assert_eq!(mknod(libc::S_IFIFO | 0o600), 0);
    assert_eq!(mknod(libc::S_IFREG | 0o600), 0);
    assert_eq!(mknod(libc::S_IFIFO | 0o4600), EPERM);
    assert_eq!(mknod(libc::S_IFCHR | 0o600), EPERM);
    assert_eq!(mknod(libc::S_IFBLK | 0o600), EPERM);
}

#[test]
fn a_terminal_is_asked_and_never_typed_into() {
    let ioctl = |request: u64| own_call(libc::SYS_ioctl, [0, request, 0, 0, 0, 0]);
    for (first, last) in REQUESTS {
        assert_eq!((ioctl(first.into()), ioctl(last.into())), (0, 0));
    }
    // TIOCSTI, TIOCLINUX, TIOCSCTTY, TIOCSETD, FS_IOC_SETFLAGS, and what lies around the ranges.
    for refused in [
        0x5412,
        0x541C,
        0x540E,
        0x5423,
        0x4008_6602,
        0,
        0x5400,
        0x5461,
        0xFFFF_FFFF,
    ] {
        assert_eq!(ioctl(refused), EPERM, "{refused:#x}");
    }
}

#[test]
fn priorities_limits_and_name_spaces_of_others_are_out_of_reach() {
    let prlimit = |pid: u64, new: u64| own_call(libc::SYS_prlimit64, [pid, 7, new, 9, 0, 0]);
    assert_eq!((prlimit(0, 0), prlimit(0, 8), prlimit(7, 0)), (0, 0, 0));
    assert_eq!((prlimit(7, 8), prlimit(7, 1 << 40)), (EPERM, EPERM));
    let nice =
        |which: i32, who: u64| own_call(libc::SYS_setpriority, [word(which), who, 5, 0, 0, 0]);
    assert_eq!((nice(0, 0), nice(1, 0)), (0, 0));
    assert_eq!((nice(0, 1), nice(2, 0)), (EPERM, EPERM));
    assert_eq!(own_call(libc::SYS_ioprio_set, [3, 0, 0, 0, 0, 0]), EPERM);
    let clone = |flags: i32| own_call(libc::SYS_clone, [word(flags), 0, 0, 0, 0, 0]);
    assert_eq!(
        clone(libc::CLONE_VM | libc::CLONE_THREAD | libc::SIGCHLD),
        0
    );
    assert_eq!(clone(libc::CLONE_NEWUSER), EPERM);
    let fcntl = |command: i32| own_call(libc::SYS_fcntl, [3, word(command), 0, 0, 0, 0]);
    assert_eq!((fcntl(libc::F_SETFD), fcntl(libc::F_SETLEASE)), (0, EACCES));
}

#[test]
fn the_filter_fits_the_kernel() {
    let longest = usize::try_from(libc::BPF_MAXINSNS).unwrap();
    assert!(filter(true).unwrap().len() < longest / 4);
}
