//! Text on its way into a CI log: nothing that a program printed can act as a command of the CI server.

use std::io::{self, Write};

/// Passes text on, and escapes what GitHub's runner would obey: a line that begins with `::`, and
/// `##[` anywhere.
///
/// Of `::error::` it makes `\::error::`, of `##[group]` `##\[group]`. Everything else goes through
/// byte for byte, however the writes are cut.
pub struct CiEscape<W> {
    out: W,
    dialect: Option<Dialect>,
    place: Place,
}

/// What the text is, and so how a character of it is quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// For people.
    Text,
    /// JSON, where a bracket in a string may be written as its number: what is read stays the same.
    Json,
    /// XML or HTML, the same.
    Xml,
}

/// Where in a line the last byte stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Nothing but blanks since its start.
    Start,
    /// After the first of two colons at its start, which is held back.
    Colon,
    Within,
    /// After one `#`.
    Hash,
    /// After two.
    Hashes,
}

impl<W: Write> CiEscape<W> {
    /// Writes to `out`; without a dialect it passes everything on as it is.
    pub fn new(out: W, dialect: Option<Dialect>) -> CiEscape<W> {
        CiEscape {
            out,
            dialect,
            place: Place::Start,
        }
    }

    /// Passes on what is held back, and gives the writer back.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish(mut self) -> io::Result<W> {
        if self.place == Place::Colon {
            self.out.write_all(b":")?;
        }
        self.out.flush()?;
        Ok(self.out)
    }

    fn step(&mut self, byte: u8, dialect: Dialect, safe: &mut Vec<u8>) {
        if self.place == Place::Colon {
            safe.extend_from_slice(if byte == b':' { b"\\:" } else { b":" });
        }
        let bracket: &[u8] = match dialect {
            Dialect::Text => b"\\[",
            Dialect::Json => b"\\u005b",
            Dialect::Xml => b"&#91;",
        };
        self.place = match (self.place, byte) {
            (_, b'\n' | b'\r') => Place::Start,
            (Place::Start, b':') => {
                self.place = Place::Colon;
                return;
            }
            (Place::Start, blank) if blank.is_ascii_whitespace() => Place::Start,
            (Place::Hash | Place::Hashes, b'#') => Place::Hashes,
            (Place::Hashes, b'[') => {
                safe.extend_from_slice(bracket);
                self.place = Place::Within;
                return;
            }
            (_, b'#') => Place::Hash,
            _ => Place::Within,
        };
        safe.push(byte);
    }
}

impl<W: Write> Write for CiEscape<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(dialect) = self.dialect else {
            return self.out.write(bytes);
        };
        let mut safe = Vec::with_capacity(bytes.len() + 8);
        for byte in bytes {
            self.step(*byte, dialect, &mut safe);
        }
        self.out.write_all(&safe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn through(parts: &[&[u8]], dialect: Dialect) -> Vec<u8> {
        let mut out = CiEscape::new(Vec::new(), Some(dialect));
        for part in parts {
            out.write_all(part).unwrap();
        }
        out.finish().unwrap()
    }

    fn text(text: &str) -> String {
        String::from_utf8(through(&[text.as_bytes()], Dialect::Text)).unwrap()
    }

    #[test]
    fn what_a_runner_would_obey_loses_its_edge() {
        assert_eq!(text("::error::no"), "\\::error::no");
        assert_eq!(
            text("a\n \t::set-output name=x::y\n"),
            "a\n \t\\::set-output name=x::y\n"
        );
        assert_eq!(text("a\r::error::no"), "a\r\\::error::no");
        assert_eq!(
            text("see ##[group]x and ###[x"),
            "see ##\\[group]x and ###\\[x"
        );
        for plain in ["std::io", ": a", ":", "# [x]", "a ::b", "#[x]", "\n:\n:"] {
            assert_eq!(text(plain), plain);
        }
    }

    #[test]
    fn json_and_xml_read_the_same_afterwards() {
        let json = through(&[br####"{"text": "##[error]"}"####], Dialect::Json);
        let read: serde_json::Value = serde_json::from_slice(&json).unwrap();
        assert_eq!(read["text"], "##[error]");
        assert!(!json.windows(3).any(|w| w == b"##["));
        let xml = through(&[b"<a>##[x</a>"], Dialect::Xml);
        assert_eq!(xml, b"<a>##&#91;x</a>");
    }

    proptest! {
        #[test]
        fn nothing_acts_and_nothing_is_lost(text in "[ :#\\[a\\n\\r\\t]{0,40}", cut in 0_usize..40) {
            let bytes = text.as_bytes();
            let (head, tail) = bytes.split_at(cut.min(bytes.len()));
            let safe = String::from_utf8(through(&[head, tail], Dialect::Text)).unwrap();
            prop_assert_eq!(safe.replace('\\', ""), text);
            prop_assert!(!safe.contains("##["));
            let signals = |line: &str| line.trim_start().starts_with("::");
            prop_assert!(!safe.split(['\n', '\r']).any(signals));
        }
    }
}
