//! What an answer says, a sentence each, for every form that people read.

use crate::model::answer::{Answer, CodePlace, Evidence, NotChecked, Standing, Victim, VictimKind};

/// Less lateness of the machine is not worth a word; seconds.
const LATE: f64 = 0.1;

/// What is said where nothing was found, or nothing new.
pub(super) fn healthy(answer: &Answer) -> &'static str {
    match answer.known_findings {
        0 => "Nothing is wrong here, as far as was checked.",
        _ => "Nothing new is wrong here, as far as was checked.",
    }
}

/// How many findings are left out because an earlier answer told them.
pub(super) fn known(answer: &Answer) -> Option<String> {
    match answer.known_findings {
        0 => None,
        1 => Some("left out: 1 finding that the baseline has".into()),
        many => Some(format!("left out: {many} findings that the baseline has")),
    }
}

/// `app.py:12 main`.
pub(super) fn step(place: &CodePlace) -> String {
    let CodePlace {
        file,
        line,
        function,
    } = place;
    format!("{file}:{line} {function}")
}

/// Who was held up, and for how long.
pub(super) fn victim(victim: &Victim) -> String {
    let seconds = victim.seconds.map(|seconds| format!("{seconds:.2} s"));
    match (victim.kind, seconds) {
        (VictimKind::Line, Some(late)) => {
            format!("\"{}\" was printed up to {late} late", victim.what)
        }
        (VictimKind::Line, None) => format!("\"{}\" was printed late", victim.what),
        (_, Some(seconds)) => format!("{} waited {seconds}", victim.what),
        (_, None) => victim.what.clone(),
    }
}

/// What shows that nothing is wrong.
pub(super) fn facts(seen: &Evidence) -> Vec<String> {
    let mut facts = Vec::new();
    if let (Some(tasks), Some(most)) = (seen.tasks, seen.most_tasks) {
        facts.push(format!(
            "tasks and jobs: {tasks}, at most {most} tasks at one time"
        ));
    }
    match (seen.requests, seen.most_requests) {
        (Some(requests), Some(1)) if requests > 1 => facts.push(format!(
            "connections: {requests}, which arrived one at a time: the client waits for each answer before it asks again"
        )),
        (Some(requests), Some(most)) => {
            facts.push(format!("connections: {requests}, at most {most} at one time"));
        }
        _ => {}
    }
    if let Some(stall) = seen.longest_stall {
        facts.push(match stall {
            0.0 => "no callback kept an event loop for longer than 20 ms".into(),
            stall => format!("the longest callback of an event loop took {stall:.3} s"),
        });
    }
    if let Some(queue) = seen.longest_queue {
        facts.push(format!(
            "the longest wait for a thread of a pool was {queue:.3} s"
        ));
    }
    facts
}

/// Why it cannot be told whether something is wrong, if so.
pub(super) fn untold(answer: &Answer) -> Option<String> {
    match &answer.standing {
        Standing::Told => None,
        Standing::Untold(why) => Some(format!(
            "It cannot be told whether something is wrong: {why}."
        )),
    }
}

/// The causes that were not looked for, a line for each reason.
pub(super) fn not_checked(answer: &Answer) -> Vec<String> {
    let mut told: Vec<&str> = Vec::new();
    let mut lines = Vec::new();
    for NotChecked { why, .. } in &answer.not_checked {
        if told.contains(&why.as_str()) {
            continue;
        }
        told.push(why);
        let same = answer.not_checked.iter().filter(|one| one.why == *why);
        let names: Vec<&str> = same.map(|one| one.cause.name()).collect();
        lines.push(format!("not checked: {}: {why}", names.join(", ")));
    }
    lines
}

/// How the program ended.
pub(super) fn ended(seen: &Evidence) -> String {
    let how = match seen.exit.parse::<i32>() {
        Ok(code) => format!("exit code {code}"),
        Err(_) if seen.exit.is_empty() => "it was ended".into(),
        Err(_) => format!("ended by {}", seen.exit),
    };
    let who = if seen.interrupted {
        ", after repro had sent it SIGINT"
    } else {
        ""
    };
    let late = match seen.late {
        Some(late) if late >= LATE => {
            format!("; a busy machine can have made it up to {late:.2} s late")
        }
        _ => String::new(),
    };
    format!(
        "the program ran for {:.2} s: {how}{who}{late}",
        seen.seconds
    )
}
