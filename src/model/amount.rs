//! How many, how much and how long: what an expectation accepts.

use std::fmt;
use std::time::Duration;

/// A number of things that is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    /// The fewest.
    pub least: u64,
    /// The most; without a bound if `None`.
    pub most: Option<u64>,
}

impl Amount {
    /// Whether `n` is accepted.
    #[must_use]
    pub fn accepts(self, n: u64) -> bool {
        self.least <= n && self.most.is_none_or(|most| n <= most)
    }

    /// Whether every number is accepted.
    #[must_use]
    pub fn accepts_all(self) -> bool {
        self.least == 0 && self.most.is_none()
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.most {
            Some(most) if most == self.least => write!(f, "{most}"),
            Some(most) if self.least == 0 => write!(f, "at most {most}"),
            Some(most) => write!(f, "{} to {most}", self.least),
            None => write!(f, "at least {}", self.least),
        }
    }
}

/// Lengths of time that are accepted, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lengths {
    /// The shortest.
    pub least: Duration,
    /// The longest; without a bound if `None`.
    pub most: Option<Duration>,
}

impl Lengths {
    /// Whether every length is accepted.
    #[must_use]
    pub fn accept_all(self) -> bool {
        self.least.is_zero() && self.most.is_none()
    }
}

impl fmt::Display for Lengths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.most {
            Some(most) if self.least.is_zero() => write!(f, "at most {most:?}"),
            Some(most) => write!(f, "{:?} to {most:?}", self.least),
            None => write!(f, "at least {:?}", self.least),
        }
    }
}

/// Ratios that are accepted, both ends included: no measured ratio is exact.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratios {
    /// The smallest; 0 without a lower bound.
    pub least: f64,
    /// The greatest; infinite without an upper bound.
    pub most: f64,
}

impl Ratios {
    /// Whether every ratio is accepted.
    #[must_use]
    pub fn accept_all(self) -> bool {
        self.least <= 0.0 && self.most.is_infinite()
    }
}

impl fmt::Display for Ratios {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.least > 0.0, self.most.is_finite()) {
            (true, true) => write!(f, "{} to {}", self.least, self.most),
            (true, false) => write!(f, "at least {}", self.least),
            (false, _) => write!(f, "at most {}", self.most),
        }
    }
}

/// Numbers that are accepted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Numbers {
    /// The smallest.
    pub least: f64,
    /// Whether `least` itself is too small.
    pub above: bool,
    /// The greatest.
    pub most: f64,
    /// Whether `most` itself is too great.
    pub below: bool,
}

impl Numbers {
    /// Whether `number` is accepted.
    #[must_use]
    pub fn accept(self, number: f64) -> bool {
        let low = if self.above {
            self.least < number
        } else {
            self.least <= number
        };
        let high = if self.below {
            number < self.most
        } else {
            number <= self.most
        };
        low && high
    }

    /// Whether every number is accepted.
    #[must_use]
    pub fn accept_all(self) -> bool {
        self.least == f64::NEG_INFINITY && self.most == f64::INFINITY
    }
}

impl fmt::Display for Numbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.least.is_finite(), self.most.is_finite()) {
            (true, true) if self.least >= self.most => write!(f, "{}", self.most),
            (true, true) => write!(f, "{} to {}", self.least, self.most),
            (true, false) if self.above => write!(f, "more than {}", self.least),
            (true, false) => write!(f, "at least {}", self.least),
            (false, _) if self.below => write!(f, "less than {}", self.most),
            (false, _) => write!(f, "at most {}", self.most),
        }
    }
}
