//! Who holds a socket: the descriptors of all processes, as proc(5) lists them.

use std::fs;
use std::sync::{Mutex, PoisonError};

use rustix::process::Pid;

use super::family;
use crate::process::socket_holder::SocketHolder;

/// How many descriptors after the one found last are tried before all are read: programs that make many connections get
/// rising numbers for them.
const NEXT: i32 = 16;

/// The sockets of one program under observation.
#[derive(Debug)]
pub struct ProgramSockets {
    /// All that the program starts lies below it.
    supervisor: Pid,
    /// The process and the descriptor where a socket of the program was found last.
    last: Mutex<Option<(i32, i32)>>,
}

impl ProgramSockets {
    /// Of all processes below `supervisor`, and of itself: in the sandbox, it connects for its program.
    pub(crate) fn below(supervisor: Pid) -> ProgramSockets {
        ProgramSockets {
            supervisor,
            last: Mutex::default(),
        }
    }

    /// Who holds the socket of this number.
    #[must_use]
    pub fn holder(&self, inode: u32) -> SocketHolder {
        if inode == 0 {
            return SocketHolder::Unknown;
        }
        let link = format!("socket:[{inode}]");
        if self.is_next(&link) {
            return SocketHolder::Program;
        }
        let (program, others) = family::processes(self.supervisor);
        let found = program
            .iter()
            .find_map(|process| Some((*process, descriptor(*process, &link)?)));
        if found.is_some() {
            *self.last() = found;
            return SocketHolder::Program;
        }
        let other = others
            .into_iter()
            .find(|process| descriptor(*process, &link).is_some());
        other.map_or(SocketHolder::Unknown, |process| SocketHolder::Other {
            name: name(process),
            process: process.unsigned_abs(),
        })
    }

    /// Whether the socket is one of the next that the program made after the one found last.
    fn is_next(&self, link: &str) -> bool {
        let mut last = self.last();
        let Some((process, descriptor)) = *last else {
            return false;
        };
        let mut next = descriptor..descriptor.saturating_add(NEXT);
        let found = next.find(|next| leads_to(&format!("/proc/{process}/fd/{next}"), link));
        *last = found.map(|found| (process, found)).or(*last);
        found.is_some()
    }

    fn last(&self) -> std::sync::MutexGuard<'_, Option<(i32, i32)>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The descriptor of a process that is this socket; `None` too if we may not read its descriptors.
fn descriptor(process: i32, link: &str) -> Option<i32> {
    let descriptors = fs::read_dir(format!("/proc/{process}/fd")).ok()?;
    let mut names = descriptors.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let name = names.find(|name| leads_to(&format!("/proc/{process}/fd/{name}"), link))?;
    name.parse().ok()
}

fn leads_to(path: &str, link: &str) -> bool {
    fs::read_link(path).is_ok_and(|target| target.as_os_str() == link)
}

fn name(process: i32) -> String {
    let name = fs::read(format!("/proc/{process}/comm")).unwrap_or_default();
    String::from_utf8_lossy(&name).trim_end().to_string()
}

#[cfg(test)]
#[expect(clippy::disallowed_types, reason = "this is inside `process`")]
mod tests {
    use std::net::TcpListener;
    use std::process::{Command, Stdio};

    use rustix::fs::fstat;
    use rustix::process::getpid;

    use super::*;

    fn number(socket: &TcpListener) -> u32 {
        u32::try_from(fstat(socket).unwrap().st_ino).unwrap()
    }

    #[test]
    fn a_socket_is_the_programs_or_somebody_elses_or_nobodys() {
        let sockets: Vec<TcpListener> = (0..3)
            .map(|_| TcpListener::bind("127.0.0.1:0").unwrap())
            .collect();
        let ours = ProgramSockets::below(getpid());
        for socket in &sockets {
            assert_eq!(ours.holder(number(socket)), SocketHolder::Program);
        }
        let mut cat = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
        let of_cat = ProgramSockets::below(Pid::from_child(&cat));
        let other = SocketHolder::Other {
            name: name(getpid().as_raw_pid()),
            process: getpid().as_raw_pid().unsigned_abs(),
        };
        assert_eq!(of_cat.holder(number(&sockets[0])), other);
        drop(cat.stdin.take());
        cat.wait().unwrap();
        let numbers: Vec<u32> = sockets.iter().map(number).collect();
        drop(sockets);
        assert_eq!(ours.holder(numbers[0]), SocketHolder::Unknown);
        assert_eq!(ours.holder(0), SocketHolder::Unknown);
    }
}
