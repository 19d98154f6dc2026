//! Whether a delay ever makes the judge tell what is wrong, and how much it still tells: simulated trials, by the delay over
//! the shortest distance that decides something. `cargo bench --bench lateness [TRIALS [FIRST SEED]]`.

mod simulator;

use simulator::{Tally, run};

fn main() {
    let numbers: Vec<u64> = std::env::args()
        .skip(1)
        .filter_map(|arg| arg.parse().ok())
        .collect();
    let trials = numbers.first().copied().unwrap_or(1_000_000);
    let first = numbers.get(1).copied().unwrap_or(1);
    for (title, steal) in [
        ("every delay seen within 5 ms", false),
        ("with delays that no account shows", true),
    ] {
        let mut tally = Tally::default();
        for seed in first..first + trials {
            let trial = run(seed, steal);
            if steal || trial.is_seen {
                tally.add(&trial);
            }
        }
        println!("{title}: {} wrong", tally.wrong);
        for (row, limit) in ["1/4", "1/2", "3/4", "1", "more"].iter().enumerate() {
            let (all, told) = tally.rows[row];
            println!(
                "  D / gap up to {limit:4}  {all:8} trials  {told:8} told  {:5.1} %",
                100.0 * tally.share(row)
            );
        }
        for example in &tally.examples {
            println!("  wrong: {example}");
        }
    }
}
