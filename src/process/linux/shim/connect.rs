//! The one connection that a program in the sandbox may make, which the supervisor makes for it: a filter cannot read
//! addresses, and what it lets pass could be another one by the time that the kernel reads it.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::{BorrowedFd, OwnedFd};
use std::thread;

use rustix::fs::{OFlags, fcntl_getfl};
use rustix::io::Errno;
use rustix::net::connect as connect_socket;
use rustix::process::{Pid, PidfdFlags, PidfdGetfdFlags, pidfd_getfd, pidfd_open};

use super::super::threads::process_of_thread;
use super::kernel::{self, Answer, Asked};

/// The bytes of an address that are looked at: none that a program may connect to is longer.
const LONGEST: usize = 28;

/// Connects the caller's socket if it is to `port` of this host: the answer, or `None` if it comes later.
pub(super) fn connect(
    listener: BorrowedFd<'_>,
    asked: &Asked,
    port: Option<u16>,
) -> Option<Answer> {
    let Some(address) = address(asked).filter(|address| is_stand_in(*address, port)) else {
        return Some(refused(Errno::ACCESS));
    };
    let Some(socket) = socket_of(asked).filter(|_| kernel::still_waits(listener, asked)) else {
        return Some(refused(Errno::ACCESS));
    };
    let waits = fcntl_getfl(&socket).is_ok_and(|flags| !flags.contains(OFlags::NONBLOCK));
    if !waits {
        return Some(connect_to(socket, address));
    }
    // Whoever waits for a connection must not hold up those who only ask.
    match connect_aside(listener, *asked, socket, address) {
        Ok(()) => None,
        Err(_) => Some(refused(Errno::AGAIN)),
    }
}

fn connect_aside(
    listener: BorrowedFd<'_>,
    asked: Asked,
    socket: OwnedFd,
    address: SocketAddr,
) -> io::Result<()> {
    let listener = listener.try_clone_to_owned()?;
    let answer = move || {
        let answer = connect_to(socket, address);
        kernel::answer(std::os::fd::AsFd::as_fd(&listener), &asked, answer);
    };
    thread::Builder::new()
        .name("connects".into())
        .spawn(answer)?;
    Ok(())
}

/// The socket is closed before the caller goes on: it alone decides how long the connection lasts.
fn connect_to(socket: OwnedFd, address: SocketAddr) -> Answer {
    let connected = connect_socket(&socket, &address);
    drop(socket);
    connected.map_or_else(refused, |()| Answer::Returns(0))
}

fn refused(error: Errno) -> Answer {
    Answer::Returns(-i64::from(error.raw_os_error()))
}

/// The caller's own socket.
fn socket_of(asked: &Asked) -> Option<OwnedFd> {
    let process = Pid::from_raw(process_of_thread(asked.thread)?.cast_signed())?;
    let handle = pidfd_open(process, PidfdFlags::empty()).ok()?;
    // A descriptor is an int, whatever the upper half of the register holds.
    let number = i32::try_from(asked.arguments[0] & 0xFFFF_FFFF).ok()?;
    pidfd_getfd(handle, number, PidfdGetfdFlags::empty()).ok()
}

/// The address that the caller names, if it is one of the internet.
fn address(asked: &Asked) -> Option<SocketAddr> {
    let [_, at, length, ..] = asked.arguments;
    let length = usize::try_from(length & 0xFFFF_FFFF).ok()?.min(LONGEST);
    let mut record = vec![0; length];
    let read = kernel::read(asked, at, &mut record).ok()?;
    parse(&record[..read])
}

/// Source of the layouts: ip(7) and ipv6(7).
fn parse(record: &[u8]) -> Option<SocketAddr> {
    let family = u16::from_ne_bytes(*record.first_chunk()?);
    let port = u16::from_be_bytes(*record.get(2..)?.first_chunk()?);
    let ip: IpAddr = match i32::from(family) {
        libc::AF_INET if record.len() >= 16 => {
            let bytes: [u8; 4] = *record.get(4..)?.first_chunk()?;
            Ipv4Addr::from(bytes).into()
        }
        libc::AF_INET6 if record.len() >= LONGEST => {
            let bytes: [u8; 16] = *record.get(8..)?.first_chunk()?;
            Ipv6Addr::from(bytes).into()
        }
        _ => return None,
    };
    Some(SocketAddr::new(ip, port))
}

/// Whether it is the stand-in, as a socket of either version of the internet's protocol names it.
fn is_stand_in(address: SocketAddr, port: Option<u16>) -> bool {
    address.ip().to_canonical() == IpAddr::V4(Ipv4Addr::LOCALHOST) && Some(address.port()) == port
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v4(port: u16, ip: [u8; 4]) -> Vec<u8> {
        let family = u16::try_from(libc::AF_INET).unwrap().to_ne_bytes();
        [&family[..], &port.to_be_bytes(), &ip, &[0; 8]].concat()
    }

    fn v6(port: u16, ip: Ipv6Addr) -> Vec<u8> {
        let family = u16::try_from(libc::AF_INET6).unwrap().to_ne_bytes();
        let port = port.to_be_bytes();
        [&family[..], &port, &[0; 4], &ip.octets(), &[0; 4]].concat()
    }

    fn reaches(record: &[u8]) -> bool {
        parse(record).is_some_and(|address| is_stand_in(address, Some(4000)))
    }

    #[test]
    fn the_stand_in_is_its_address_and_its_port() {
        assert!(reaches(&v4(4000, [127, 0, 0, 1])));
        assert!(!reaches(&v4(4001, [127, 0, 0, 1])));
        assert!(!reaches(&v4(4000, [127, 0, 0, 2])));
        assert!(!reaches(&v4(4000, [10, 0, 0, 1])));
        let mapped = Ipv4Addr::LOCALHOST.to_ipv6_mapped();
        assert!(reaches(&v6(4000, mapped)));
        assert!(!reaches(&v6(4001, mapped)));
        assert!(!reaches(&v6(4000, Ipv6Addr::LOCALHOST)));
        let address = parse(&v4(4000, [127, 0, 0, 1])).unwrap();
        assert!(!is_stand_in(address, None));
    }

    #[test]
    fn what_is_no_address_of_the_internet_is_none() {
        let local = u16::try_from(libc::AF_UNIX).unwrap().to_ne_bytes();
        let named = [&local[..], b"/run/some.socket\0"].concat();
        let short = &v4(4000, [127, 0, 0, 1])[..8];
        for record in [
            &[][..],
            &[2],
            &[0; 28],
            &named,
            short,
            &v6(4000, Ipv6Addr::LOCALHOST)[..20],
        ] {
            assert_eq!(parse(record), None, "{record:?}");
        }
    }
}
