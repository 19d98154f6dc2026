//! What a pattern or a path captured: a few values by name.

use std::sync::Arc;

use indexmap::IndexMap;

/// Captured values by name, in the order of the pattern. There are few of them and many of these: so it is a list,
/// and names are shared.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Values(Vec<(Arc<str>, Box<str>)>);

impl Values {
    /// None.
    #[must_use]
    pub fn new() -> Values {
        Values::default()
    }

    /// The value of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| **known == *name);
        found.map(|(_, value)| &**value)
    }

    /// Adds a value, or puts it in the place of one that is there.
    pub fn insert(&mut self, name: impl Into<Arc<str>>, value: impl Into<Box<str>>) {
        let (name, value) = (name.into(), value.into());
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => self.0.push((name, value)),
        }
    }

    /// Names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<N: Into<Arc<str>>, V: Into<Box<str>>> FromIterator<(N, V)> for Values {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Values {
        let pairs = pairs.into_iter();
        let mut values = Vec::with_capacity(pairs.size_hint().1.unwrap_or(0));
        values.extend(pairs.map(|(name, value)| (name.into(), value.into())));
        Values(values)
    }
}

impl<N: Into<Arc<str>>, V: Into<Box<str>>, const COUNT: usize> From<[(N, V); COUNT]> for Values {
    fn from(pairs: [(N, V); COUNT]) -> Values {
        pairs.into_iter().collect()
    }
}

impl From<IndexMap<String, String>> for Values {
    fn from(values: IndexMap<String, String>) -> Values {
        values.into_iter().collect()
    }
}

impl From<&Values> for IndexMap<String, String> {
    fn from(values: &Values) -> IndexMap<String, String> {
        let pairs = values.iter();
        pairs
            .map(|(name, value)| (name.into(), value.into()))
            .collect()
    }
}
