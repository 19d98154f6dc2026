//! From the lines of a trace to its events: each line gets at most one label.

use std::borrow::Cow;

use indexmap::IndexMap;

use crate::model::case::{Case, EventKind, Label, Program, StandIn};
use crate::model::interval::Interval;
use crate::model::pattern::Form;
use crate::model::signal::{signal_label, signal_name};
use crate::model::trace::{Line, Sent, Served, Stream, Trace, Values};

type Kinds = IndexMap<Label, EventKind>;

/// Something that happened, ready to be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its label; `None` for a line that no event describes.
    pub label: Option<Label>,
    /// Where it was seen. Within one channel of output, the order is certain.
    pub channel: Channel,
    /// When its first byte was written, or when it happened.
    pub at: Interval,
    /// When its last byte was written.
    pub last: Interval,
    /// What its pattern captured.
    pub values: Values,
    /// The line without escape sequences, with its continuation lines.
    pub text: String,
    /// Whether bytes were replaced that are not UTF-8, or dropped because the line was too long.
    pub lossy: bool,
}

/// Where an event was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Channel {
    /// Written to this stream.
    Output(Stream),
    /// Seen by the stand-in.
    StandIn,
    /// The spawn or the exit of the program.
    Supervisor,
}

impl Channel {
    /// As messages name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Channel::Output(stream) => stream.name(),
            Channel::StandIn => "stand-in",
            Channel::Supervisor => "supervisor",
        }
    }
}

/// A line that two events claim with equal right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tie {
    /// The line.
    pub text: String,
    /// The two labels.
    pub labels: [Label; 2],
}

/// The events of a trace in order of time, with `@spawn` first. Order within a stream is kept.
///
/// # Errors
/// A line that two events of the case claim with equally many literal characters.
pub fn events(case: &Case, program: &Program, trace: &Trace) -> Result<Vec<Event>, Tie> {
    let kinds = program.events.as_ref().unwrap_or(&case.events);
    let mut all = vec![supervised("@spawn", Interval::exactly(0))];
    for stream in [Stream::Stdout, Stream::Stderr] {
        all.extend(of_stream(kinds, trace, stream)?);
    }
    let stand_in = case.stand_in.as_ref();
    all.extend(
        trace
            .served
            .iter()
            .map(|served| of_stand_in(served, stand_in)),
    );
    all.extend(trace.sent.iter().map(of_sent));
    all.push(supervised("@exit", trace.exit_at));
    // Intervals of one stream never run backwards, so a stable sort keeps each stream's own order.
    all.sort_by_key(|event| event.at.earliest_ns.midpoint(event.at.latest_ns));
    Ok(all)
}

fn of_stream(kinds: &Kinds, trace: &Trace, stream: Stream) -> Result<Vec<Event>, Tie> {
    let mut events: Vec<Event> = Vec::new();
    let mut continued: Option<&Form> = None;
    let mut newlines_owed = 0;
    for line in trace.lines.iter().filter(|line| line.stream == stream) {
        let (text, lossy) = text_of(line, events.is_empty());
        let found = recognise(kinds, stream, &text)?;
        if found.is_none() {
            // Each line that was glued to another left its newline behind.
            if line.bytes.is_empty() && newlines_owed > 0 {
                newlines_owed -= 1;
                continue;
            }
            if let Some(parts) = parted(kinds, line, stream)? {
                newlines_owed += parts.len() - 1;
                continued = None;
                events.extend(parts);
                continue;
            }
        }
        let more = continued.and_then(|form| form.more.as_ref());
        match (&found, events.last_mut()) {
            (None, Some(event)) if more.is_some_and(|more| more.is_match(&text)) => {
                event.text.push('\n');
                event.text.push_str(&text);
                event.last = line.last;
                event.lossy |= lossy;
                continue;
            }
            _ => {}
        }
        continued = found.as_ref().map(|found| found.form);
        let (label, values) = found.map(|f| (f.label.clone(), f.values)).unzip();
        events.push(Event {
            label,
            channel: Channel::Output(stream),
            at: line.first,
            last: line.last,
            values: values.unwrap_or_default(),
            text: text.into_owned(),
            lossy,
        });
    }
    Ok(events)
}

/// The lines that threads glued together, if every byte of this one belongs to an event by itself: it is parted
/// where one write ended and the next began.
fn parted(kinds: &Kinds, line: &Line, stream: Stream) -> Result<Option<Vec<Event>>, Tie> {
    if line.seams.is_empty() {
        return Ok(None);
    }
    let ends = line.seams.iter().map(|(at, _)| *at);
    let ends = ends.chain([line.bytes.len()]);
    let (mut parts, mut begin, mut at) = (Vec::new(), 0, line.first);
    for end in ends {
        let text = String::from_utf8_lossy(&line.bytes[begin..end]);
        let Some(found) = recognise(kinds, stream, &text)? else {
            continue;
        };
        parts.push(Event {
            label: Some(found.label.clone()),
            channel: Channel::Output(stream),
            at,
            last: at,
            values: found.values,
            text: text.into_owned(),
            lossy: false,
        });
        begin = end;
        let next = line.seams.iter().find(|(at, _)| *at == end);
        at = next.map_or(line.last, |(_, at)| *at);
    }
    let whole = begin == line.bytes.len() && parts.len() > 1;
    Ok(whole.then_some(parts))
}

struct Found<'c> {
    label: &'c Label,
    form: &'c Form,
    values: Values,
}

/// The most literal event that describes the line.
fn recognise<'c>(kinds: &'c Kinds, stream: Stream, text: &str) -> Result<Option<Found<'c>>, Tie> {
    let here = |form: &&Form| form.stream.is_none_or(|s| s == stream);
    let forms = kinds.iter().flat_map(|(label, kind)| {
        kind.forms
            .iter()
            .filter(here)
            .map(move |form| (label, form))
    });
    let mut best: Option<Found> = None;
    let mut rival: Option<&Label> = None;
    for (label, form) in forms {
        let least = best.as_ref().map_or(0, |found| found.form.pattern.literals);
        if best.is_some() && form.pattern.literals < least {
            continue;
        }
        let Some(values) = form.pattern.captures(text) else {
            continue;
        };
        match &best {
            Some(found) if form.pattern.literals == least => {
                rival = rival.or((found.label != label).then_some(label));
            }
            _ => {
                best = Some(Found {
                    label,
                    form,
                    values,
                });
                rival = None;
            }
        }
    }
    match (&best, rival) {
        (Some(found), Some(rival)) => {
            let labels = [found.label.clone(), rival.clone()];
            Err(Tie {
                text: text.to_string(),
                labels,
            })
        }
        _ => Ok(best),
    }
}

/// The line as patterns see it: no escape sequences, no carriage return at the end, no byte order mark
/// at the start of the stream; and whether anything of it was lost.
fn text_of(line: &Line, first: bool) -> (Cow<'_, str>, bool) {
    let mut bytes = line.bytes.strip_suffix(b"\r").unwrap_or(&line.bytes);
    if first {
        bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    }
    let text = String::from_utf8_lossy(bytes);
    let lossy = line.cut || matches!(text, Cow::Owned(_));
    if text.contains('\u{1b}') {
        (
            Cow::Owned(anstream::adapter::strip_str(&text).to_string()),
            lossy,
        )
    } else {
        (text, lossy)
    }
}

/// Its text is the route's path, which tells a reader more than the route's name.
fn of_sent(sent: &Sent) -> Event {
    let label = signal_label(sent.signal);
    let name = label.as_ref().map_or("@signal", Label::as_str);
    Event {
        text: signal_name(sent.signal),
        ..supervised(name, sent.at)
    }
}

fn of_stand_in(served: &Served, stand_in: Option<&StandIn>) -> Event {
    let route = stand_in.and_then(|stand_in| stand_in.routes.get(&served.route));
    let name = format!("{}.{}", served.route, served.service.name());
    Event {
        label: Label::parse(&name),
        channel: Channel::StandIn,
        at: served.at,
        last: served.at,
        values: served.values.clone(),
        text: route.map_or(name, |route| route.path.clone()),
        lossy: false,
    }
}

fn supervised(name: &str, at: Interval) -> Event {
    Event {
        label: Label::parse(name),
        channel: Channel::Supervisor,
        at,
        last: at,
        values: Values::new(),
        text: name.to_string(),
        lossy: false,
    }
}
