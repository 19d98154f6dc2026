//! Whose the other end of a local TCP connection is. Source of the records: `linux/sock_diag.h` and
//! `linux/inet_diag.h`.

use std::net::SocketAddrV4;
use std::os::fd::OwnedFd;

use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, netlink, recv, send, socket_with,
};

use crate::system::peer::Peer;

/// `SOCK_DIAG_BY_FAMILY`: the type of a question and of its answer.
const BY_FAMILY: u16 = 20;
const IS_REQUEST: u16 = 1;
const TCP: u8 = 6;
const HEADER_BYTES: usize = 16;
const QUESTION_BYTES: usize = 56;
/// Where an answer holds the user's number, and the socket's own.
const USER_AT: usize = HEADER_BYTES + 64;
const INODE_AT: usize = USER_AT + 4;

/// What the kernel tells of the socket that is bound to `theirs` and connected to `ours`; `None` where it does not tell.
pub(crate) fn peer(theirs: SocketAddrV4, ours: SocketAddrV4) -> Option<Peer> {
    let kernel = asked(theirs, ours)?;
    let mut answer = [0; 512];
    let (length, _) = recv(&kernel, &mut answer[..], RecvFlags::DONTWAIT).ok()?;
    let answer = answer.get(..length)?;
    let kind = u16::from_ne_bytes(*answer.get(4..)?.first_chunk()?);
    let number = |at: usize| Some(u32::from_ne_bytes(*answer.get(at..)?.first_chunk()?));
    let peer = Peer {
        user: number(USER_AT)?,
        inode: number(INODE_AT)?,
    };
    (kind == BY_FAMILY).then_some(peer)
}

/// The kernel answers before it returns.
fn asked(theirs: SocketAddrV4, ours: SocketAddrV4) -> Option<OwnedFd> {
    let flags = SocketFlags::CLOEXEC;
    let kernel = socket_with(
        AddressFamily::NETLINK,
        SocketType::DGRAM,
        flags,
        Some(netlink::SOCK_DIAG),
    );
    let kernel = kernel.ok()?;
    send(&kernel, &question(theirs, ours), SendFlags::empty()).ok()?;
    Some(kernel)
}

fn question(theirs: SocketAddrV4, ours: SocketAddrV4) -> Vec<u8> {
    let family =
        AddressFamily::INET.as_raw().to_ne_bytes()[usize::from(cfg!(target_endian = "big"))];
    let length = u32::try_from(HEADER_BYTES + QUESTION_BYTES).unwrap_or_default();
    let mut bytes = length.to_ne_bytes().to_vec();
    bytes.extend(BY_FAMILY.to_ne_bytes());
    bytes.extend(IS_REQUEST.to_ne_bytes());
    // A number of the question's, and one of ours: neither is needed.
    bytes.extend([0; 8]);
    bytes.extend([family, TCP, 0, 0]);
    // Whatever its state.
    bytes.extend([0xFF; 4]);
    bytes.extend(theirs.port().to_be_bytes());
    bytes.extend(ours.port().to_be_bytes());
    for address in [theirs, ours] {
        bytes.extend(address.ip().octets());
        bytes.extend([0; 12]);
    }
    // On any interface, whatever its cookie.
    bytes.extend([0; 4]);
    bytes.extend([0xFF; 8]);
    bytes
}

#[cfg(test)]
mod tests {
    use std::net::{SocketAddr, TcpListener, TcpStream};

    use rustix::fs::fstat;
    use rustix::process::geteuid;

    use super::*;
    use crate::left_out::left_out;

    fn v4(address: SocketAddr) -> SocketAddrV4 {
        match address {
            SocketAddr::V4(address) => address,
            SocketAddr::V6(address) => panic!("{address}"),
        }
    }

    #[test]
    fn a_question_has_the_length_that_it_says() {
        let any = SocketAddrV4::new([127, 0, 0, 1].into(), 80);
        assert_eq!(question(any, any).len(), HEADER_BYTES + QUESTION_BYTES);
    }

    #[test]
    fn a_connection_of_ours_is_ours_and_one_that_is_not_there_is_nobodys() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let ours = v4(listener.local_addr().unwrap());
        let client = TcpStream::connect(ours).unwrap();
        let theirs = v4(client.local_addr().unwrap());
        let Some(found) = peer(theirs, ours) else {
            return left_out("this kernel does not tell whose a connection is");
        };
        assert_eq!(found.user, geteuid().as_raw());
        assert_eq!(u64::from(found.inode), fstat(&client).unwrap().st_ino);
        let other = SocketAddrV4::new(*theirs.ip(), 1);
        assert_eq!(peer(other, ours), None);
    }
}
