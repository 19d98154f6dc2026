//! Which sockets a program may make: none, or TCP alone, whose port Landlock restricts.

use std::collections::BTreeMap;
use std::io;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen::Dword, SeccompCmpOp, SeccompCondition,
    SeccompFilter, SeccompRule,
};

/// The low bits of a socket's type hold its kind; the rest are flags.
const TYPE_MASK: u64 = 0xf;
/// Every type but `SOCK_STREAM`.
const NOT_STREAMS: [i32; 5] = [
    libc::SOCK_DGRAM,
    libc::SOCK_RAW,
    libc::SOCK_RDM,
    libc::SOCK_SEQPACKET,
    libc::SOCK_DCCP,
];
/// The bit that marks a call of the x32 interface: a kernel built with it takes the same calls under these numbers too.
#[cfg(target_arch = "x86_64")]
const X32_CALL: i64 = 0x4000_0000;

/// Refuses sockets: all, or all but TCP. A socket pair reaches no other process and is left alone.
///
/// # Errors
/// The processor's calls are not known.
pub(super) fn deny(all_but_tcp: bool) -> io::Result<BpfProgram> {
    let refused = rules(all_but_tcp).map_err(io::Error::other)?;
    let machine = std::env::consts::ARCH.try_into();
    let filter = SeccompFilter::new(
        refused,
        SeccompAction::Allow,
        SeccompAction::Errno(libc::EACCES.unsigned_abs()),
        machine.map_err(io::Error::other)?,
    );
    let program = filter.and_then(TryInto::try_into);
    program.map_err(io::Error::other)
}

fn rules(all_but_tcp: bool) -> Result<BTreeMap<i64, Vec<SeccompRule>>, seccompiler::BackendError> {
    let sockets = if all_but_tcp { not_tcp()? } else { Vec::new() };
    Ok(BTreeMap::from([
        (libc::SYS_socket, sockets),
        // A ring makes sockets without a call that the filter sees.
        (libc::SYS_io_uring_setup, Vec::new()),
        #[cfg(target_arch = "x86_64")]
        (X32_CALL + libc::SYS_socket, Vec::new()),
        #[cfg(target_arch = "x86_64")]
        (X32_CALL + libc::SYS_io_uring_setup, Vec::new()),
    ]))
}

/// Each rule describes sockets that are not TCP.
fn not_tcp() -> Result<Vec<SeccompRule>, seccompiler::BackendError> {
    let word = |value: i32| u64::from(value.unsigned_abs());
    let argument = |at: u8, op, value| SeccompCondition::new(at, Dword, op, value);
    let mut ways = vec![
        SeccompRule::new(vec![
            argument(0, SeccompCmpOp::Ne, word(libc::AF_INET))?,
            argument(0, SeccompCmpOp::Ne, word(libc::AF_INET6))?,
        ])?,
        // Landlock does not treat multipath TCP as TCP.
        SeccompRule::new(vec![
            argument(2, SeccompCmpOp::Ne, 0)?,
            argument(2, SeccompCmpOp::Ne, word(libc::IPPROTO_TCP))?,
        ])?,
    ];
    for kind in NOT_STREAMS {
        let is = SeccompCmpOp::MaskedEq(TYPE_MASK);
        ways.push(SeccompRule::new(vec![argument(1, is, word(kind))?])?);
    }
    Ok(ways)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_filters_can_be_made_and_differ() {
        let (none, tcp) = (deny(false).unwrap(), deny(true).unwrap());
        assert!(!none.is_empty() && tcp.len() > none.len());
    }
}
