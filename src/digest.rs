//! SHA-256 in lower-case hexadecimal: the one hash that names content, in caches and in case files alike.

use std::io::{self, Read};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// The hash of these bytes: 64 digits, as `sha256sum` prints them.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

/// The hash of several byte strings. Each is preceded by its length, so that `ab`, `c` and `a`, `bc` differ.
#[must_use]
pub fn sha256_of_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    HEXLOWER.encode(&hasher.finalize())
}

/// The hash of all that `reader` yields, read piece by piece.
///
/// # Errors
/// Reading fails.
pub fn sha256_of_reader(mut reader: impl Read) -> io::Result<String> {
    let mut hasher = Sha256::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        match reader.read(&mut piece) {
            Ok(0) => return Ok(HEXLOWER.encode(&hasher.finalize())),
            Ok(length) => hasher.update(&piece[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_a_reader_of_the_same_bytes_have_the_published_hash() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(b"abc"), abc);
        assert_eq!(sha256_of_reader(&b"abc"[..]).unwrap(), abc);
        let long = vec![7; 200_000];
        assert_eq!(sha256_of_reader(&*long).unwrap(), sha256(&long));
    }

    #[test]
    fn parts_are_told_apart_by_where_they_end() {
        assert_ne!(
            sha256_of_parts([&b"ab"[..], b"c"]),
            sha256_of_parts([&b"a"[..], b"bc"])
        );
    }
}
