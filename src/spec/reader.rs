//! Takes keys and values from TOML with type checks, and reports whatever does not fit.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub(crate) use super::sheet::{Flaw, Sheet, Text};
use super::suggest::did_you_mean;

/// Reads the text of `sheet` with `take`, which is given the root table.
pub(crate) fn read<T>(sheet: &mut Sheet, text: &str, take: impl FnOnce(Table<'_>) -> T) -> T {
    let (root, errors) = DeTable::parse_recoverable(text);
    sheet.report_syntax(&errors);
    take(Table::new(sheet, root.get_ref(), 0..0))
}

/// A value, and its place.
#[derive(Clone, Copy)]
pub(crate) struct Value<'a> {
    sheet: &'a Sheet,
    item: &'a Spanned<DeValue<'a>>,
}

impl<'a> Value<'a> {
    /// The value itself.
    pub(crate) fn raw(&self) -> &'a DeValue<'a> {
        self.item.get_ref()
    }

    /// Its place in the file.
    pub(crate) fn span(&self) -> Range<usize> {
        self.item.span()
    }

    /// Notes a problem with it.
    pub(crate) fn report(
        &self,
        message: impl Into<String>,
        label: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.sheet
            .report(self.span(), message, label, Some(hint.into()));
    }

    /// Notes a problem with it, which leaves nothing to read.
    pub(crate) fn refuse<T>(
        &self,
        message: impl Into<String>,
        label: impl Into<String>,
        hint: impl Into<String>,
    ) -> Option<T> {
        self.report(message, label, hint);
        None
    }

    /// Notes that it is of the wrong type; `wanted` says what it should be, with an example.
    pub(crate) fn refuse_type<T>(&self, wanted: &str) -> Option<T> {
        let found = match self.raw() {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) | DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        let message = format!("expected {wanted}, found {found}");
        self.sheet
            .report(self.span(), message, format!("this is {found}"), None);
        None
    }

    /// The string it is, if it is one.
    pub(crate) fn as_text(&self) -> Option<Text<'a>> {
        let DeValue::String(value) = self.raw() else {
            return None;
        };
        Some(Text {
            sheet: self.sheet,
            value,
            span: self.span(),
        })
    }

    /// The string it must be.
    pub(crate) fn text(&self, wanted: &str) -> Option<Text<'a>> {
        self.as_text().or_else(|| self.refuse_type(wanted))
    }

    /// The truth value it must be.
    pub(crate) fn boolean(&self) -> Option<bool> {
        let found = self.raw().as_bool();
        found.or_else(|| self.refuse_type("`true` or `false`"))
    }

    /// The integer it is, if it is one that 64 bits hold.
    pub(crate) fn as_integer(&self) -> Option<i64> {
        let integer = self.raw().as_integer()?;
        i64::from_str_radix(integer.as_str(), integer.radix()).ok()
    }

    /// The finite number it is, as text, if it is one.
    pub(crate) fn float(&self) -> Option<String> {
        let integer = self.as_integer().map(|integer| integer.to_string());
        integer.or_else(|| {
            let number: f64 = self.raw().as_float()?.as_str().parse().ok()?;
            number.is_finite().then(|| number.to_string())
        })
    }

    /// The integer it must be.
    pub(crate) fn integer(&self, wanted: &str) -> Option<i64> {
        self.as_integer().or_else(|| self.refuse_type(wanted))
    }

    /// The table it must be.
    pub(crate) fn table(&self, wanted: &str) -> Option<Table<'a>> {
        self.as_table().or_else(|| self.refuse_type(wanted))
    }

    /// The table it is, if it is one.
    pub(crate) fn as_table(&self) -> Option<Table<'a>> {
        let table = self.raw().as_table()?;
        Some(Table::new(self.sheet, table, self.span()))
    }

    /// The items of the list it is; itself alone if it is no list.
    pub(crate) fn one_or_list(&self) -> Vec<Value<'a>> {
        self.as_list().unwrap_or_else(|| vec![*self])
    }

    /// The items of the list it must be.
    pub(crate) fn list(&self, wanted: &str) -> Option<Vec<Value<'a>>> {
        self.as_list().or_else(|| self.refuse_type(wanted))
    }

    /// Notes a problem if it is a list of nothing.
    pub(crate) fn refuse_empty(&self, message: &str, hint: &str) {
        if self.raw().as_array().is_some_and(|items| items.is_empty()) {
            self.report(message, "none", hint);
        }
    }

    /// The items of the list it is, if it is one.
    pub(crate) fn as_list(&self) -> Option<Vec<Value<'a>>> {
        let sheet = self.sheet;
        let items = self.raw().as_array()?.iter();
        Some(items.map(|item| Value { sheet, item }).collect())
    }

    /// The strings of the list it must be, or the one string; problems for items that are none.
    pub(crate) fn texts(&self, wanted: &str) -> Vec<Text<'a>> {
        let items = self.one_or_list();
        items.iter().filter_map(|item| item.text(wanted)).collect()
    }
}

/// A table whose keys are taken one by one; [`Table::finish`] reports those nobody took.
#[must_use = "a table that is not finished hides its unknown keys"]
pub(crate) struct Table<'a> {
    sheet: &'a Sheet,
    span: Range<usize>,
    left: Vec<(Text<'a>, Value<'a>)>,
    known: Vec<&'static str>,
}

impl<'a> Table<'a> {
    /// All keys of `table`, none taken.
    fn new(sheet: &'a Sheet, table: &'a DeTable<'a>, span: Range<usize>) -> Table<'a> {
        let entry = |(key, item): (&'a Spanned<_>, &'a Spanned<DeValue<'a>>)| {
            let value: &'a Cow<'a, str> = key.get_ref();
            let span = key.span();
            (Text { sheet, value, span }, Value { sheet, item })
        };
        let mut left: Vec<_> = table.iter().map(entry).collect();
        // The parser sorts by name; every list of a case is in the order of the file.
        left.sort_by_key(|(key, _)| key.span.start);
        Table {
            sheet,
            span,
            left,
            known: Vec::new(),
        }
    }

    /// Where problems go.
    pub(crate) fn sheet(&self) -> &'a Sheet {
        self.sheet
    }

    /// Its place: the braces, or the header.
    pub(crate) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Whether a key is there.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.left.iter().any(|(name, _)| name.value == key)
    }

    /// The value of a key that is read later.
    pub(crate) fn peek(&self, key: &str) -> Option<Value<'a>> {
        let found = self.left.iter().find(|(name, _)| name.value == key);
        found.map(|(_, value)| *value)
    }

    /// Notes a problem if it is empty.
    pub(crate) fn refuse_empty(&self, message: &str, hint: &str) {
        if self.left.is_empty() {
            let hint = Some(hint.into());
            self.sheet.report(self.span(), message, "none", hint);
        }
    }

    /// How many keys nobody has taken.
    pub(crate) fn len(&self) -> usize {
        self.left.len()
    }

    /// The keys that nobody has taken.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &'a str> {
        self.left.iter().map(|(name, _)| name.value)
    }

    /// The value of a key that may be there.
    pub(crate) fn take(&mut self, key: &'static str) -> Option<Value<'a>> {
        self.known.push(key);
        let at = self.left.iter().position(|(name, _)| name.value == key)?;
        Some(self.left.remove(at).1)
    }

    /// The value of a key that must be there; `example` shows how it is written.
    pub(crate) fn require(&mut self, key: &'static str, example: &str) -> Option<Value<'a>> {
        let value = self.take(key);
        if value.is_none() {
            let message = format!("`{key}` is missing");
            let hint = format!("write {example}");
            self.sheet
                .report_absence(self.span(), message, "here", Some(hint));
        }
        value
    }

    /// Reports every key that is left; `what` names the table in messages.
    pub(crate) fn finish(self, what: &str) {
        for (key, _) in &self.left {
            let known = self.known.iter().copied();
            let hint = did_you_mean(key.value, known);
            self.sheet.report(
                key.span.clone(),
                format!("unknown key `{}`", key.value),
                format!("not a key of {what}"),
                hint,
            );
        }
    }

    /// All entries, where the keys are names that the author chose.
    pub(crate) fn entries(self) -> Vec<(Text<'a>, Value<'a>)> {
        self.left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems_of(text: &str, take: impl FnOnce(Table<'_>)) -> Vec<(String, String)> {
        let mut sheet = Sheet::new("case.toml".into(), text);
        read(&mut sheet, text, take);
        let problems = sheet.into_problems().into_iter();
        problems
            .map(|p| (text[p.span.clone()].to_string(), p.message))
            .collect()
    }

    #[test]
    fn keys_nobody_took_are_reported_with_their_place() {
        let found = problems_of("title = 'x'\ntitel = 1\n", |mut table| {
            table.take("title");
            table.finish("a case");
        });
        assert_eq!(found, [("titel".into(), "unknown key `titel`".into())]);
    }

    #[test]
    fn a_part_of_a_string_is_found_in_the_file() {
        for (text, part) in [
            ("k = \"abc\"", "b"),
            ("k = 'abc'", "b"),
            ("k = '''\nabc'''", "b"),
            ("k = \"\"\"abc\"\"\"", "b"),
            ("k = \"a\\u0062c\"", "\"a\\u0062c\""),
        ] {
            let found = problems_of(text, |mut table| {
                let value = table.take("k").unwrap().text("a string").unwrap();
                value.report_flaw(Flaw::new(1..2, "m", "l", "h"));
            });
            assert_eq!(found[0].0, part, "{text}");
        }
    }

    #[test]
    fn a_syntax_error_does_not_hide_the_rest_nor_cause_more() {
        let found = problems_of("a = \nb = 1\n[c\n", |mut table| {
            assert!(table.take("a").is_none_or(|a| a.boolean().is_none()));
            table.take("b").unwrap().text("a string");
            table.require("c", "`c = 1`");
            table.finish("a case");
        });
        let messages: Vec<&str> = found.iter().map(|(_, m)| m.as_str()).collect();
        assert_eq!(messages.len(), 3, "{messages:?}");
        assert_eq!(messages[1], "expected a string, found a number");
    }
}
