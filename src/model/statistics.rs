//! What many trials of a program came to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How often a program did what, under one perturbation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Statistics {
    /// What was done to make it hard for the program; nothing if `None`.
    pub perturbation: Option<String>,
    /// Trials that were run.
    pub trials: u64,
    /// Trials of which it could be told what they showed: the others count for nothing.
    pub told: u64,
    /// A row for each behaviour that was shown or is expected, and one for trials that showed none.
    pub outcomes: Vec<OutcomeRow>,
    /// How many different orders of the labelled events there were.
    pub distinct_orders: u64,
    /// The most frequent of them, at most 20; all of them in a part of a divided run.
    pub orders: Vec<OrderRow>,
}

/// How often one behaviour was shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OutcomeRow {
    /// The behaviour; `None`: no behaviour of the case.
    pub behaviour: Option<String>,
    /// In so many of the trials that were told.
    pub count: u64,
    /// The least that the true share may be, at 95 % (Wilson's interval): 0 to 1.
    pub low: f64,
    /// The most that it may be.
    pub high: f64,
}

/// How often the labelled events came in one order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderRow {
    /// `start[id=0] start[id=1] done[id=0] …`
    pub order: String,
    /// The behaviour that trials in this order showed; `None` if none or several.
    pub behaviour: Option<String>,
    /// In so many trials.
    pub count: u64,
}
