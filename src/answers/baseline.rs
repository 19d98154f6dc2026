//! Findings that are known already: only what is new since an earlier answer counts.

use crate::model::answer::{Answer, Finding};

/// What makes a finding the same as one of an earlier run: its cause, its file and its function. Lines move, and how much was
/// lost differs from run to run.
pub(super) fn fingerprint(finding: &Finding) -> String {
    let place = &finding.place;
    format!("{}:{}:{}", finding.cause, place.file, place.function)
}

/// Takes out of an answer what an earlier one told already.
pub fn take_out_known(answer: &mut Answer, earlier: &Answer) {
    let mut known: Vec<String> = earlier.findings.iter().map(fingerprint).collect();
    let before = answer.findings.len();
    // One that occurs twice and was known once is new once.
    answer.findings.retain(|finding| {
        let print = fingerprint(finding);
        match known.iter().position(|one| *one == print) {
            Some(at) => {
                known.swap_remove(at);
                false
            }
            None => true,
        }
    });
    answer.known_findings += before - answer.findings.len();
}
