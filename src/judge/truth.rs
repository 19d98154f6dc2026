//! Three-valued truth (Kleene's), with the reason why something does not hold.

use super::failure::{Doubt, Failure, Fault};

/// Whether an expectation holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// It certainly holds.
    Holds,
    /// The stamps or the machine leave it open.
    Unknown,
    /// It certainly does not.
    Violated,
}

/// Whether an expectation holds, and if not, why.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It certainly holds.
    Holds,
    /// It does not, or that cannot be told.
    Fails(Box<Failure>),
}

impl Outcome {
    /// It is violated, whatever the conditions of the trial were.
    #[must_use]
    pub fn violated(fault: impl Into<Fault>) -> Outcome {
        Outcome::failed(fault, None)
    }

    /// It cannot be told, for this reason.
    #[must_use]
    pub fn unknown(fault: impl Into<Fault>, doubt: Doubt) -> Outcome {
        Outcome::failed(fault, Some(doubt))
    }

    /// It does not hold.
    #[must_use]
    pub fn failed(fault: impl Into<Fault>, doubt: Option<Doubt>) -> Outcome {
        Outcome::Fails(Box::new(Failure {
            fault: fault.into(),
            doubt,
            near_miss: None,
        }))
    }

    /// Without the reason.
    #[must_use]
    pub fn truth(&self) -> Truth {
        match self {
            Outcome::Holds => Truth::Holds,
            Outcome::Fails(failure) if failure.doubt.is_some() => Truth::Unknown,
            Outcome::Fails(_) => Truth::Violated,
        }
    }

    /// Why it is in doubt, if it is.
    #[must_use]
    pub fn open(&self) -> Option<&Failure> {
        match self {
            Outcome::Fails(failure) if failure.doubt.is_some() => Some(failure),
            Outcome::Holds | Outcome::Fails(_) => None,
        }
    }

    /// The same, in doubt for this reason if it was certain; `text` is the expectation that it is of.
    #[must_use]
    pub fn doubted(self, doubt: Doubt, text: &str) -> Outcome {
        match self {
            Outcome::Holds => Outcome::unknown(Fault::Graced(text.into()), doubt),
            Outcome::Fails(mut failure) => {
                failure.doubt.get_or_insert(doubt);
                Outcome::Fails(failure)
            }
        }
    }

    /// Both: one violation decides, and the first reason of the decisive kind is kept.
    #[must_use]
    pub fn and(self, other: Outcome) -> Outcome {
        if other.truth() > self.truth() {
            other
        } else {
            self
        }
    }

    /// All of them, with the first decisive reason. After a violation no more are asked for.
    #[must_use]
    pub fn all(outcomes: impl IntoIterator<Item = Outcome>) -> Outcome {
        let mut whole = Outcome::Holds;
        for outcome in outcomes {
            whole = whole.and(outcome);
            if whole.truth() == Truth::Violated {
                break;
            }
        }
        whole
    }

    /// At least one of them; the reasons of all the others are kept if none holds.
    #[must_use]
    pub fn any(outcomes: impl IntoIterator<Item = Outcome>) -> Outcome {
        let mut failures = Vec::new();
        for outcome in outcomes {
            match outcome {
                Outcome::Holds => return Outcome::Holds,
                Outcome::Fails(failure) => failures.push(*failure),
            }
        }
        let open = failures.iter().any(|failure| failure.doubt.is_some());
        let doubt = open.then_some(Doubt::Undecided);
        Outcome::failed(Fault::NoAlternative(failures), doubt)
    }

    /// The opposite; `text` is the expectation that must not hold.
    #[must_use]
    pub fn not(self, text: &str) -> Outcome {
        match self.truth() {
            Truth::Holds => Outcome::violated(Fault::Holds(text.into())),
            Truth::Violated => Outcome::Holds,
            Truth::Unknown => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Fault {
        Fault::Holds(text.into())
    }

    fn violated(text: &str) -> Outcome {
        Outcome::violated(fault(text))
    }

    fn unknown(text: &str) -> Outcome {
        Outcome::unknown(fault(text), Doubt::Stamps)
    }

    fn outcomes() -> [Outcome; 3] {
        [Outcome::Holds, violated("v"), unknown("u")]
    }

    #[test]
    fn one_violation_decides_a_conjunction() {
        for other in outcomes() {
            assert_eq!(other.clone().and(violated("v")).truth(), Truth::Violated);
            assert_eq!(violated("v").and(other).truth(), Truth::Violated);
        }
        assert_eq!(unknown("u").and(Outcome::Holds), unknown("u"));
        assert_eq!(Outcome::all([]).truth(), Truth::Holds);
    }

    #[test]
    fn one_that_holds_decides_a_disjunction() {
        assert_eq!(Outcome::any(outcomes()).truth(), Truth::Holds);
        let none = Outcome::any([violated("a"), unknown("b")]);
        assert_eq!(none.truth(), Truth::Unknown);
        let Some(Fault::NoAlternative(failures)) = none.open().map(|open| &open.fault) else {
            panic!("{none:?}");
        };
        let faults: Vec<&Fault> = failures.iter().map(|failure| &failure.fault).collect();
        assert_eq!(faults, [&fault("a"), &fault("b")]);
    }

    #[test]
    fn doubt_survives_negation() {
        assert_eq!(unknown("u").not("x").truth(), Truth::Unknown);
        assert_eq!(Outcome::Holds.not("x"), violated("x"));
        assert_eq!(violated("v").not("x"), Outcome::Holds);
    }
}
