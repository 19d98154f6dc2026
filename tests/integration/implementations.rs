//! Other implementations of a language that the cases are written for.

use crate::harness::Repro;
use crate::needs::has_implementation;

#[test]
fn a_toolchain_that_nobody_knows_is_refused_and_not_passed_over() {
    let run = Repro::new().args(["run", "fixed-pool", "--toolchain", "denno@2"]);
    let ran = run.run().exits(2);
    ran.complains("`denno@2` is no toolchain")
        .complains("as in `deno@2`");
}

#[test]
fn a_program_is_served_by_the_stand_in_on_every_runtime_that_is_here() {
    for runtime in ["deno", "bun"] {
        if !has_implementation(runtime) {
            continue;
        }
        let programs = ["fail-fast/javascript/listing", "blocking-io/javascript"];
        let run = Repro::new().arg("run").args(programs);
        let judged = run.args(["--toolchain", runtime]).judged();
        assert_eq!(judged.not_passed(), [], "{runtime}");
        assert_eq!(judged.report.results.len(), 5);
        for row in &judged.report.results {
            let toolchain = row.toolchain.as_deref().unwrap();
            assert!(
                toolchain.starts_with(&format!("javascript {runtime} ")),
                "{toolchain}"
            );
        }
    }
}
