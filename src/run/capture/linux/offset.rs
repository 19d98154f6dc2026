//! From the wall clock, which the kernel stamps with, to the monotonic one: their difference only changes
//! when somebody sets the clock, and then the stamps around that moment carry the doubt.

use crate::clock::{Ahead, Stamp};

/// Two measurements that differ by less than this are roundings of one difference, in nanoseconds.
const ROUNDING_NS: i64 = 50;

/// The difference, as it is known so far.
#[derive(Debug)]
pub(super) struct Offset {
    known: Ahead,
}

impl Offset {
    pub(super) fn new(measured: Ahead) -> Self {
        Offset { known: measured }
    }

    /// The difference that held for messages received since the last call and before this measurement, and
    /// whether the clock was set meanwhile.
    pub(super) fn update(&mut self, measured: Ahead) -> (Ahead, bool) {
        let least_ns = self.known.least_ns.max(measured.least_ns);
        let most_ns = self.known.most_ns.min(measured.most_ns);
        if least_ns <= most_ns {
            self.known = Ahead { least_ns, most_ns };
            return (self.known, false);
        }
        if least_ns - most_ns <= ROUNDING_NS {
            return (self.known, false);
        }
        let either = Ahead {
            least_ns: self.known.least_ns.min(measured.least_ns),
            most_ns: self.known.most_ns.max(measured.most_ns),
        };
        self.known = measured;
        (either, true)
    }
}

/// A stamp of the wall clock as bounds on the monotonic one.
pub(super) fn bounds(wall_ns: u64, ahead: Ahead) -> (Stamp, Stamp) {
    let less = |by: i64| Stamp {
        ns: u64::try_from(wall_ns.cast_signed() - by).unwrap_or(0),
    };
    (less(ahead.most_ns), less(ahead.least_ns))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ahead(least_ns: i64, most_ns: i64) -> Ahead {
        Ahead { least_ns, most_ns }
    }

    #[test]
    fn each_measurement_narrows_the_doubt() {
        let mut offset = Offset::new(ahead(1_000, 1_090));
        assert_eq!(
            offset.update(ahead(1_040, 1_130)),
            (ahead(1_040, 1_090), false)
        );
        assert_eq!(offset.update(ahead(0, 9_000)), (ahead(1_040, 1_090), false));
        // A nanosecond lost in rounding is no step.
        assert_eq!(
            offset.update(ahead(1_091, 1_100)),
            (ahead(1_040, 1_090), false)
        );
    }

    #[test]
    fn a_clock_that_is_set_widens_what_came_meanwhile_and_nothing_after() {
        let mut offset = Offset::new(ahead(1_000, 1_030));
        assert_eq!(offset.update(ahead(-500, -470)), (ahead(-500, 1_030), true));
        assert_eq!(offset.update(ahead(-510, -480)), (ahead(-500, -480), false));
    }

    #[test]
    fn a_stamp_lies_between_the_bounds_of_its_difference() {
        let (earliest, latest) = bounds(5_000, ahead(1_000, 1_030));
        assert_eq!((earliest.ns, latest.ns), (3_970, 4_000));
        assert_eq!(bounds(5, ahead(10, 20)).0.ns, 0);
    }
}
