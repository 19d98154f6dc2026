//! Three-valued truth (Kleene's), with the reason why something does not hold.

/// Whether an expectation holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// It certainly holds.
    Holds,
    /// It certainly does not.
    Violated,
    /// The stamps or the machine leave it open.
    Unknown,
}

/// A truth, and what to tell a person about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The truth.
    pub truth: Truth,
    /// Why it does not hold or cannot be told; empty if it holds.
    pub why: String,
}

impl Outcome {
    /// It holds.
    pub const HOLDS: Outcome = Outcome {
        truth: Truth::Holds,
        why: String::new(),
    };

    /// It is violated, because of this.
    #[must_use]
    pub fn violated(why: impl Into<String>) -> Outcome {
        Outcome {
            truth: Truth::Violated,
            why: why.into(),
        }
    }

    /// It cannot be told, because of this.
    #[must_use]
    pub fn unknown(why: impl Into<String>) -> Outcome {
        Outcome {
            truth: Truth::Unknown,
            why: why.into(),
        }
    }

    /// Both: one violation decides, and the first reason of the decisive kind is kept.
    #[must_use]
    pub fn and(self, other: Outcome) -> Outcome {
        let weight = |truth| match truth {
            Truth::Holds => 0,
            Truth::Unknown => 1,
            Truth::Violated => 2,
        };
        if weight(other.truth) > weight(self.truth) {
            other
        } else {
            self
        }
    }

    /// All of them, with the first decisive reason. After a violation no more are asked for.
    #[must_use]
    pub fn all(outcomes: impl IntoIterator<Item = Outcome>) -> Outcome {
        let mut whole = Outcome::HOLDS;
        for outcome in outcomes {
            whole = whole.and(outcome);
            if whole.truth == Truth::Violated {
                break;
            }
        }
        whole
    }

    /// At least one of them; the reasons of all the others are kept if none holds.
    #[must_use]
    pub fn any(outcomes: impl IntoIterator<Item = Outcome>) -> Outcome {
        let mut truth = Truth::Violated;
        let mut reasons = Vec::new();
        for outcome in outcomes {
            match outcome.truth {
                Truth::Holds => return Outcome::HOLDS,
                Truth::Unknown => truth = Truth::Unknown,
                Truth::Violated => {}
            }
            reasons.push(outcome.why);
        }
        Outcome {
            truth,
            why: format!("no alternative holds: {}", reasons.join("; or ")),
        }
    }

    /// The opposite; `why` says what held although it must not.
    #[must_use]
    pub fn not(self, why: &str) -> Outcome {
        match self.truth {
            Truth::Holds => Outcome::violated(why),
            Truth::Violated => Outcome::HOLDS,
            Truth::Unknown => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcomes() -> [Outcome; 3] {
        [
            Outcome::HOLDS,
            Outcome::violated("v"),
            Outcome::unknown("u"),
        ]
    }

    #[test]
    fn one_violation_decides_a_conjunction() {
        for other in outcomes() {
            assert_eq!(
                other.clone().and(Outcome::violated("v")).truth,
                Truth::Violated
            );
            assert_eq!(Outcome::violated("v").and(other).truth, Truth::Violated);
        }
        assert_eq!(Outcome::unknown("u").and(Outcome::HOLDS).why, "u");
        assert_eq!(Outcome::all([]).truth, Truth::Holds);
    }

    #[test]
    fn one_that_holds_decides_a_disjunction() {
        assert_eq!(Outcome::any(outcomes()).truth, Truth::Holds);
        let none = Outcome::any([Outcome::violated("a"), Outcome::unknown("b")]);
        assert_eq!(
            (none.truth, none.why.as_str()),
            (Truth::Unknown, "no alternative holds: a; or b")
        );
    }

    #[test]
    fn doubt_survives_negation() {
        assert_eq!(Outcome::unknown("u").not("x").truth, Truth::Unknown);
        assert_eq!(Outcome::HOLDS.not("x"), Outcome::violated("x"));
        assert_eq!(Outcome::violated("v").not("x"), Outcome::HOLDS);
    }
}
