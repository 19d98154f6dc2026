//! Claims.

use super::{WHOLE, each_is_one_problem, reading, whole};
use crate::model::verdict::Finding;

#[test]
fn claims_name_every_program_that_their_globs_match() {
    let case = whole();
    let claim = &case.claims[0];
    assert_eq!(
        claim.programs,
        ["python/listing", "java/pool", "python/to-thread"]
    );
    assert_eq!(claim.finding, Finding::Partly);
}

#[test]
fn a_claim_that_no_program_can_tell_says_why_and_has_no_evidence() {
    let claims = WHOLE.find("[[claims]]").unwrap();
    let with = |claim: &str| reading(&format!("{}[[claims]]\n{claim}", &WHOLE[..claims]));
    let found = with(
        "says = \"it is so\"\nat = \"the end\"\nfinding = \"untested\"\nwhy = \"who knows\"\n",
    );
    assert!(found.problems.is_empty(), "{:?}", found.problems);
    let claim = &found.case.unwrap().claims[0];
    assert!(claim.programs.is_empty());
    assert_eq!(claim.at.as_deref(), Some("the end"));
    let found = with("says = \"it is so\"\nfinding = \"untested\"\nprogram = \"python/listing\"\n");
    let messages: Vec<&str> = found.problems.iter().map(|p| p.message.as_str()).collect();
    assert_eq!(messages, ["`why` is missing", "unknown key `program`"]);
}

#[test]
fn a_mistake_in_a_claim_is_one_problem_with_its_place() {
    each_is_one_problem(&[
        (
            "\"java/pool\"]",
            "\"jva/pool\"]",
            "jva/pool: no program is called `jva/pool`",
        ),
        (
            "[\"stalled\"]",
            "[\"stall\"]",
            "stall: no behaviour is called `stall`",
        ),
        (
            "\"partly\"",
            "\"doubtful\"",
            "\"doubtful\": `doubtful` is no finding",
        ),
    ]);
}
