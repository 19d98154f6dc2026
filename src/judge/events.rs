//! The events of one trial as a table: rows in order of time, with texts and captured values in columns of their own,
//! so that a million of them take no allocation each.

use std::ops::Range;

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;

use super::channel::Channel;
use crate::model::case::Label;
use crate::model::interval::Interval;

/// The place of an event in the order of time.
pub type Index = u32;

/// The number of a label among those of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LabelId(u32);

/// The number of a capture's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameId(u32);

/// The number of a captured value: equal for equal texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Word(u32);

/// The events of one trial.
#[derive(Debug, Clone, Default)]
pub struct Events {
    rows: Vec<Row>,
    labels: IndexSet<Label>,
    names: IndexSet<Box<str>>,
    words: IndexSet<Box<str>, FxBuildHasher>,
    captured: Vec<(NameId, Word)>,
    text: String,
}

#[derive(Debug, Clone)]
struct Row {
    at: Interval,
    last: Interval,
    /// Within `text`.
    text: Range<usize>,
    /// Within `captured`.
    captured: Range<u32>,
    label: Option<LabelId>,
    channel: Channel,
    lossy: bool,
}

/// What a new event is, apart from its text and its values.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    /// Its label; `None` for a line that no event describes.
    pub label: Option<LabelId>,
    /// Where it was seen.
    pub channel: Channel,
    /// When its first byte was written, or when it happened.
    pub at: Interval,
    /// When its last byte was written.
    pub last: Interval,
    /// Whether bytes were replaced that are not UTF-8, or dropped because the line was too long.
    pub lossy: bool,
}

/// Something that happened, ready to be judged.
#[derive(Debug, Clone, Copy)]
pub struct Event<'e> {
    table: &'e Events,
    row: &'e Row,
}

impl Events {
    /// The number of a label, which it gets if it has none.
    pub fn add_label(&mut self, label: &Label) -> LabelId {
        let known = self.labels.get_index_of(label);
        let place = known.unwrap_or_else(|| self.labels.insert_full(label.clone()).0);
        LabelId(number(place))
    }

    /// The number of a capture's name, which it gets if it has none.
    pub fn add_name(&mut self, name: &str) -> NameId {
        let known = self.names.get_index_of(name);
        let place = known.unwrap_or_else(|| self.names.insert_full(name.into()).0);
        NameId(number(place))
    }

    /// Adds an event.
    pub fn add(&mut self, seen: Seen, text: &str) {
        let from = self.text.len();
        self.text.push_str(text);
        let captured = number(self.captured.len());
        self.rows.push(Row {
            at: seen.at,
            last: seen.last,
            text: from..self.text.len(),
            captured: captured..captured,
            label: seen.label,
            channel: seen.channel,
            lossy: seen.lossy,
        });
    }

    /// Adds a value to the event added last.
    pub fn capture(&mut self, name: NameId, value: &str) {
        let known = self.words.get_index_of(value);
        let place = known.unwrap_or_else(|| self.words.insert_full(value.into()).0);
        self.captured.push((name, Word(number(place))));
        if let Some(row) = self.rows.last_mut() {
            row.captured.end = number(self.captured.len());
        }
    }

    /// Adds a line to the event added last.
    pub fn add_line(&mut self, text: &str, last: Interval, lossy: bool) {
        self.text.push('\n');
        self.text.push_str(text);
        if let Some(row) = self.rows.last_mut() {
            row.text.end = self.text.len();
            row.last = last;
            row.lossy |= lossy;
        }
    }

    /// Puts all in the order of time; events of one middle stay as they were added.
    pub fn sort(&mut self) {
        self.rows
            .sort_by_key(|row| row.at.earliest_ns.midpoint(row.at.latest_ns));
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The event at this place.
    #[must_use]
    pub fn get(&self, index: Index) -> Event<'_> {
        Event {
            table: self,
            row: &self.rows[index as usize],
        }
    }

    /// All of them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Event<'_>> {
        self.rows.iter().map(|row| Event { table: self, row })
    }

    /// Every label that an event may have, in the order of their numbers.
    pub fn labels(&self) -> impl ExactSizeIterator<Item = &Label> {
        self.labels.iter()
    }

    /// The number of a label.
    #[must_use]
    pub fn label(&self, label: &Label) -> Option<LabelId> {
        let place = self.labels.get_index_of(label)?;
        Some(LabelId(number(place)))
    }

    /// How many names of captures there are.
    #[must_use]
    pub fn name_count(&self) -> usize {
        self.names.len()
    }

    /// The number of a capture's name.
    #[must_use]
    pub fn name(&self, name: &str) -> Option<NameId> {
        let place = self.names.get_index_of(name)?;
        Some(NameId(number(place)))
    }

    /// How many different values were captured.
    #[must_use]
    pub fn word_count(&self) -> usize {
        self.words.len()
    }

    /// Every captured value, in the order of their numbers.
    pub fn words(&self) -> impl ExactSizeIterator<Item = &str> {
        self.words.iter().map(|text| &**text)
    }

    /// The number of a value, if any event captured it.
    #[must_use]
    pub fn word(&self, text: &str) -> Option<Word> {
        let place = self.words.get_index_of(text)?;
        Some(Word(number(place)))
    }

    /// The text of a value.
    #[must_use]
    pub fn text_of(&self, word: Word) -> &str {
        &self.words[word.place()]
    }
}

/// Tables of more rows than this do not fit into any memory.
fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

impl LabelId {
    /// As an index.
    #[must_use]
    pub fn place(self) -> usize {
        self.0 as usize
    }
}

impl NameId {
    /// As an index.
    #[must_use]
    pub fn place(self) -> usize {
        self.0 as usize
    }
}

impl Word {
    /// As an index.
    #[must_use]
    pub fn place(self) -> usize {
        self.0 as usize
    }
}

impl<'e> Event<'e> {
    /// Its label; `None` for a line that no event describes.
    #[must_use]
    pub fn label(self) -> Option<&'e Label> {
        self.table.labels.get_index(self.row.label?.place())
    }

    /// The number of its label.
    #[must_use]
    pub fn label_id(self) -> Option<LabelId> {
        self.row.label
    }

    /// Where it was seen. Within one channel of output, the order is certain.
    #[must_use]
    pub fn channel(self) -> Channel {
        self.row.channel
    }

    /// When its first byte was written, or when it happened.
    #[must_use]
    pub fn at(self) -> Interval {
        self.row.at
    }

    /// When its last byte was written.
    #[must_use]
    pub fn last(self) -> Interval {
        self.row.last
    }

    /// The line without escape sequences, with its continuation lines.
    #[must_use]
    pub fn text(self) -> &'e str {
        &self.table.text[self.row.text.clone()]
    }

    /// Whether bytes were replaced that are not UTF-8, or dropped because the line was too long.
    #[must_use]
    pub fn lossy(self) -> bool {
        self.row.lossy
    }

    /// What its pattern captured: names and values.
    pub fn values(self) -> impl Iterator<Item = (&'e str, &'e str)> {
        let table = self.table;
        let named =
            |&(name, word): &(NameId, Word)| (&*table.names[name.place()], table.text_of(word));
        self.captured().iter().map(named)
    }

    /// The value of a capture.
    #[must_use]
    pub fn value(self, name: NameId) -> Option<Word> {
        let found = self.captured().iter().find(|(known, _)| *known == name);
        found.map(|(_, word)| *word)
    }

    fn captured(self) -> &'e [(NameId, Word)] {
        let Range { start, end } = self.row.captured;
        &self.table.captured[start as usize..end as usize]
    }
}
