//! What so many of so many trials say of how often something happens.

/// The bounds between which the true share lies at 95 %, by Wilson's score interval: 0 to 1.
///
/// Of no trials nothing is known: 0 and 1.
#[must_use]
pub fn wilson(count: u64, of: u64) -> (f64, f64) {
    const Z: f64 = 1.959_964;
    if of == 0 {
        return (0.0, 1.0);
    }
    let (k, n) = (count as f64, of as f64);
    let share = k / n;
    let z2 = Z * Z;
    let middle = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z / (1.0 + z2 / n) * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    // At the ends rounding leaves a trace of what is nought.
    let low = if count == 0 {
        0.0
    } else {
        (middle - half).max(0.0)
    };
    let high = if count == of {
        1.0
    } else {
        (middle + half).min(1.0)
    };
    (low, high)
}

/// What never happened in so many trials happens less often than this, at 95 %: about 3 in `of`.
#[must_use]
pub fn bound_of_none(of: u64) -> f64 {
    if of == 0 {
        return 1.0;
    }
    1.0 - 0.05_f64.powf(1.0 / of as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_wilsons() {
        // Newcombe 1998, table I: 81/263, 15/148, 0/20, 1/29.
        for (k, n, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let found = wilson(k, n);
            assert!((found.0 - low).abs() < 1e-4, "{k}/{n}: {found:?}");
            assert!((found.1 - high).abs() < 1e-4, "{k}/{n}: {found:?}");
        }
        assert_eq!(wilson(0, 0), (0.0, 1.0));
        assert_eq!(wilson(20, 20).1, 1.0);
    }

    #[test]
    fn none_in_many_is_bounded_by_three_in_as_many() {
        assert!((bound_of_none(200) - 3.0 / 200.0).abs() < 2e-4);
        assert!((bound_of_none(1) - 0.95).abs() < 1e-12);
        assert_eq!(bound_of_none(0), 1.0);
    }
}
