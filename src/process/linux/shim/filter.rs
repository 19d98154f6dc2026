//! Which system calls the shim is asked about: a program for the kernel's packet filter machine.
//!
//! All others pass untouched, at the price of the filter itself, some tens of nanoseconds. Source of the layout:
//! `struct seccomp_data` of linux/seccomp.h.

use libc::sock_filter as Instruction;

/// The kernel's number for the processor that this is compiled for; `None` if the filter does not know its calls.
#[cfg(target_arch = "x86_64")]
const MACHINE: Option<u32> = Some(0xC000_003E);
#[cfg(target_arch = "aarch64")]
const MACHINE: Option<u32> = Some(0xC000_00B7);
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
const MACHINE: Option<u32> = None;

/// Offsets in the kernel's record.
const NUMBER_AT: u32 = 0;
const MACHINE_AT: u32 = 4;

const fn low_half_at(argument: u32) -> u32 {
    16 + 8 * argument + if cfg!(target_endian = "big") { 4 } else { 0 }
}

const fn high_half_at(argument: u32) -> u32 {
    16 + 8 * argument + if cfg!(target_endian = "big") { 0 } else { 4 }
}

/// A test of one call's arguments.
#[derive(Debug, Clone, Copy)]
enum Test {
    /// Every call is asked about.
    Always,
    /// The low half of an argument, under a mask, is not zero.
    AnyOf { argument: u32, mask: u32 },
    /// The low halves of two arguments are these.
    Both {
        arguments: [u32; 2],
        values: [u32; 2],
    },
    /// An argument is more than this.
    MoreThan { argument: u32, most: u32 },
    /// An argument is no more than this.
    NoMoreThan { argument: u32, most: u32 },
}

/// The filter, for writes of which at most `longest_write` bytes pass as one message; `None` where the processor's
/// calls are not known to it.
pub(super) fn filter(longest_write: u32) -> Option<Vec<Instruction>> {
    let mut code = vec![
        load(MACHINE_AT),
        jump_if_equal(MACHINE?, 1, 0),
        allow(),
        load(NUMBER_AT),
    ];
    for (number, test) in tests(longest_write) {
        let body = body(test);
        let past = u8::try_from(body.len()).ok()?;
        code.push(jump_if_equal(u32::try_from(number).ok()?, 0, past));
        code.extend(body);
    }
    code.push(allow());
    Some(code)
}

fn tests(longest_write: u32) -> Vec<(libc::c_long, Test)> {
    let of_type = Test::Both {
        arguments: [1, 2],
        values: [
            libc::SOL_SOCKET.unsigned_abs(),
            libc::SO_TYPE.unsigned_abs(),
        ],
    };
    let mask = libc::O_ACCMODE.unsigned_abs();
    let long = Test::MoreThan {
        argument: 2,
        most: longest_write,
    };
    // Their length is not in a register. Asking about every descriptor would cost a server much; a stream is rarely elsewhere.
    let low = Test::NoMoreThan {
        argument: 0,
        most: 2,
    };
    vec![
        (libc::SYS_write, long),
        (libc::SYS_sendto, long),
        (libc::SYS_writev, low),
        (libc::SYS_pwritev2, low),
        (libc::SYS_sendmsg, low),
        (libc::SYS_openat, Test::AnyOf { argument: 2, mask }),
        // Its flags are not in a register either; it is rarely used.
        (libc::SYS_openat2, Test::Always),
        (libc::SYS_exit_group, Test::Always),
        (libc::SYS_getsockopt, of_type),
        #[cfg(target_arch = "x86_64")]
        (libc::SYS_open, Test::AnyOf { argument: 1, mask }),
        #[cfg(target_arch = "x86_64")]
        (libc::SYS_creat, Test::Always),
    ]
}

/// The instructions of a test; they end in an answer whatever it finds.
fn body(test: Test) -> Vec<Instruction> {
    match test {
        Test::Always => vec![ask()],
        Test::AnyOf { argument, mask } => vec![
            load(low_half_at(argument)),
            jump_if_any(mask, 0, 1),
            ask(),
            allow(),
        ],
        Test::Both { arguments, values } => vec![
            load(low_half_at(arguments[0])),
            jump_if_equal(values[0], 0, 3),
            load(low_half_at(arguments[1])),
            jump_if_equal(values[1], 0, 1),
            ask(),
            allow(),
        ],
        Test::MoreThan { argument, most } => vec![
            load(high_half_at(argument)),
            jump_if_equal(0, 0, 2),
            load(low_half_at(argument)),
            jump_if_greater(most, 0, 1),
            ask(),
            allow(),
        ],
        // A descriptor is an int: the upper half of the register does not count.
        Test::NoMoreThan { argument, most } => vec![
            load(low_half_at(argument)),
            jump_if_greater(most, 1, 0),
            ask(),
            allow(),
        ],
    }
}

fn load(at: u32) -> Instruction {
    instruction(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, 0, 0, at)
}

fn jump_if_equal(value: u32, then: u8, otherwise: u8) -> Instruction {
    jump(libc::BPF_JEQ, value, then, otherwise)
}

fn jump_if_greater(value: u32, then: u8, otherwise: u8) -> Instruction {
    jump(libc::BPF_JGT, value, then, otherwise)
}

fn jump_if_any(mask: u32, then: u8, otherwise: u8) -> Instruction {
    jump(libc::BPF_JSET, mask, then, otherwise)
}

fn jump(how: u32, value: u32, then: u8, otherwise: u8) -> Instruction {
    instruction(libc::BPF_JMP | how | libc::BPF_K, then, otherwise, value)
}

fn allow() -> Instruction {
    instruction(libc::BPF_RET | libc::BPF_K, 0, 0, libc::SECCOMP_RET_ALLOW)
}

fn ask() -> Instruction {
    instruction(
        libc::BPF_RET | libc::BPF_K,
        0,
        0,
        libc::SECCOMP_RET_USER_NOTIF,
    )
}

fn instruction(code: u32, jt: u8, jf: u8, k: u32) -> Instruction {
    // The machine's codes take sixteen bits.
    let code = u16::try_from(code).unwrap_or_default();
    Instruction { code, jt, jf, k }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: u32 = 1 << 17;

    /// The part of the kernel's machine that the filter uses, written from its manual.
    fn asked(machine: u32, number: libc::c_long, arguments: [u64; 6]) -> bool {
        let mut record = [0_u8; 64];
        record[..4].copy_from_slice(&u32::try_from(number).unwrap().to_ne_bytes());
        record[4..8].copy_from_slice(&machine.to_ne_bytes());
        for (at, argument) in arguments.iter().enumerate() {
            record[16 + 8 * at..24 + 8 * at].copy_from_slice(&argument.to_ne_bytes());
        }
        let code = filter(MOST).unwrap();
        let (mut at, mut accumulator) = (0, 0_u32);
        loop {
            let Instruction {
                code: what,
                jt,
                jf,
                k,
            } = code[at];
            at += 1;
            let mut branch = |taken: bool| at += usize::from(if taken { jt } else { jf });
            match u32::from(what) {
                0x20 => {
                    let from = usize::try_from(k).unwrap();
                    accumulator = u32::from_ne_bytes(record[from..from + 4].try_into().unwrap());
                }
                0x15 => branch(accumulator == k),
                0x25 => branch(accumulator > k),
                0x45 => branch(accumulator & k != 0),
                0x06 => return k == libc::SECCOMP_RET_USER_NOTIF,
                other => panic!("instruction {other:#x}"),
            }
        }
    }

    fn here(number: libc::c_long, arguments: [u64; 6]) -> bool {
        asked(MACHINE.unwrap(), number, arguments)
    }

    #[test]
    fn only_long_writes_are_asked_about() {
        for call in [libc::SYS_write, libc::SYS_sendto] {
            assert!(!here(call, [1, 0, 5, 0, 0, 0]));
            assert!(!here(call, [1, 0, MOST.into(), 0, 0, 0]));
            assert!(here(call, [1, 0, u64::from(MOST) + 1, 0, 0, 0]));
            assert!(here(call, [9, 0, 1 << 32, 0, 0, 0]));
        }
        assert!(here(libc::SYS_writev, [2, 0, 1, 0, 0, 0]));
        assert!(!here(libc::SYS_writev, [3, 0, 1, 0, 0, 0]));
        assert!(here(libc::SYS_pwritev2, [1, 0, 1, 0, 0, 0]));
    }

    #[test]
    fn only_opening_to_write_is_asked_about() {
        let openat = |flags: i32| {
            here(
                libc::SYS_openat,
                [0, 0, flags.unsigned_abs().into(), 0, 0, 0],
            )
        };
        assert!(!openat(libc::O_RDONLY | libc::O_CLOEXEC));
        assert!(openat(libc::O_WRONLY | libc::O_CREAT | libc::O_TRUNC));
        assert!(openat(libc::O_RDWR));
    }

    #[test]
    fn only_a_sockets_type_is_asked_about() {
        let of = |level: u64, name: u64| here(libc::SYS_getsockopt, [1, level, name, 0, 0, 0]);
        assert!(of(1, 3));
        assert!(!of(1, 4));
        assert!(!of(6, 3));
    }

    #[test]
    fn all_else_passes_and_so_does_all_of_another_machine() {
        for number in 0..600 {
            let known = tests(MOST).iter().any(|(call, _)| *call == number);
            assert!(known || !here(number, [1, 1, 3, 1, 1, 1]));
            assert!(!asked(7, number, [u64::MAX; 6]));
        }
    }
}
