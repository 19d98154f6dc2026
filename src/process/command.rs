//! A command as plain data, and as a line for a shell.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

/// A command with everything it will see: nothing is inherited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// The binary. A bare name is looked up in the `PATH` of `env`; a relative path starts at `folder`.
    pub program: PathBuf,
    /// Its arguments, without the program's own name.
    pub args: Vec<OsString>,
    /// The whole environment. If a name occurs twice, the later value counts.
    pub env: Vec<(OsString, OsString)>,
    /// The folder to run in.
    pub folder: PathBuf,
}

impl Command {
    /// The program and the arguments that these words name, in our own environment and folder.
    #[must_use]
    pub fn ours(words: &[OsString]) -> Command {
        let (program, args) = words.split_first().unzip();
        Command {
            program: program.map(PathBuf::from).unwrap_or_default(),
            args: args.map(<[OsString]>::to_vec).unwrap_or_default(),
            env: std::env::vars_os().collect(),
            folder: std::env::current_dir().unwrap_or_else(|_| PathBuf::from(".")),
        }
    }

    /// One line that does the same in a shell: `cd FOLDER && env -i NAME=VALUE … PROGRAM ARGS…`.
    ///
    /// Bytes that cannot be printed are written as `$'\ooo'`, which bash, zsh, ksh and recent POSIX
    /// shells understand.
    #[must_use]
    pub fn shell_line(&self) -> String {
        let mut line = format!("cd {} && env -i", quoted(self.folder.as_os_str()));
        for (name, value) in &self.env {
            let mut pair = name.clone();
            pair.push("=");
            pair.push(value);
            line.push(' ');
            line.push_str(&quoted(&pair));
        }
        for word in std::iter::once(self.program.as_os_str()).chain(self.args.iter().map(|a| &**a))
        {
            line.push(' ');
            line.push_str(&quoted(word));
        }
        line
    }
}

/// A word as a shell reads it back.
#[must_use]
pub fn quoted(word: &OsStr) -> String {
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b"-_./:=,+@%".contains(b);
    match word.to_str() {
        Some(text) if !text.is_empty() && text.bytes().all(|b| plain(&b)) => text.to_owned(),
        Some(text) if !text.chars().any(char::is_control) => {
            format!("'{}'", text.replace('\'', r"'\''"))
        }
        _ => escaped(word.as_bytes()),
    }
}

fn escaped(bytes: &[u8]) -> String {
    let mut text = String::from("$'");
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\'' | '\\' => text.extend(['\\', c]),
                c if c.is_control() => octal(&mut text, c.encode_utf8(&mut [0; 4]).as_bytes()),
                c => text.push(c),
            }
        }
        octal(&mut text, chunk.invalid());
    }
    text.push('\'');
    text
}

fn octal(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, r"\{byte:03o}");
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStringExt;

    use super::*;

    fn command(args: &[&[u8]]) -> Command {
        Command {
            program: "/bin/echo".into(),
            args: args
                .iter()
                .map(|a| OsString::from_vec(a.to_vec()))
                .collect(),
            env: vec![
                ("A".into(), "it's".into()),
                ("PATH".into(), "/bin:/usr/bin".into()),
            ],
            folder: "/tmp/a folder".into(),
        }
    }

    #[test]
    fn a_line_is_quoted_only_where_it_must_be() {
        let line = command(&[b"-n", b"two words", b"", b"caf\xc3\xa9"]).shell_line();
        let expected = r"cd '/tmp/a folder' && env -i 'A=it'\''s' PATH=/bin:/usr/bin /bin/echo -n 'two words' '' 'café'";
        assert_eq!(line, expected);
    }

    #[test]
    fn control_characters_and_broken_text_are_escaped() {
        let line = command(&[b"a\nb'", b"\xff\\"]).shell_line();
        assert!(line.ends_with(r"$'a\012b\'' $'\377\\'"), "{line}");
    }
}
