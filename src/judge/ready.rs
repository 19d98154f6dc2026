//! Terms made ready to be asked for one value of their variables after another.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

use super::events::{Index, NameId, Word};
use super::extremes::Extremes;
use super::fault::EventFault;
use super::groups::Groups;
use super::shift::{Shift, shifted};
use super::timeline::Timeline;
use super::truth::Outcome;
use crate::model::expect::{Filter, Term, Wanted};

/// What each variable stands for: there are at most two.
pub type Binding = [Option<Word>; 2];

/// A term, with its events filed by what its variables stand for.
pub struct Ready<'a> {
    timeline: &'a Timeline<'a>,
    term: &'a Term,
    names: Vec<&'a str>,
    /// Whether no other term of the expectation can mean one of its events by other filters.
    alone: bool,
    found: Found<'a>,
}

enum Found<'a> {
    /// The same events whatever the variables stand for.
    Fixed {
        events: Cow<'a, [Index]>,
        chosen: OnceCell<Result<Range<usize>, Outcome>>,
        ends: OnceCell<Extremes>,
    },
    /// Those of one group, that have the other values too.
    Grouped {
        groups: Cow<'a, Groups>,
        by: Variable,
        others: Vec<(Option<NameId>, Variable)>,
    },
}

/// What a captured value must be: what a variable stands for, and some more.
struct Variable {
    place: usize,
    shift: Shift,
}

impl<'a> Ready<'a> {
    /// Of a term of an expectation with these terms and variables.
    #[must_use]
    pub fn new(
        timeline: &'a Timeline<'a>,
        term: &'a Term,
        terms: &[&Term],
        variables: &[&'a str],
    ) -> Ready<'a> {
        let place = |name: &str| variables.iter().position(|known| *known == name);
        let mut wanted = term.variables().filter_map(|(capture, name, plus)| {
            let shift = timeline.shift(plus);
            Some((
                capture,
                Variable {
                    place: place(name)?,
                    shift,
                },
            ))
        });
        let found = match wanted.next() {
            None => Found::Fixed {
                events: timeline.matching(term),
                chosen: OnceCell::new(),
                ends: OnceCell::new(),
            },
            Some((capture, by)) => Found::Grouped {
                groups: timeline.matching_by_value(term, capture),
                by,
                others: wanted
                    .map(|(capture, variable)| (timeline.events.name(capture), variable))
                    .collect(),
            },
        };
        let meets = |other: &&Term| other.label == term.label && other.filters != term.filters;
        Ready {
            timeline,
            term,
            names: variables.to_vec(),
            alone: !terms.iter().any(meets),
            found,
        }
    }

    /// The events that pass the filters, whatever the position; rising.
    ///
    /// # Errors
    /// A value to which something is to be added is no whole number.
    pub fn matching(&self, binding: Binding) -> Result<Cow<'_, [Index]>, Outcome> {
        let (groups, by, others) = match &self.found {
            Found::Fixed { events, .. } => return Ok(Cow::Borrowed(events)),
            Found::Grouped { groups, by, others } => (groups, by, others),
        };
        let value = self.value(by, binding)?;
        let found = value.map_or(&[][..], |value| groups.get(value));
        if others.is_empty() {
            return Ok(Cow::Borrowed(found));
        }
        let mut wanted = Vec::new();
        for (name, variable) in others {
            wanted.push((*name, self.value(variable, binding)?));
        }
        let fits = |index: &&Index| {
            let event = self.timeline.event(**index);
            let has = |(name, value): &(Option<NameId>, Option<Word>)| {
                value.is_some() && name.and_then(|name| event.value(name)) == *value
            };
            wanted.iter().all(has)
        };
        Ok(Cow::Owned(found.iter().filter(fits).copied().collect()))
    }

    /// The events that it selects: at least one.
    ///
    /// # Errors
    /// As [`Timeline::choose`] and [`Ready::matching`].
    pub fn select(&self, binding: Binding) -> Result<Cow<'_, [Index]>, Outcome> {
        self.pick(binding, self.alone)
    }

    /// The same, only where it is known which events these are, not just when they happened.
    ///
    /// # Errors
    /// As [`Ready::select`].
    pub fn identify(&self, binding: Binding) -> Result<Cow<'_, [Index]>, Outcome> {
        self.pick(binding, false)
    }

    fn pick(&self, binding: Binding, alone: bool) -> Result<Cow<'_, [Index]>, Outcome> {
        let found = self.matching(binding)?;
        let choose = || {
            let name = || self.name(binding);
            self.timeline
                .choose(&found, self.term.position, alone, name)
        };
        let chosen = match &self.found {
            Found::Fixed { chosen, .. } => chosen.get_or_init(choose).clone()?,
            Found::Grouped { .. } => choose()?,
        };
        Ok(match found {
            Cow::Borrowed(events) => Cow::Borrowed(&events[chosen]),
            Cow::Owned(events) => Cow::Owned(events[chosen].to_vec()),
        })
    }

    /// The one event that it selects, if it is without `[*]`.
    ///
    /// # Errors
    /// As [`Ready::select`].
    pub fn single(&self, binding: Binding) -> Result<Index, Outcome> {
        let found = self.select(binding)?;
        let first = found.first().copied();
        first.ok_or_else(|| {
            let fault = EventFault::Missing(self.name(binding));
            self.timeline.absent(fault)
        })
    }

    /// Those at the ends of what it selected.
    #[must_use]
    pub fn ends(&self, selected: &[Index]) -> Extremes {
        let ends = || Extremes::new(self.timeline, selected);
        match &self.found {
            Found::Fixed { ends: known, .. } => *known.get_or_init(ends),
            Found::Grouped { .. } => ends(),
        }
    }

    /// The term with its variables replaced, for messages.
    #[must_use]
    pub fn name(&self, binding: Binding) -> Term {
        let literal = |filter: &Filter| {
            let Wanted::Variable { name, plus } = &filter.wanted else {
                return filter.clone();
            };
            let place = self.names.iter().position(|known| known == name);
            let word = place.and_then(|place| *binding.get(place)?);
            let value = word.map_or("", |word| self.timeline.events.text_of(word));
            Filter {
                capture: filter.capture.clone(),
                wanted: Wanted::Literal(shifted(value, *plus).unwrap_or_else(|| value.into())),
            }
        };
        Term {
            label: self.term.label.clone(),
            filters: self.term.filters.iter().map(literal).collect(),
            position: self.term.position,
        }
    }

    /// The value that a variable asks for; `None` where no event has it.
    fn value(&self, variable: &Variable, binding: Binding) -> Result<Option<Word>, Outcome> {
        let Some(bound) = binding.get(variable.place).copied().flatten() else {
            return Ok(None);
        };
        variable.shift.from(bound).ok_or_else(|| {
            let value = self.timeline.events.text_of(bound);
            Outcome::violated(EventFault::NoNumber(self.term.clone(), value.into()))
        })
    }
}
