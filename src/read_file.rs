//! Reading files that somebody hands over: never more than is reasonable, so that a device or a mistake cannot fill the memory.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The most bytes of a report, a trace or a log.
pub const LARGEST_RECORD: u64 = 256 << 20;
/// The most bytes of a text that a person wrote.
pub const LARGEST_TEXT: u64 = 16 << 20;

/// What is in a file of at most `most` bytes.
///
/// # Errors
/// If it cannot be read, or is larger.
pub fn read_file(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        let error = format!("it is larger than {} MiB", most >> 20);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, error));
    }
    Ok(bytes)
}

/// The text of a file of at most `most` bytes.
///
/// # Errors
/// If it cannot be read, is larger, or is not UTF-8.
pub fn read_text(path: &Path, most: u64) -> io::Result<String> {
    String::from_utf8(read_file(path, most)?).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let error = format!("it is not UTF-8: its byte {} is not", at + 1);
        io::Error::new(io::ErrorKind::InvalidData, error)
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_that_is_too_large_or_has_no_end_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, [b'x'; 11]).unwrap();
        assert_eq!(read_text(&file, 11).unwrap(), "x".repeat(11));
        let refused = read_file(&file, 10).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::FileTooLarge);
        let endless = read_file(Path::new("/dev/zero"), 2 << 20).unwrap_err();
        assert_eq!(endless.to_string(), "it is larger than 2 MiB");
    }

    #[test]
    fn what_is_no_text_is_refused_with_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, b"ab\xff").unwrap();
        let refused = read_text(&file, 10).unwrap_err();
        assert_eq!(refused.to_string(), "it is not UTF-8: its byte 3 is not");
    }
}
