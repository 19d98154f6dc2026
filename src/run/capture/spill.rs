//! A run of bytes of which only the last lie in memory, which many programs that flood at once would fill otherwise.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

/// As soon as so many bytes lie in memory, they go to a file.
const IN_MEMORY: usize = 256 << 10;

/// Bytes in pieces. Everything written between two calls of [`Spill::settle`] stays in one piece.
#[derive(Debug, Default)]
pub(super) struct Spill {
    file: Option<File>,
    /// Whether no file can be had; all bytes stay in memory then.
    without_file: bool,
    /// Where each piece of the file ends.
    ends: Vec<usize>,
    /// The piece of the file that was read last, and where it begins.
    read: Option<(usize, Vec<u8>)>,
    /// What lies in memory, behind the file.
    tail: Vec<u8>,
}

impl Spill {
    pub(super) fn len(&self) -> usize {
        self.filed() + self.tail.len()
    }

    /// The bytes in memory; new ones are added at their end.
    pub(super) fn tail(&mut self) -> &mut Vec<u8> {
        &mut self.tail
    }

    /// Marks what was written until now as one piece, which may go to the file with what precedes it.
    pub(super) fn settle(&mut self) {
        if self.tail.len() >= IN_MEMORY && !self.without_file {
            self.without_file = self.file_tail().is_err();
        }
    }

    /// The bytes from `at` to the end of its piece; `None` where nothing was written, or the file cannot be read.
    pub(super) fn from(&mut self, at: usize) -> Option<&[u8]> {
        if at >= self.filed() {
            return self.tail.get(at - self.filed()..);
        }
        let piece = self.ends.partition_point(|end| *end <= at);
        let begin = piece.checked_sub(1).map_or(0, |before| self.ends[before]);
        if self.read.as_ref().is_none_or(|(read, _)| *read != begin) {
            let mut bytes = self.read.take().map_or_else(Vec::new, |(_, room)| room);
            bytes.resize(self.ends[piece] - begin, 0);
            let file = self.file.as_ref()?;
            file.read_exact_at(&mut bytes, begin as u64).ok()?;
            self.read = Some((begin, bytes));
        }
        self.read.as_ref()?.1.get(at - begin..)
    }

    /// Forgets all bytes, and gives the file back.
    pub(super) fn clear(&mut self) {
        self.tail.clear();
        if self.file.is_some() {
            *self = Spill::default();
        }
    }

    fn filed(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    /// Moves the bytes in memory to a file without a name, which the system removes with this process.
    fn file_tail(&mut self) -> io::Result<()> {
        let file = match self.file.take() {
            Some(file) => file,
            None => tempfile::tempfile()?,
        };
        let file = self.file.insert(file);
        file.write_all_at(&self.tail, self.ends.last().copied().unwrap_or(0) as u64)?;
        self.ends.push(self.filed() + self.tail.len());
        self.tail.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(n: u32) -> [u8; 4] {
        n.to_le_bytes()
    }

    fn written(spill: &mut Spill, numbers: u32) {
        for n in 0..numbers {
            spill.tail().extend_from_slice(&number(n));
            spill.settle();
        }
    }

    #[test]
    fn all_but_the_last_lies_in_a_file_and_is_read_as_it_was_written() {
        let mut spill = Spill::default();
        let numbers = 1 << 20;
        written(&mut spill, numbers);
        assert_eq!(spill.len(), 4 << 20);
        assert!(spill.tail.len() < IN_MEMORY && spill.file.is_some());
        // In order, and out of it.
        for n in (0..numbers).chain([7, 600_000, numbers - 1, 0]) {
            let rest = spill.from(n as usize * 4).unwrap();
            assert_eq!(rest[..4], number(n), "{n}");
            assert!(rest.len() <= IN_MEMORY);
        }
        assert_eq!(spill.from(4 << 20), Some([].as_slice()));
        assert_eq!(spill.from((4 << 20) + 1), None);
        spill.clear();
        assert_eq!((spill.len(), spill.from(0)), (0, Some([].as_slice())));
    }

    #[test]
    fn where_no_file_can_be_had_it_stays_in_memory() {
        let mut spill = Spill {
            without_file: true,
            ..Spill::default()
        };
        written(&mut spill, 100_000);
        assert_eq!((spill.len(), spill.tail.len()), (400_000, 400_000));
        assert_eq!(spill.from(399_996).unwrap(), number(99_999));
    }
}
