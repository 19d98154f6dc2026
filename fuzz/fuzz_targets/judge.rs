//! A case, a byte 0 and a trace: judged twice, the same comes of it, and the verdict fits the behaviour.
#![no_main]

use repro::judge::judge;
use repro::model::verdict::Verdict;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Some((case, trace)) = text.split_once('\0') else {
        return;
    };
    let (Some(case), Some(trace)) = (repro_fuzz::case(case), repro_fuzz::trace(trace)) else {
        return;
    };
    let program = &case.programs[0];
    let [one, other] = [judge(&case, program, &trace), judge(&case, program, &trace)];
    assert_eq!((one.verdict, &one.reason), (other.verdict, &other.reason));
    assert_eq!(one.lacks, other.lacks);
    assert!(one.verdict != Verdict::Pass || one.behaviour.is_some());
    assert!(one.verdict == Verdict::Pass || one.reason.is_some());
});
