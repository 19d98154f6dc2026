//! Where a part of a case stands in its file, for those who find something in a case that was read long ago.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One step from a table or a list to a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// To what has this key.
    Key(String),
    /// To the item at this place, from 0. What stands alone is the first of itself.
    Item(usize),
}

impl From<&str> for Step {
    fn from(key: &str) -> Step {
        Step::Key(key.into())
    }
}

/// The places of all parts of a file.
#[derive(Debug)]
pub struct Places<'t> {
    root: Spanned<DeTable<'t>>,
}

impl<'t> Places<'t> {
    /// Those of the file with this text.
    #[must_use]
    pub fn of(text: &'t str) -> Places<'t> {
        let (root, _) = DeTable::parse_recoverable(text);
        Places { root }
    }

    /// The place that a path leads to, in bytes of the text: the last key, or the last item whole. A path that leads nowhere
    /// ends at the last part that is there.
    #[must_use]
    pub fn at(&self, path: &[Step]) -> Range<usize> {
        let mut place = 0..0;
        let mut table = Some(self.root.get_ref());
        let mut value: Option<&Spanned<DeValue<'_>>> = None;
        for step in path {
            let next = match step {
                Step::Key(key) => {
                    let Some((known, next)) =
                        table.and_then(|table| table.get_key_value(key.as_str()))
                    else {
                        break;
                    };
                    place = known.span();
                    Some(next)
                }
                Step::Item(number) => {
                    let next = match value.map(Spanned::get_ref) {
                        Some(DeValue::Array(items)) => items.get(*number),
                        _ => value.filter(|_| *number == 0),
                    };
                    let Some(next) = next else {
                        break;
                    };
                    place = next.span();
                    Some(next)
                }
            };
            value = next;
            table = value.and_then(|value| value.get_ref().as_table());
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
[behaviours.one]
expect = [ { order = "a < b" }, { any = [{ never = "c" }, { never = "d" }] } ]
[behaviours.two]
expect = { never = "e" }
"#;

    fn at(path: &[Step]) -> &'static str {
        &TEXT[Places::of(TEXT).at(path)]
    }

    #[test]
    fn a_path_leads_to_a_key_or_an_item() {
        let expect = |name: &str| vec!["behaviours".into(), name.into(), "expect".into()];
        assert_eq!(at(&["behaviours".into(), "one".into()]), "one");
        let mut path = expect("one");
        path.push(Step::Item(1));
        assert!(at(&path).starts_with("{ any"));
        path.extend(["any".into(), Step::Item(1)]);
        assert_eq!(at(&path), r#"{ never = "d" }"#);
        let mut alone = expect("two");
        alone.push(Step::Item(0));
        assert_eq!(at(&alone), r#"{ never = "e" }"#);
    }

    #[test]
    fn a_path_that_leads_nowhere_ends_at_what_is_there() {
        assert_eq!(at(&["behaviours".into(), "three".into()]), "behaviours");
        assert_eq!(at(&["nothing".into(), Step::Item(3)]), "");
        assert_eq!(at(&[]), "");
    }
}
