//! What `diagnose` suspects → a finding in words.

use std::collections::BTreeMap;

use crate::diagnose::{Diagnosis, Role, Suspicion, Untold, What, begun_ns, when};
use crate::model::answer::{
    Answer, Certainty, CodePlace, Evidence, Finding, NotChecked, RelatedPlace, SCHEMA, Spent,
    Standing, Stretch,
};
use crate::probe_trace::{Frame, Recording};
use crate::toolchain::recipe;

/// How many findings of one cause are told: more are of no more use.
const OF_ONE_CAUSE: usize = 5;
/// How many stretches of time are told of a finding.
const STRETCHES: usize = 100;

/// A diagnosis in words, with what was seen.
#[must_use]
pub fn answer(recording: &Recording, diagnosis: &Diagnosis<'_>, evidence: Evidence) -> Answer {
    let mut findings: Vec<Finding> = Vec::new();
    for suspicion in &diagnosis.suspicions {
        let same = findings.iter().filter(|f| f.cause == suspicion.cause);
        if same.count() < OF_ONE_CAUSE {
            findings.push(finding(recording, suspicion));
        }
    }
    Answer {
        schema: SCHEMA.into(),
        command: recording.header.command.clone(),
        findings,
        known_findings: 0,
        checked: diagnosis.checked.clone(),
        not_checked: not_checked(recording, diagnosis),
        standing: standing(diagnosis.untold),
        evidence: Evidence {
            waits: evidence
                .waits
                .iter()
                .map(|spent| of_folder(recording, spent))
                .collect(),
            ..evidence
        },
    }
}

fn not_checked(recording: &Recording, diagnosis: &Diagnosis<'_>) -> Vec<NotChecked> {
    let why = recording.header.unprobed.as_deref();
    let why = why.unwrap_or("no probe of its language was at work in this program");
    let unprobed = diagnosis.unprobed.iter().map(|cause| NotChecked {
        cause: *cause,
        why: why.into(),
    });
    let mut all: Vec<NotChecked> = unprobed.chain(diagnosis.not_checked.clone()).collect();
    all.sort_by_key(|one| one.cause);
    all
}

fn standing(untold: Option<Untold>) -> Standing {
    match untold {
        None => Standing::Told,
        Some(Untold::FailedEarly) => {
            Standing::Untold("the program failed before anything ran concurrently".into())
        }
        Some(Untold::Starved(ns)) => Standing::Untold(format!(
            "the machine was too busy: a thread of the program was ready to run for {:.1} s and got no processor",
            ns as f64 / 1e9
        )),
    }
}

/// The sources by the names that an answer uses.
#[must_use]
pub fn sources(recording: &Recording) -> BTreeMap<String, String> {
    let named = recording.sources.iter();
    let named = named.map(|(file, text)| (short(recording, file), text.clone()));
    named.collect()
}

fn of_folder(recording: &Recording, spent: &Spent) -> Spent {
    let file = short(recording, &spent.place.file);
    Spent {
        place: CodePlace {
            file,
            ..spent.place.clone()
        },
        ..spent.clone()
    }
}

fn finding(recording: &Recording, suspicion: &Suspicion<'_>) -> Finding {
    let path: Vec<CodePlace> = suspicion
        .path
        .iter()
        .map(|frame| place(recording, frame))
        .collect();
    let at = path.last().cloned().unwrap_or(CodePlace {
        file: String::new(),
        line: 0,
        function: String::new(),
    });
    let text = suspicion
        .path
        .last()
        .map_or("", |frame| line_of(recording, frame));
    let probe = recipe(suspicion.language).and_then(|recipe| recipe.runtime_probe.as_ref());
    let (message, label) = words(suspicion, &at);
    let related = suspicion.related.iter().map(|(role, frame)| RelatedPlace {
        role: role_name(*role).into(),
        place: place(recording, frame),
    });
    Finding {
        cause: suspicion.cause,
        certainty: suspicion.certainty,
        message,
        label,
        seconds: seconds(suspicion.lost_ns),
        victims: suspicion.victims.clone(),
        when: stretches(recording, suspicion),
        related: related.collect(),
        remedy: probe.map_or_else(String::new, |probe| {
            probe.remedy(suspicion.cause, text, bare(&at.function))
        }),
        case: probe.map_or("", |probe| probe.case(suspicion.cause)).into(),
        place: at,
        path,
    }
}

/// When it acted, on the clock that begins with the program.
fn stretches(recording: &Recording, suspicion: &Suspicion<'_>) -> Vec<Stretch> {
    let begun_ns = begun_ns(recording);
    let at = |ns: u64| seconds(ns.saturating_sub(begun_ns));
    let all = when(recording, suspicion).into_iter().take(STRETCHES);
    let stretches = all.map(|(from, to)| Stretch {
        from: at(from),
        to: at(to),
    });
    stretches.collect()
}

fn seconds(ns: u64) -> f64 {
    (ns / 1_000) as f64 / 1e6
}

fn place(recording: &Recording, frame: &Frame) -> CodePlace {
    CodePlace {
        file: short(recording, &frame.file),
        line: frame.line,
        function: frame.function.clone(),
    }
}

/// A file as it is seen from the folder that the command ran in.
fn short(recording: &Recording, file: &str) -> String {
    let below = file.strip_prefix(recording.header.folder.as_str());
    let below = below.and_then(|rest| rest.strip_prefix('/'));
    below.unwrap_or(file).to_string()
}

fn line_of<'r>(recording: &'r Recording, frame: &Frame) -> &'r str {
    let text = recording.sources.get(&frame.file);
    let before = usize::try_from(frame.line).unwrap_or(0).saturating_sub(1);
    text.and_then(|text| text.lines().nth(before))
        .unwrap_or_default()
}

/// The last part of a qualified name.
fn bare(function: &str) -> &str {
    function.rsplit(['.', ':']).next().unwrap_or(function)
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Made => "made at",
        Role::Waits => "waits at",
        Role::Holds => "held at",
        Role::Failed => "failed at",
    }
}

/// The sentence and the label beside the line.
fn words(suspicion: &Suspicion<'_>, at: &CodePlace) -> (String, String) {
    let CodePlace {
        file,
        line,
        function,
    } = at;
    let (what, label) = match &suspicion.what {
        What::Blocked { times, busy, call } => blocked(suspicion, *times, *busy, call),
        What::OneByOne { times, all_ns } => (
            format!(
                "{times} waits came one after another, and none uses what another brought: {:.2} s in all",
                seconds(*all_ns)
            ),
            format!(
                "about {:.2} s less if they ran together",
                seconds(suspicion.lost_ns)
            ),
        ),
        What::GivenUp {
            kind,
            error,
            failed,
            pending,
        } => (
            format!(
                "{kind} gave up because {failed} failed ({error}), while {pending} others were at work"
            ),
            "the results of the others are lost".into(),
        ),
        What::Full { .. } => full(&suspicion.what),
        What::HeldAcrossWait {
            size,
            waits,
            worst_ns,
            inside_ns,
        } => (
            format!(
                "{} was held across a wait: others waited for it {waits} times, up to {:.2} s",
                if *size == 1 {
                    "the lock".to_string()
                } else {
                    format!("a limit of {size}")
                },
                seconds(*worst_ns)
            ),
            format!("its holders waited for {:.2} s in it", seconds(*inside_ns)),
        ),
        What::NeverAwaited { .. }
        | What::ErrorUnseen { .. }
        | What::EndedWithMain { .. }
        | What::Ignored { .. } => forgotten(&suspicion.what),
        What::Alive { .. }
        | What::Kept { .. }
        | What::NothingLeft { .. }
        | What::Deadlocked { .. } => left(&suspicion.what),
    };
    (format!("{file}:{line} in {function}: {what}"), label)
}

/// What nobody waits for.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the caller words the others"
)]
fn forgotten(what: &What) -> (String, String) {
    match what {
        What::NeverAwaited { name } => (
            format!("{name}() was called and never awaited, so it never ran"),
            "never awaited".into(),
        ),
        What::ErrorUnseen { name, error } => (
            format!("{name} failed ({error}), and nobody waits for it"),
            "nobody asks for its result".into(),
        ),
        What::EndedWithMain { name } => (
            format!("{name} was still at work when main was over, and was cancelled"),
            "nobody waits for it".into(),
        ),
        What::Ignored { name, ns } => (
            format!(
                "{name} went on for {:.2} s, and nobody waits for it",
                seconds(*ns)
            ),
            "what it returns is thrown away".into(),
        ),
        _ => (String::new(), String::new()),
    }
}

/// What goes on for ever.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the caller words the others"
)]
fn left(what: &What) -> (String, String) {
    match what {
        What::Alive { name, on, computes } => (
            alive(name, on, *computes),
            "made here, and ended by nobody".into(),
        ),
        What::Kept { kind } => (
            format!("this {kind} keeps the program from its end"),
            "made here, and ended by nobody".into(),
        ),
        What::NothingLeft { on } => (
            "main waits for what nothing is left to bring about: no timer, no connection, no thread".into(),
            match on.as_str() {
                "" => "waits for ever".into(),
                on => format!("waits in {on} for ever"),
            },
        ),
        What::Deadlocked { threads } => (
            format!("{threads} threads wait for each other for ever: each holds a lock that another needs"),
            "waits here for ever".into(),
        ),
        _ => (String::new(), String::new()),
    }
}

/// A thread that keeps the program from its end.
fn alive(name: &str, on: &str, computes: bool) -> String {
    let what = match (computes, on) {
        (true, _) => ": it computes".to_string(),
        (false, "") => String::new(),
        (false, on) => format!(": it waits in {on}"),
    };
    format!("thread {name} is alive after main and keeps the program from its end{what}")
}

fn blocked(suspicion: &Suspicion<'_>, times: u64, busy: bool, call: &str) -> (String, String) {
    let lost = seconds(suspicion.lost_ns);
    let how = match (busy, call) {
        (true, _) => "while it computed".to_string(),
        (false, "") => "in a call that blocks".to_string(),
        (false, call) => format!("in {call}"),
    };
    let often = if times == 1 {
        String::new()
    } else {
        format!("{times} times, ")
    };
    let unheard = match suspicion.certainty {
        Certainty::Certain => "",
        Certainty::Hint | Certainty::Info => ", while nothing else was there to run",
    };
    (
        format!("the event loop stood still for {lost:.2} s, {how}{unheard}"),
        format!("{often}{lost:.2} s in all"),
    )
}

fn full(what: &What) -> (String, String) {
    let What::Full {
        size,
        queued,
        jobs,
        worst_ns,
        mean_ns,
        cpu_percent,
    } = what
    else {
        return (String::new(), String::new());
    };
    let worst = seconds(*worst_ns);
    let size = if *size == 0 {
        String::new()
    } else {
        format!(" of {size}")
    };
    if *mean_ns == 0 {
        return (
            format!("{queued} callers waited for a place in a pool{size}, up to {worst:.2} s"),
            format!("waited {worst:.2} s for a place"),
        );
    }
    (
        format!(
            "{queued} of {jobs} jobs waited for a thread of a pool{size}, up to {worst:.2} s, while its threads waited too \
             (a job took {:.2} s, {cpu_percent} % of it computing)",
            seconds(*mean_ns)
        ),
        format!("a pool{size}"),
    )
}
