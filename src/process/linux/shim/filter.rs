//! Which system calls the shim is asked about: a program for the kernel's packet filter machine.
//!
//! All others pass untouched, at the price of the filter itself, some tens of nanoseconds.

use super::super::bpf::{
    Instruction, MACHINE, MACHINE_AT, NUMBER_AT, allow, ask, high_half_at, jump_if_any,
    jump_if_equal, jump_if_greater, load, low_half_at,
};

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

/// Which calls are asked about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Questions {
    /// Those by which a program could notice that its output is a socket, of which a message holds so many bytes.
    pub(super) longest_write: Option<u32>,
    /// Connections.
    pub(super) connections: bool,
}

/// The filter that asks; `None` where the processor's calls are not known to it.
pub(super) fn filter(questions: Questions) -> Option<Vec<Instruction>> {
    let mut code = vec![
        load(MACHINE_AT),
        jump_if_equal(MACHINE?, 1, 0),
        allow(),
        load(NUMBER_AT),
    ];
    for (number, test) in tests(questions) {
        let body = body(test);
        let past = u8::try_from(body.len()).ok()?;
        code.push(jump_if_equal(u32::try_from(number).ok()?, 0, past));
        code.extend(body);
    }
    code.push(allow());
    Some(code)
}

fn tests(questions: Questions) -> Vec<(libc::c_long, Test)> {
    let of_output = questions.longest_write.map(tests_of_output);
    let connections = questions.connections;
    let connections = connections.then_some((libc::SYS_connect, Test::Always));
    of_output.into_iter().flatten().chain(connections).collect()
}

fn tests_of_output(longest_write: u32) -> Vec<(libc::c_long, Test)> {
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

#[cfg(test)]
mod tests {
    use super::super::super::bpf::answer_of;
    use super::*;

    const MOST: u32 = 1 << 17;

    const OUTPUT: Questions = Questions {
        longest_write: Some(MOST),
        connections: false,
    };
    const CONNECTIONS: Questions = Questions {
        longest_write: None,
        connections: true,
    };

    fn asked_by(
        questions: Questions,
        machine: u32,
        number: libc::c_long,
        arguments: [u64; 6],
    ) -> bool {
        let code = filter(questions).unwrap();
        let number = u32::try_from(number).unwrap();
        answer_of(&code, machine, number, arguments) == libc::SECCOMP_RET_USER_NOTIF
    }

    fn asked(machine: u32, number: libc::c_long, arguments: [u64; 6]) -> bool {
        asked_by(OUTPUT, machine, number, arguments)
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
            let known = tests(OUTPUT).iter().any(|(call, _)| *call == number);
            assert!(known || !here(number, [1, 1, 3, 1, 1, 1]));
            assert!(!asked(7, number, [u64::MAX; 6]));
        }
    }

    #[test]
    fn connections_are_asked_about_where_that_is_wanted_and_then_alone() {
        for number in 0..600 {
            let connects = number == libc::SYS_connect;
            let machine = MACHINE.unwrap();
            let arguments = [1, 1, 3, 1, 1, 1];
            assert_eq!(
                asked_by(CONNECTIONS, machine, number, arguments),
                connects,
                "{number}"
            );
            assert!(!connects || !asked(machine, number, arguments));
        }
    }
}
