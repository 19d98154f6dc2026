//! Reads a report that `repro run --output report.json` wrote, and prints what was seen of each program:
//!
//!     cargo run --example read_report -- report.json

use std::error::Error;
use std::fs;

use repro::model::report::Report;

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args_os().nth(1).ok_or("expected a report")?;
    let report: Report = serde_json::from_str(&fs::read_to_string(file)?)?;
    for row in &report.results {
        let program = format!("{}/{}/{}", row.case, row.language, row.variant);
        for (behaviour, trials) in &row.behaviours {
            println!("{program} showed {behaviour} in {trials} trials");
        }
        println!("{program}: {:?}", row.verdict);
    }
    Ok(())
}
