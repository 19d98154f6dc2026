//! In which order programs are launched, how many run at once, and how long that is expected to take.

use crate::build::Cache;
use crate::process::descriptors;
use crate::progress::Listener;
use crate::toolchain::parallel;

use super::durations::Durations;
use super::forecast::{Forecast, forecast};
use super::pace::Pacing;
use super::plan::Plan;

/// The schedule of a plan.
#[derive(Debug)]
pub struct Schedule<'p> {
    plan: &'p Plan,
    /// How many programs run at once.
    pub pacing: Pacing,
    /// How long programs took the last time.
    pub durations: Durations,
    /// The plan's rows by their index, in the order in which they are launched.
    pub order: Vec<usize>,
}

impl Schedule<'_> {
    /// The schedule of `plan`, by what `cache` tells of earlier runs.
    pub fn new<'p>(plan: &'p Plan, cache: &Cache) -> Schedule<'p> {
        let (jobs, limit) = (plan.request.jobs, descriptors::limit_and_free());
        let durations = Durations::open(cache);
        let order = match jobs {
            // One after another takes as long in any order, and users expect the order of the cases.
            Some(1) => (0..plan.rows.len()).collect(),
            _ => durations.longest_first(&plan.rows),
        };
        Schedule {
            plan,
            pacing: Pacing::of(parallel::cores(), jobs, limit),
            durations,
            order,
        }
    }

    /// The trials of those rows that are ready, each given by its index.
    pub fn forecast(&self, is_ready: impl Fn(usize) -> bool) -> Forecast {
        let ready = self.order.iter().filter(|index| is_ready(**index));
        let ready = ready.filter_map(|index| self.plan.rows[*index].planned());
        forecast(ready, &self.plan.request, &self.durations, self.pacing)
    }

    /// Warns if programs wait for each other because of a limit that the user can raise.
    pub fn warn_of_few_places(&self, trials: Option<u64>, listener: &dyn Listener) {
        let Pacing {
            places, short_of, ..
        } = self.pacing;
        if let Some(limit) = short_of
            && trials.is_none_or(|trials| trials > places as u64)
        {
            listener.warn(format!(
                "with {limit} descriptors no more than {places} programs run at once: raise the limit (`ulimit -n`) for more"
            ));
        }
    }
}
