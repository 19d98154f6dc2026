//! The scale of time that pictures share.

use super::layout::Timeline;

/// A picture of less would show the stamps and not the program.
const LEAST_US: f64 = 10.0;

/// Time from the spawn on, for one picture or several side by side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// Where it ends: microseconds from the spawn, more than 0.
    pub end_us: f64,
}

impl Scale {
    /// One on which all of them fit.
    #[must_use]
    pub fn of<'t>(timelines: impl IntoIterator<Item = &'t Timeline>) -> Scale {
        let ends = timelines.into_iter().map(|timeline| timeline.end_us);
        Scale {
            end_us: ends.fold(LEAST_US, f64::max),
        }
    }

    /// Where an instant lies: 0 at the spawn, 1 at the end.
    #[must_use]
    pub fn place(self, us: f64) -> f64 {
        (us / self.end_us).clamp(0.0, 1.0)
    }

    /// Round instants from 0 on, evenly apart and at most `most` of them beside 0: microseconds.
    #[must_use]
    pub fn ticks(self, most: usize) -> Vec<f64> {
        let (_, unit_us) = self.unit();
        let end = self.end_us / unit_us;
        let least = end / most.max(1) as f64;
        let power = 10_f64.powf(least.log10().floor());
        let steps = [1.0, 2.0, 5.0, 10.0].map(|step| step * power);
        // A hair's breadth is no reason for a coarser scale.
        let fits = |step: &f64| *step >= least * 0.999;
        let step = steps.into_iter().find(fits).unwrap_or(least);
        let many = (end / step).floor() as usize;
        (0..=many.min(most))
            .map(|n| n as f64 * step * unit_us)
            .collect()
    }

    /// An instant of it as people write it, in the unit that suits all: `0`, `0.5 s`, `1 s`.
    #[must_use]
    pub fn label(self, us: f64) -> String {
        let (unit, unit_us) = self.unit();
        let number = format!("{:.1}", us / unit_us);
        match number.strip_suffix(".0").unwrap_or(&number) {
            "0" => "0".into(),
            number => format!("{number} {unit}"),
        }
    }

    fn unit(self) -> (&'static str, f64) {
        match self.end_us {
            end if end >= 120e6 => ("min", 60e6),
            end if end >= 1e6 => ("s", 1e6),
            end if end >= 1e3 => ("ms", 1e3),
            _ => ("µs", 1.0),
        }
    }
}
