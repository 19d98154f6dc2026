use indexmap::IndexMap;

use super::matrix::LabelledResults;
use super::{differences, matrices, untold};
use crate::model::report::{OutcomeRow, ProgramResult, Statistics};
use crate::model::verdict::Verdict;

/// Numbers that look random and are the same each time: xorshift.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % n
    }

    /// So many trials in which the first of some behaviours comes with so many per cent, the others with what is left.
    fn trials(&mut self, trials: u64, percent: &[u64]) -> Vec<u64> {
        let mut counts = vec![0; percent.len() + 1];
        for _ in 0..trials {
            let at = percent.iter().position(|share| self.below(100) < *share);
            counts[at.unwrap_or(percent.len())] += 1;
        }
        counts
    }
}

/// A row of a program that may show `a`, `b` and `c`, and showed them so often.
fn row(variant: &str, toolchain: &str, counts: &[u64]) -> ProgramResult {
    let named = || ["a", "b", "c"].into_iter().zip(counts.iter().copied());
    let shown = named().filter(|(_, n)| *n > 0);
    let outcomes = named().map(|(name, count)| OutcomeRow {
        behaviour: Some(name.into()),
        count,
        low: 0.0,
        high: 1.0,
    });
    let trials = counts.iter().sum();
    let statistics = Statistics {
        perturbation: None,
        trials,
        told: trials,
        outcomes: outcomes.collect(),
        distinct_orders: 1,
        orders: Vec::new(),
    };
    ProgramResult {
        case: "racing".into(),
        language: "go".into(),
        variant: variant.into(),
        toolchain: Some(toolchain.into()),
        shows: named()
            .map(|(name, _)| (name.into(), "may".into()))
            .collect(),
        otherwise: None,
        verdict: Verdict::Pass,
        reason: None,
        behaviours: shown.map(|(name, n)| (name.to_string(), n)).collect(),
        statistics: vec![statistics],
        asked: Some(trials),
        build_ms: None,
        trials: Vec::new(),
    }
}

/// The differences that are claimed between reports, and what cannot be told.
fn compared(reports: &[Vec<ProgramResult>]) -> (Vec<String>, Vec<String>) {
    let parts = reports.iter().map(|results| LabelledResults {
        label: "x",
        results,
    });
    let found = matrices(&parts.collect::<Vec<_>>());
    let said = differences(&found);
    (
        said.iter().map(ToString::to_string).collect(),
        untold(&found),
    )
}

#[test]
fn of_a_thousand_pairs_of_reports_on_the_same_programs_at_most_fifty_differ() {
    let mut dice = Dice(20_261_130);
    let mut claimed = 0;
    for _ in 0..1000 {
        let (mut one, mut other) = (Vec::new(), Vec::new());
        for program in 0..=dice.below(6) {
            let name = format!("p{program}");
            let width = 1 + dice.below(2);
            let shares: Vec<u64> = (0..width).map(|_| dice.below(101)).collect();
            let (n, m) = (1 + dice.below(30), 1 + dice.below(30));
            one.push(row(&name, "go gc 1", &dice.trials(n, &shares)));
            other.push(row(&name, "go gc 1", &dice.trials(m, &shares)));
        }
        claimed += u32::from(!compared(&[one, other]).0.is_empty());
    }
    assert!(claimed <= 50, "{claimed} of 1000");
    // A test that never claims anything would hold this bound too.
    assert!(claimed > 0);
}

#[test]
fn of_grids_whose_columns_are_alike_at_most_one_in_twenty_differs() {
    let mut dice = Dice(5);
    let claimed = (0..300).filter(|_| {
        let share = [dice.below(101)];
        let columns = ["go gc 1", "go gc 2", "go gc 3", "go gc 4"];
        let results = columns.map(|column| row("p", column, &dice.trials(12, &share)));
        !compared(&[results.to_vec()]).0.is_empty()
    });
    let claimed = claimed.count();
    // At exactly one in twenty, more than 24 of 300 would come once in a hundred times.
    assert!(claimed <= 24, "{claimed} of 300");
}

#[test]
fn differences_that_are_real_are_found() {
    let mut dice = Dice(7);
    let found = (0..200).filter(|_| {
        // One of four programs is another now; at these shares 20 trials tell it nearly always.
        let report = |dice: &mut Dice, changed: u64| -> Vec<ProgramResult> {
            let shares = [50, 30, 90, changed];
            let rows = shares.iter().enumerate();
            rows.map(|(at, share)| row(&format!("p{at}"), "go gc 1", &dice.trials(20, &[*share])))
                .collect()
        };
        let (before, after) = (report(&mut dice, 10), report(&mut dice, 90));
        let said = compared(&[before, after]).0;
        said.iter().any(|one| one.contains("racing/go/p3"))
    });
    let found = found.count();
    assert!(found >= 196, "{found} of 200");
}

#[test]
fn what_trials_cannot_tell_is_said_with_how_many_would() {
    let reports = |n: u64| {
        [
            vec![row("racing", "go gc 1", &[n, 0])],
            vec![row("racing", "go gc 1", &[n - n / 3, n / 3])],
        ]
    };
    let (differences, untold) = compared(&reports(6));
    assert!(differences.is_empty(), "{differences:?}");
    // None of 14 beside 5 of 14 is the first that tells: p = 0.0407; none of 13 beside 4 is 0.0957.
    assert_eq!(
        untold,
        [
            "cannot tell with these trials whether racing/go/racing differs: a 6/6 on gc 1 (x), a 4/6, b 2/6 on gc 1 (x) \
          (p = 0.4545); about 14 told trials each would, at these shares"
        ]
    );
    let (differences, untold) = compared(&reports(30));
    assert!(untold.is_empty(), "{untold:?}");
    assert_eq!(
        differences,
        [
            "gc 1 (x) differs from gc 1 (x) in racing/go/racing: a 20/30, b 10/30, not a 30/30 (p = 0.0008)"
        ]
    );
    let same = [
        vec![row("racing", "go gc 1", &[3, 3])],
        vec![row("racing", "go gc 1", &[5, 5])],
    ];
    assert_eq!(compared(&same), (Vec::new(), Vec::new()));
}

#[test]
fn in_a_grid_the_column_that_stands_out_is_named() {
    let columns = [
        ("go gc 1", [8, 0]),
        ("go gc 2", [7, 1]),
        ("go gc 3", [8, 0]),
        ("go gc 4", [0, 8]),
    ];
    let results = columns.map(|(column, counts)| row("p", column, &counts));
    let (differences, untold) = compared(&[results.to_vec()]);
    assert_eq!(
        differences,
        ["gc 4 differs from the other 3 in racing/go/p: b 8/8, not as those together (p < 0.0001)"]
    );
    assert!(untold.is_empty());
}

#[test]
fn one_counter_example_refutes_what_is_always_so_and_chance_needs_a_test() {
    let one = |counts: &[u64]| ProgramResult {
        shows: IndexMap::from([("a".to_string(), "must".to_string())]),
        ..row("p", "go gc 1", counts)
    };
    let (differences, _) = compared(&[vec![one(&[1, 0])], vec![one(&[0, 1])]]);
    assert_eq!(
        differences,
        ["gc 1 (x) differs from gc 1 (x) in racing/go/p: b 1/1, not a 1/1"]
    );
    // Once a program showed both on one toolchain, what it shows is left to chance whatever its case says.
    let (differences, untold) = compared(&[vec![one(&[15, 0])], vec![one(&[9, 6])]]);
    assert!(
        differences.is_empty() || differences[0].contains("p ="),
        "{differences:?}"
    );
    assert_eq!(differences.len() + untold.len(), 1);
}

#[test]
fn a_cell_says_how_many_of_the_trials_asked_for_were_told() {
    let results = [
        ProgramResult {
            asked: Some(18),
            ..row("p", "go gc 1", &[1, 0])
        },
        row("p", "go gc 2", &[2, 0]),
    ];
    let part = LabelledResults {
        label: "x",
        results: &results,
    };
    let cells = &matrices(&[part])[0].rows[0].cells;
    assert_eq!(cells[0].seen, "a 1/1, 1 of 18 told");
    assert_eq!(cells[1].seen, "a 2/2");
}
