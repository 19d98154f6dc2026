//! The kernel's packet filter machine, as far as filters of system calls use it. Source of the layout: `struct
//! seccomp_data` of linux/seccomp.h.

pub(super) use libc::sock_filter as Instruction;

/// The kernel's number for the processor that this is compiled for; `None` if no filter here knows its calls.
#[cfg(target_arch = "x86_64")]
pub(super) const MACHINE: Option<u32> = Some(0xC000_003E);
#[cfg(target_arch = "aarch64")]
pub(super) const MACHINE: Option<u32> = Some(0xC000_00B7);
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
pub(super) const MACHINE: Option<u32> = None;

/// Offsets in the kernel's record.
pub(super) const NUMBER_AT: u32 = 0;
pub(super) const MACHINE_AT: u32 = 4;

pub(super) const fn low_half_at(argument: u32) -> u32 {
    16 + 8 * argument + if cfg!(target_endian = "big") { 4 } else { 0 }
}

pub(super) const fn high_half_at(argument: u32) -> u32 {
    16 + 8 * argument + if cfg!(target_endian = "big") { 0 } else { 4 }
}

pub(super) fn load(at: u32) -> Instruction {
    instruction(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, 0, 0, at)
}

/// Keeps these bits of what was loaded.
pub(super) fn keep(mask: u32) -> Instruction {
    instruction(libc::BPF_ALU | libc::BPF_AND | libc::BPF_K, 0, 0, mask)
}

/// Goes on after so many further instructions.
pub(super) fn skip(further: u32) -> Instruction {
    instruction(libc::BPF_JMP | libc::BPF_JA, 0, 0, further)
}

pub(super) fn jump_if_equal(value: u32, then: u8, otherwise: u8) -> Instruction {
    jump(libc::BPF_JEQ, value, then, otherwise)
}

pub(super) fn jump_if_greater(value: u32, then: u8, otherwise: u8) -> Instruction {
    jump(libc::BPF_JGT, value, then, otherwise)
}

pub(super) fn jump_if_at_least(value: u32, then: u8, otherwise: u8) -> Instruction {
    jump(libc::BPF_JGE, value, then, otherwise)
}

pub(super) fn jump_if_any(mask: u32, then: u8, otherwise: u8) -> Instruction {
    jump(libc::BPF_JSET, mask, then, otherwise)
}

/// Ends the filter: the call is carried out.
pub(super) fn allow() -> Instruction {
    answer(libc::SECCOMP_RET_ALLOW)
}

/// Ends the filter: the call waits for somebody to answer it.
pub(super) fn ask() -> Instruction {
    answer(libc::SECCOMP_RET_USER_NOTIF)
}

/// Ends the filter: the call fails with this error.
pub(super) fn fail(error: i32) -> Instruction {
    answer(libc::SECCOMP_RET_ERRNO | error.unsigned_abs())
}

fn answer(action: u32) -> Instruction {
    instruction(libc::BPF_RET | libc::BPF_K, 0, 0, action)
}

fn jump(how: u32, value: u32, then: u8, otherwise: u8) -> Instruction {
    instruction(libc::BPF_JMP | how | libc::BPF_K, then, otherwise, value)
}

fn instruction(code: u32, jt: u8, jf: u8, k: u32) -> Instruction {
    // The machine's codes take sixteen bits.
    let code = u16::try_from(code).unwrap_or_default();
    Instruction { code, jt, jf, k }
}

/// What a filter answers: the part of the kernel's machine that is used here, written from its manual.
#[cfg(test)]
pub(super) fn answer_of(
    code: &[Instruction],
    machine: u32,
    number: u32,
    arguments: [u64; 6],
) -> u32 {
    let mut record = [0_u8; 64];
    record[..4].copy_from_slice(&number.to_ne_bytes());
    record[4..8].copy_from_slice(&machine.to_ne_bytes());
    for (at, argument) in arguments.iter().enumerate() {
        record[16 + 8 * at..24 + 8 * at].copy_from_slice(&argument.to_ne_bytes());
    }
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
            0x05 => at += usize::try_from(k).unwrap(),
            0x15 => branch(accumulator == k),
            0x25 => branch(accumulator > k),
            0x35 => branch(accumulator >= k),
            0x45 => branch(accumulator & k != 0),
            0x54 => accumulator &= k,
            0x06 => return k,
            other => panic!("instruction {other:#x}"),
        }
    }
}
