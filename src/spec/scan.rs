//! Steps through a short string, keeping the place for messages.

use std::ops::Range;

use super::sheet::Flaw;

/// A string, and how far it has been read.
pub(crate) struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    /// At the start of `text`.
    pub(crate) fn new(text: &'a str) -> Cursor<'a> {
        Cursor { text, at: 0 }
    }

    /// Bytes read.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// What is still to be read.
    pub(crate) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// The characters at a place that has been read.
    pub(crate) fn read(&self, place: &Range<usize>) -> &'a str {
        &self.text[place.clone()]
    }

    /// The next character.
    pub(crate) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The place of the next character; the empty place at the end.
    pub(crate) fn here(&self) -> Range<usize> {
        self.at..self.at + self.peek().map_or(0, char::len_utf8)
    }

    /// From here to the end.
    pub(crate) fn to_end(&self) -> Range<usize> {
        self.at..self.text.len()
    }

    /// Skips white space, and says whether nothing is left then.
    pub(crate) fn is_done(&mut self) -> bool {
        self.skip_space();
        self.rest().is_empty()
    }

    /// Skips white space.
    pub(crate) fn skip_space(&mut self) {
        self.take_while(char::is_whitespace);
    }

    /// Steps over `word` if it comes next.
    pub(crate) fn eat(&mut self, word: &str) -> bool {
        let found = self.rest().starts_with(word);
        if found {
            self.at += word.len();
        }
        found
    }

    /// Steps over white space and `sign`, which must come next; `hint` shows what is being read.
    pub(crate) fn expect(&mut self, sign: &str, hint: &str) -> Result<(), Flaw> {
        self.skip_space();
        if self.eat(sign) {
            return Ok(());
        }
        let expected = format!("expected `{sign}`");
        self.fail(expected.clone(), expected, hint)
    }

    /// Nothing may be left but white space.
    pub(crate) fn end(&mut self, hint: &str) -> Result<(), Flaw> {
        if self.is_done() {
            return Ok(());
        }
        let message = "this should end here";
        Err(Flaw::new(self.to_end(), message, "too much", hint))
    }

    /// What comes next is not what it should be.
    pub(crate) fn fail<T>(
        &self,
        message: impl Into<String>,
        label: impl Into<String>,
        hint: &str,
    ) -> Result<T, Flaw> {
        Err(Flaw::new(self.here(), message, label, hint))
    }

    /// Items with commas between them, up to `close`; at least one, and not many more than `most`.
    pub(crate) fn list(
        &mut self,
        close: &str,
        most: usize,
        hint: &str,
        mut item: impl FnMut(&mut Self) -> Result<(), Flaw>,
    ) -> Result<(), Flaw> {
        for _ in 0..=most {
            self.skip_space();
            item(self)?;
            self.skip_space();
            if self.eat(close) {
                return Ok(());
            }
            if !self.eat(",") {
                break;
            }
        }
        let expected = format!("expected `,` or `{close}`");
        self.fail(expected.clone(), expected, hint)
    }

    /// Steps over the characters that `fits` accepts, and gives them with their place.
    pub(crate) fn take_while(&mut self, fits: impl Fn(char) -> bool) -> (&'a str, Range<usize>) {
        let start = self.at;
        let rest = self.rest();
        self.at += rest.find(|c| !fits(c)).unwrap_or(rest.len());
        (&self.text[start..self.at], start..self.at)
    }
}
