//! The memory of another process, read while it runs.

use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::path::PathBuf;

/// The memory of a process.
pub(super) struct Memory {
    file: File,
}

impl Memory {
    pub(super) fn open(process: u32) -> io::Result<Memory> {
        let file = File::open(format!("/proc/{process}/mem"))?;
        Ok(Memory { file })
    }

    /// As much as is there of `length` bytes from an address on.
    pub(super) fn read(&self, address: u64, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        let mut read = 0;
        while read < length {
            match self.file.read_at(&mut bytes[read..], address + read as u64) {
                Ok(0) | Err(_) => break,
                Ok(more) => read += more,
            }
        }
        bytes.truncate(read);
        bytes
    }
}

/// A stretch of a process's addresses.
#[derive(Debug, Clone)]
pub(super) struct Mapping {
    pub(super) addresses: Range<u64>,
    pub(super) executable: bool,
    pub(super) writable: bool,
    /// Where it begins in its file.
    pub(super) offset: u64,
    /// Its file; the kernel's names for other memory stand in brackets.
    pub(super) path: PathBuf,
}

/// What is mapped where. Source: `maps` of proc(5).
pub(super) fn mappings(process: u32) -> Vec<Mapping> {
    let text = fs::read_to_string(format!("/proc/{process}/maps")).unwrap_or_default();
    text.lines().filter_map(mapping).collect()
}

fn mapping(line: &str) -> Option<Mapping> {
    let hex = |text: &str| u64::from_str_radix(text, 16).ok();
    let (addresses, rest) = line.split_once(' ')?;
    let (from, to) = addresses.split_once('-')?;
    let mut fields = rest.splitn(5, ' ');
    let rights = fields.next()?;
    let offset = hex(fields.next()?)?;
    let path = fields.nth(2).unwrap_or_default().trim_start();
    Some(Mapping {
        addresses: hex(from)?..hex(to)?,
        executable: rights.contains('x'),
        writable: rights.contains('w'),
        offset,
        path: path.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_maps_is_read_whole() {
        let line = "7f1c2a000000-7f1c2a021000 r-xp 00001000 08:01 1234                       /usr/lib/a b.so";
        let found = mapping(line).unwrap();
        assert_eq!(found.addresses, 0x7f1c_2a00_0000..0x7f1c_2a02_1000);
        assert!(found.executable && !found.writable);
        assert_eq!(
            (found.offset, found.path),
            (0x1000, "/usr/lib/a b.so".into())
        );
        let nameless = mapping("00400000-00401000 rw-p 00000000 00:00 0 ").unwrap();
        assert_eq!(nameless.path, PathBuf::new());
    }

    #[test]
    fn our_own_memory_reads_as_it_is() {
        let text = String::from("what stands here");
        let memory = Memory::open(std::process::id()).unwrap();
        let found = memory.read(text.as_ptr() as u64, text.len());
        assert_eq!(found, text.as_bytes());
        assert!(memory.read(8, 16).is_empty());
    }
}
