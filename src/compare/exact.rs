//! Exact tests of whether groups of trials show categories with the same shares: Fisher's for two groups and two
//! categories, Freeman and Halton's for more. Pure.

use crate::random::Random;

/// Tables that are looked at one by one; where there are more, tables are drawn.
const MOST_TABLES: u64 = 300_000;
/// Tables that are drawn. The value is then at least one in as many, and still never too small on average.
const DRAWN: u64 = 20_000;
/// Two probabilities that differ by less than this, relatively, are the same: rounding tells them apart.
const SAME: f64 = 1e-7;

/// A table of counts: a row a group of trials, a column a category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The counts of each group.
    groups: Vec<Vec<u64>>,
    /// How many trials each group has.
    sizes: Vec<u64>,
    /// How many trials show each category.
    totals: Vec<u64>,
}

impl Table {
    /// The table of these counts, without groups and categories that have none. All groups are of one length.
    #[must_use]
    pub fn new(groups: &[Vec<u64>]) -> Table {
        let width = groups.iter().map(Vec::len).max().unwrap_or(0);
        let total = |at: usize| -> u64 { groups.iter().filter_map(|group| group.get(at)).sum() };
        let used: Vec<usize> = (0..width).filter(|at| total(*at) > 0).collect();
        let groups = groups.iter().filter(|group| group.iter().any(|n| *n > 0));
        let groups: Vec<Vec<u64>> = groups
            .map(|group| {
                used.iter()
                    .map(|at| group.get(*at).copied().unwrap_or(0))
                    .collect()
            })
            .collect();
        Table {
            sizes: groups.iter().map(|group| group.iter().sum()).collect(),
            totals: used.iter().map(|at| total(*at)).collect(),
            groups,
        }
    }

    /// Whether there is anything to compare.
    #[must_use]
    pub fn is_told(&self) -> bool {
        self.groups.len() > 1
    }

    /// Whether every group has the same shares.
    #[must_use]
    pub fn is_even(&self) -> bool {
        let all: u64 = self.sizes.iter().sum();
        let mut groups = self.groups.iter().zip(&self.sizes);
        groups.all(|(group, size)| {
            let mut counts = group.iter().zip(&self.totals);
            counts.all(|(n, total)| {
                u128::from(*n) * u128::from(all) == u128::from(*size) * u128::from(*total)
            })
        })
    }

    /// One group against all others pooled.
    #[must_use]
    pub fn against_others(groups: &[Vec<u64>], one: usize) -> Table {
        let width = groups.iter().map(Vec::len).max().unwrap_or(0);
        let mut others = vec![0; width];
        for (_, group) in groups.iter().enumerate().filter(|(at, _)| *at != one) {
            for (sum, n) in others.iter_mut().zip(group) {
                *sum += n;
            }
        }
        Table::new(&[groups.get(one).cloned().unwrap_or_default(), others])
    }

    /// How likely a table with these margins is that is no likelier than this one, if all groups have the same shares.
    #[must_use]
    pub fn p_value(&self) -> f64 {
        self.exactly().unwrap_or_else(|| self.drawn())
    }

    /// The same by looking at every table; `None` where there are too many.
    #[must_use]
    pub fn exactly(&self) -> Option<f64> {
        if self.groups.len() < 2 || self.totals.len() < 2 {
            return Some(1.0);
        }
        let logs = LogFactorials::new(self.sizes.iter().sum());
        let observed = logs.of_all(self.groups.iter().flatten());
        let mut search = Search {
            logs: &logs,
            // Of a table with these margins, the probability falls as the product of the factorials of its cells grows.
            least: observed - SAME,
            constant: self.constant(&logs),
            looked_at: 0,
            sum: 0.0,
        };
        // The largest group is what the others leave.
        let mut sizes = self.sizes.clone();
        sizes.sort_unstable();
        sizes.pop();
        search.groups(&sizes, &mut self.totals.clone(), 0.0)?;
        Some(search.sum.min(1.0))
    }

    /// The logarithm of what the probabilities of all tables with these margins have in common.
    fn constant(&self, logs: &LogFactorials) -> f64 {
        let margins = self.sizes.iter().chain(&self.totals);
        let all = self.sizes.iter().sum();
        logs.of_all(margins) - logs.of(all)
    }

    /// The same by drawing tables: always the same ones, so that one report always gets one answer.
    fn drawn(&self) -> f64 {
        let logs = LogFactorials::new(self.sizes.iter().sum());
        let observed = logs.of_all(self.groups.iter().flatten());
        let mut labels: Vec<usize> = Vec::new();
        for (category, total) in self.totals.iter().enumerate() {
            labels.extend((0..*total).map(|_| category));
        }
        let mut random = Random::seeded(0x5EED);
        let as_unlikely = (0..DRAWN).filter(|_| {
            random.shuffle(&mut labels);
            let mut rest = labels.as_slice();
            let mut product = 0.0;
            for size in &self.sizes {
                let (group, others) = rest.split_at(usize::try_from(*size).unwrap_or(rest.len()));
                rest = others;
                let mut counts = vec![0_u64; self.totals.len()];
                for category in group {
                    counts[*category] += 1;
                }
                product += logs.of_all(&counts);
            }
            product >= observed - SAME
        });
        // The table that was seen counts as drawn: without it the value could be nought.
        (as_unlikely.count() as f64 + 1.0) / (DRAWN as f64 + 1.0)
    }
}

/// Counts of the same shares that sum to `size`: what rounding leaves over goes to the largest remainders.
#[must_use]
pub fn scaled(group: &[u64], size: u64) -> Vec<u64> {
    let of: u64 = group.iter().sum();
    if of == 0 {
        return group.to_vec();
    }
    let (of, product) = (u128::from(of), |n: u64| u128::from(n) * u128::from(size));
    let mut counts: Vec<u64> = group
        .iter()
        .map(|n| u64::try_from(product(*n) / of).unwrap_or(u64::MAX))
        .collect();
    let mut places: Vec<usize> = (0..group.len()).collect();
    places.sort_by_key(|at| std::cmp::Reverse(product(group[*at]) % of));
    let left = size.saturating_sub(counts.iter().sum());
    for at in places.into_iter().take(usize::try_from(left).unwrap_or(0)) {
        counts[at] += 1;
    }
    counts
}

/// The logarithms of the factorials up to a number.
struct LogFactorials(Vec<f64>);

impl LogFactorials {
    fn new(most: u64) -> LogFactorials {
        let mut sum = 0.0;
        let next = (1..=most).map(|n| {
            sum += (n as f64).ln();
            sum
        });
        LogFactorials(std::iter::once(0.0).chain(next).collect())
    }

    fn of(&self, n: u64) -> f64 {
        let found = usize::try_from(n).ok().and_then(|n| self.0.get(n));
        found.copied().unwrap_or(f64::INFINITY)
    }

    /// The logarithm of the product of the factorials of these.
    fn of_all<'n>(&self, all: impl IntoIterator<Item = &'n u64>) -> f64 {
        all.into_iter().map(|n| self.of(*n)).sum()
    }
}

/// Goes through every table with given margins.
struct Search<'s> {
    logs: &'s LogFactorials,
    /// The least logarithm of the product of factorials of a table that counts.
    least: f64,
    constant: f64,
    looked_at: u64,
    sum: f64,
}

impl Search<'_> {
    /// Fills the groups of these sizes from what is left of each category; the last group has what remains.
    fn groups(&mut self, sizes: &[u64], left: &mut Vec<u64>, product: f64) -> Option<()> {
        let Some((size, others)) = sizes.split_first() else {
            self.looked_at += 1;
            if self.looked_at > MOST_TABLES {
                return None;
            }
            let product = product + self.logs.of_all(&*left);
            if product >= self.least {
                self.sum += (self.constant - product).exp();
            }
            return Some(());
        };
        self.categories(0, *size, others, left, product)
    }

    /// Gives one group `size` more trials, of the category `at` and those after it.
    fn categories(
        &mut self,
        at: usize,
        size: u64,
        others: &[u64],
        left: &mut Vec<u64>,
        product: f64,
    ) -> Option<()> {
        let available = left[at];
        let later: u64 = left[at + 1..].iter().sum();
        let least = size.saturating_sub(later);
        for n in least..=size.min(available) {
            left[at] = available - n;
            let product = product + self.logs.of(n);
            if at + 1 == left.len() {
                self.groups(others, left, product)?;
            } else {
                self.categories(at + 1, size - n, others, left, product)?;
            }
        }
        left[at] = available;
        Some(())
    }
}

/// Which of several tests are told at `level` for all of them together, by Holm's method.
#[must_use]
pub fn holm(p_values: &[f64], level: f64) -> Vec<bool> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|a, b| p_values[*a].total_cmp(&p_values[*b]));
    let mut told = vec![false; p_values.len()];
    for (place, at) in order.into_iter().enumerate() {
        if p_values[at] > level / (p_values.len() - place) as f64 {
            break;
        }
        told[at] = true;
    }
    told
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn p(groups: &[&[u64]]) -> f64 {
        let groups: Vec<Vec<u64>> = groups.iter().map(|group| group.to_vec()).collect();
        Table::new(&groups).exactly().unwrap()
    }

    #[test]
    fn the_values_are_those_of_published_examples() {
        // From the examples of R's `fisher.test`: Fisher's tea drinker (two-sided), convictions of like-sex twins, and
        // job satisfaction by income (Agresti, 2002).
        let rows: [(&[&[u64]], f64, f64); 3] = [
            (&[&[3, 1], &[1, 3]], 0.485_714_3, 1e-7),
            (&[&[2, 10], &[15, 3]], 0.000_536_724_1, 1e-9),
            (
                &[
                    &[1, 2, 1, 0],
                    &[3, 3, 6, 1],
                    &[10, 10, 14, 9],
                    &[6, 7, 12, 11],
                ],
                0.782_7,
                2e-2,
            ),
        ];
        for (groups, wanted, within) in rows {
            let owned: Vec<Vec<u64>> = groups.iter().map(|group| group.to_vec()).collect();
            let found = Table::new(&owned).p_value();
            assert!((found - wanted).abs() < within, "{groups:?}: {found}");
        }
        // Worked by hand: 2 of the 252 tables that are equally likely, and all of them.
        assert!((p(&[&[5, 0], &[0, 5]]) - 2.0 / 252.0).abs() < 1e-12);
        assert!((p(&[&[1, 0], &[0, 1]]) - 1.0).abs() < 1e-12);
        assert_eq!(p(&[&[7, 0], &[9, 0]]), 1.0);
        assert_eq!(p(&[&[7, 3], &[0, 0]]), 1.0);
    }

    #[test]
    fn holm_lets_the_smallest_pass_first_and_stops_at_the_first_that_does_not() {
        assert_eq!(
            holm(&[0.01, 0.04, 0.03, 0.005], 0.05),
            [true, false, false, true]
        );
        assert_eq!(holm(&[0.03, 0.02], 0.05), [true, true]);
        assert_eq!(holm(&[0.03, 0.026], 0.05), [false, false]);
        assert!(holm(&[], 0.05).is_empty());
    }

    #[test]
    fn shares_stay_and_trials_grow() {
        assert_eq!(scaled(&[2, 1], 10), [7, 3]);
        assert_eq!(scaled(&[0, 5], 10), [0, 10]);
        assert_eq!(scaled(&[0, 0], 10), [0, 0]);
        assert!(Table::new(&[vec![2, 1], vec![4, 2]]).is_even());
        assert!(!Table::new(&[vec![2, 1], vec![0, 5]]).is_even());
    }

    /// Every way to hand out the trials, one by one: a table is as likely as there are ways that lead to it.
    fn naive(groups: &[Vec<u64>]) -> f64 {
        let sizes: Vec<u64> = groups.iter().map(|group| group.iter().sum()).collect();
        let mut labels = Vec::new();
        for category in 0..groups[0].len() {
            let total: u64 = groups.iter().map(|group| group[category]).sum();
            labels.extend((0..total).map(|_| category));
        }
        let mut ways = std::collections::HashMap::from([(
            vec![vec![0_u64; groups[0].len()]; groups.len()],
            1_u64,
        )]);
        for category in labels {
            let mut next = std::collections::HashMap::new();
            for (table, count) in ways {
                for (at, size) in sizes.iter().enumerate() {
                    let used: u64 = table[at].iter().sum();
                    if used < *size {
                        let mut table = table.clone();
                        table[at][category] += 1;
                        // Any of the free places of the group.
                        *next.entry(table).or_insert(0) += count * (size - used);
                    }
                }
            }
            ways = next;
        }
        let all: u64 = ways.values().sum();
        let seen = ways[groups];
        ways.values().filter(|n| **n <= seen).sum::<u64>() as f64 / all as f64
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn it_is_what_counting_every_way_gives(
            (groups, _) in (2_usize..4, 2_usize..4).prop_flat_map(|(groups, width)| {
                let most = if groups * width > 4 { 2_u64 } else { 4 };
                let group = proptest::collection::vec(0..most, width);
                (proptest::collection::vec(group, groups), Just(width))
            })
        ) {
            prop_assume!(groups.iter().flatten().sum::<u64>() > 0);
            let (found, wanted) = (Table::new(&groups).exactly().unwrap(), naive(&groups));
            prop_assert!((found - wanted).abs() < 1e-9, "{groups:?}: {found}, not {wanted}");
        }

    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4))]

        #[test]
        fn drawing_tables_comes_close(groups in proptest::collection::vec(proptest::collection::vec(0_u64..6, 3), 2..4)) {
            let table = Table::new(&groups);
            prop_assume!(table.groups.len() > 1 && table.totals.len() > 1);
            let (drawn, exact) = (table.drawn(), table.exactly().unwrap());
            prop_assert!((drawn - exact).abs() < 0.02, "{groups:?}: {drawn}, not {exact}");
        }
    }
}
