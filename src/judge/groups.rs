//! Events in groups, each group a slice of one array.

use super::events::{Index, Word};

/// Events by the value that they captured, in the order in which the values first occur.
#[derive(Debug, Clone, Default)]
pub struct Groups {
    values: Vec<Word>,
    /// The number of the least value.
    least: usize,
    /// For each value from the least on, one more than its place among `values`; 0 if it does not occur. The values
    /// of one label lie close together, so this is small, and quicker than to hash.
    places: Vec<u32>,
    slices: Slices,
}

impl Groups {
    /// Of events, each with its value.
    #[must_use]
    pub fn new(events: impl Iterator<Item = (Word, Index)>) -> Groups {
        let events: Vec<(Word, Index)> = events.collect();
        let numbers = || events.iter().map(|(value, _)| value.place());
        let (Some(least), Some(most)) = (numbers().min(), numbers().max()) else {
            return Groups::default();
        };
        let mut values = Vec::new();
        let mut places = vec![0_u32; most - least + 1];
        let mut numbered = Vec::with_capacity(events.len());
        for (value, event) in events {
            let place = &mut places[value.place() - least];
            if *place == 0 {
                values.push(value);
                *place = u32::try_from(values.len()).unwrap_or(u32::MAX);
            }
            numbered.push((*place as usize - 1, event));
        }
        Groups {
            slices: Slices::new(values.len(), &numbered),
            values,
            least,
            places,
        }
    }

    /// The events with this value, rising.
    #[must_use]
    pub fn get(&self, value: Word) -> &[Index] {
        let number = value.place().checked_sub(self.least);
        match number.and_then(|number| self.places.get(number)) {
            None | Some(0) => &[],
            Some(place) => self.slices.get(*place as usize - 1),
        }
    }

    /// The values that occur.
    pub fn values(&self) -> impl ExactSizeIterator<Item = Word> {
        self.values.iter().copied()
    }

    /// Each value with its events.
    pub fn iter(&self) -> impl Iterator<Item = (Word, &[Index])> {
        let values = self.values.iter().enumerate();
        values.map(|(place, value)| (*value, self.slices.get(place)))
    }

    /// Whether no event is in any.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

/// Lists of events in one array.
#[derive(Debug, Clone, Default)]
pub struct Slices {
    /// Where each list ends and the next begins.
    bounds: Vec<u32>,
    events: Vec<Index>,
}

impl Slices {
    /// So many lists, of events that each come with the number of its list. Their order is kept.
    #[must_use]
    pub fn new(lists: usize, numbered: &[(usize, Index)]) -> Slices {
        let mut bounds = vec![0_u32; lists + 1];
        for (list, _) in numbered {
            bounds[list + 1] += 1;
        }
        for list in 0..lists {
            bounds[list + 1] += bounds[list];
        }
        let mut next = bounds.clone();
        let mut events = vec![0; numbered.len()];
        for (list, event) in numbered {
            events[next[*list] as usize] = *event;
            next[*list] += 1;
        }
        Slices { bounds, events }
    }

    /// The list of this number.
    #[must_use]
    pub fn get(&self, list: usize) -> &[Index] {
        &self.events[self.bounds[list] as usize..self.bounds[list + 1] as usize]
    }
}
