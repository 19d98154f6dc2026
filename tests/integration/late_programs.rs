//! The judge against simulated programs that are delayed: what it tells is never wrong, and it tells most of them.

#[path = "../../benches/lateness/simulator/mod.rs"]
mod simulator;

use simulator::{Tally, run};

#[test]
fn of_ten_thousand_delayed_programs_none_is_told_wrong_and_most_are_told() {
    let mut tally = Tally::default();
    for trial in (1..=10_000).map(|seed| run(seed, false)) {
        if trial.is_seen {
            tally.add(&trial);
        }
    }
    assert_eq!(tally.wrong, 0, "{:#?}", tally.examples);
    assert!(tally.share(0) >= 0.95, "{tally:?}");
    assert!(tally.share(1) >= 0.80, "{tally:?}");
}
