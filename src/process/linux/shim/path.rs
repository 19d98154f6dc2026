//! The names by which a program can open its own streams.

use std::path::PathBuf;

use super::kernel::{self, Asked};

/// Longer than any name of a stream.
const LONGEST_NAME: usize = 64;
/// A string may end just before memory that is not there: it is read up to such a boundary first.
const PAGE_BYTES: u64 = 4096;

/// The name at an address of the caller's, unless it is longer than a stream's.
pub(super) fn read(asked: &Asked, address: u64) -> Option<Vec<u8>> {
    let mut name = vec![0; LONGEST_NAME];
    let to_boundary = usize::try_from(PAGE_BYTES - address % PAGE_BYTES).ok()?;
    let (one_page, rest) = name.split_at_mut(to_boundary.min(LONGEST_NAME));
    kernel::read(asked, address, one_page).ok()?;
    if !one_page.contains(&0) && !rest.is_empty() {
        kernel::read(asked, address + one_page.len() as u64, rest).ok()?;
    }
    let end = name.iter().position(|byte| *byte == 0)?;
    name.truncate(end);
    Some(name)
}

/// The flags of `openat2`, if it is to do what `openat` does and may write: a record of three numbers, of which the
/// last one restricts where the path may lead.
pub(super) fn plain_flags(asked: &Asked, record_at: u64) -> Option<u64> {
    let mut record = [0; 24];
    if kernel::read(asked, record_at, &mut record).ok()? < record.len() {
        return None;
    }
    let (numbers, _) = record.as_chunks::<8>();
    let [flags, _, resolve] = [0, 1, 2].map(|at| u64::from_ne_bytes(numbers[at]));
    let writes = flags & u64::from(libc::O_ACCMODE.unsigned_abs()) != 0;
    (writes && resolve == 0).then_some(flags)
}

/// Where `/proc` shows what a thread would open by this name, if the name is that of a descriptor.
pub(super) fn descriptor(name: &[u8], thread: u32) -> Option<PathBuf> {
    let name = str::from_utf8(name).ok()?;
    let own = |number: &str| link(&thread.to_string(), number);
    match name {
        "/dev/stdout" => return own("1"),
        "/dev/stderr" => return own("2"),
        _ => {}
    }
    if let Some(number) = name.strip_prefix("/dev/fd/") {
        return own(number);
    }
    let (process, number) = name.strip_prefix("/proc/")?.split_once("/fd/")?;
    match process {
        "self" | "thread-self" => own(number),
        _ => link(process, number),
    }
}

fn link(process: &str, number: &str) -> Option<PathBuf> {
    let (process, number): (u32, u32) = (process.parse().ok()?, number.parse().ok()?);
    Some(format!("/proc/{process}/fd/{number}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_a_stream_is_known() {
        let own = |name: &str, number: u32| {
            assert_eq!(
                descriptor(name.as_bytes(), 77),
                Some(format!("/proc/77/fd/{number}").into()),
                "{name}"
            );
        };
        own("/dev/stdout", 1);
        own("/dev/stderr", 2);
        own("/dev/fd/1", 1);
        own("/dev/fd/12", 12);
        own("/proc/self/fd/2", 2);
        own("/proc/thread-self/fd/1", 1);
        own("/proc/77/fd/1", 1);
        assert_eq!(descriptor(b"/proc/9/fd/1", 77), Some("/proc/9/fd/1".into()));
    }

    #[test]
    fn other_names_are_left_alone() {
        for name in [
            "",
            "/dev/null",
            "/dev/fd/",
            "/dev/fd/../sda",
            "/proc/self/fdinfo/1",
            "/proc/self/fd/x",
            "stdout",
            "/proc/../fd/1",
            "/dev/fd/99999999999",
        ] {
            assert_eq!(descriptor(name.as_bytes(), 77), None, "{name}");
        }
        assert_eq!(descriptor(b"/dev/fd/\xff", 77), None);
    }
}
