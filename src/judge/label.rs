//! From the lines of a trace to its events: each line gets at most one label.

use std::borrow::Cow;
use std::ops::Range;

use indexmap::IndexMap;
use regex::CaptureLocations;

use super::channel::Channel;
use super::events::{Events, LabelId, NameId, Seen};
use crate::model::case::{Case, EventKind, Label, Program, StandIn};
use crate::model::interval::Interval;
use crate::model::pattern::Form;
use crate::model::signal::signal_name;
use crate::model::trace::{Line, Sent, Served, Stream, Trace};

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
pub fn events(case: &Case, program: &Program, trace: &Trace) -> Result<Events, Tie> {
    let kinds = program.events.as_ref().unwrap_or(&case.events);
    let mut events = Events::default();
    add_supervised(&mut events, "@spawn", Interval::exactly(0));
    for stream in [Stream::Stdout, Stream::Stderr] {
        add_stream(&mut events, kinds, trace, stream)?;
    }
    for served in &trace.served {
        add_served(&mut events, served, case.stand_in.as_ref());
    }
    for sent in &trace.sent {
        add_sent(&mut events, sent);
    }
    add_supervised(&mut events, "@exit", trace.exit_at);
    // Intervals of one stream never run backwards, so this keeps each stream's own order.
    events.sort();
    Ok(events)
}

fn add_stream(
    events: &mut Events,
    kinds: &IndexMap<Label, EventKind>,
    trace: &Trace,
    stream: Stream,
) -> Result<(), Tie> {
    let mut reader = Reader::new(events, kinds, stream);
    let mut begun = false;
    let mut continued: Option<&Form> = None;
    let mut newlines_owed = 0;
    for line in trace.lines.iter().filter(|line| line.stream == stream) {
        let (text, lossy) = text_of(line, !begun);
        let found = reader.recognise(&text)?;
        if found.is_none() {
            // Each line that was glued to another left its newline behind.
            if line.bytes.is_empty() && newlines_owed > 0 {
                newlines_owed -= 1;
                continue;
            }
            if let Some(parts) = parted(&mut reader, line)? {
                newlines_owed += parts.len() - 1;
                continued = None;
                for (part, at) in parts {
                    let text = String::from_utf8_lossy(&line.bytes[part]);
                    let found = reader.recognise(&text)?;
                    reader.add(events, found, (&text, false), (at, at));
                }
                begun = true;
                continue;
            }
            let more = continued.and_then(|form| form.more.as_ref());
            if more.is_some_and(|more| more.is_match(&text)) {
                events.add_line(&text, line.last, lossy);
                continue;
            }
        }
        continued = found.map(|found| reader.known[found].form);
        reader.add(events, found, (&text, lossy), (line.first, line.last));
        begun = true;
    }
    Ok(())
}

/// A part of a line, and when it was written.
type Fragment = (Range<usize>, Interval);

/// The lines that threads glued together, if every byte of this one belongs to an event by itself: it is parted
/// where one write ended and the next began. Each part with its instant.
fn parted(reader: &mut Reader, line: &Line) -> Result<Option<Vec<Fragment>>, Tie> {
    if line.seams.is_empty() {
        return Ok(None);
    }
    let ends = line.seams.iter().map(|(at, _)| *at);
    let ends = ends.chain([line.bytes.len()]);
    let (mut parts, mut begin, mut at) = (Vec::new(), 0, line.first);
    for end in ends {
        let text = String::from_utf8_lossy(&line.bytes[begin..end]);
        if reader.recognise(&text)?.is_none() {
            continue;
        }
        parts.push((begin..end, at));
        begin = end;
        let next = line.seams.iter().find(|(at, _)| *at == end);
        at = next.map_or(line.last, |(_, at)| *at);
    }
    let whole = begin == line.bytes.len() && parts.len() > 1;
    Ok(whole.then_some(parts))
}

/// The patterns of one stream, ready for many lines.
struct Reader<'c> {
    stream: Stream,
    /// The most literal first.
    known: Vec<Known<'c>>,
}

struct Known<'c> {
    label: &'c Label,
    id: LabelId,
    form: &'c Form,
    /// The groups of its captures.
    names: Vec<(usize, NameId)>,
    /// Where they lay in the line that it matched last.
    places: CaptureLocations,
}

impl<'c> Reader<'c> {
    fn new(events: &mut Events, kinds: &'c IndexMap<Label, EventKind>, stream: Stream) -> Self {
        let mut known = Vec::new();
        for (label, kind) in kinds {
            let here = |form: &&Form| form.stream.is_none_or(|s| s == stream);
            for form in kind.forms.iter().filter(here) {
                let names = form.pattern.names();
                known.push(Known {
                    label,
                    id: events.add_label(label),
                    form,
                    names: names
                        .map(|(group, name)| (group, events.add_name(name)))
                        .collect(),
                    places: form.pattern.regex.capture_locations(),
                });
            }
        }
        known.sort_by_key(|known: &Known| std::cmp::Reverse(known.form.pattern.literals));
        Reader { stream, known }
    }

    /// The place among `known` of the most literal event that describes the line.
    fn recognise(&mut self, text: &str) -> Result<Option<usize>, Tie> {
        let mut best: Option<usize> = None;
        for place in 0..self.known.len() {
            let literals = |place: usize| self.known[place].form.pattern.literals;
            if best.is_some_and(|best| literals(best) > literals(place)) {
                break;
            }
            let known = &mut self.known[place];
            if !known.form.pattern.find(text, &mut known.places) {
                continue;
            }
            match best.map(|best| self.known[best].label) {
                None => best = Some(place),
                Some(label) if label == self.known[place].label => {}
                Some(label) => {
                    return Err(Tie {
                        text: text.to_string(),
                        labels: [label.clone(), self.known[place].label.clone()],
                    });
                }
            }
        }
        Ok(best)
    }

    fn add(
        &self,
        events: &mut Events,
        found: Option<usize>,
        (text, lossy): (&str, bool),
        (at, last): (Interval, Interval),
    ) {
        let found = found.map(|place| &self.known[place]);
        let seen = Seen {
            label: found.map(|known| known.id),
            channel: Channel::Output(self.stream),
            at,
            last,
            lossy,
        };
        events.add(seen, text);
        if let Some(known) = found {
            for (group, name) in &known.names {
                if let Some((from, to)) = known.places.get(*group) {
                    events.capture(*name, &text[from..to]);
                }
            }
        }
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
fn add_served(events: &mut Events, served: &Served, stand_in: Option<&StandIn>) {
    let route = stand_in.and_then(|stand_in| stand_in.routes.get(&served.route));
    let label = served.service.label(&served.route);
    let text = route.map_or_else(
        || label.as_ref().map_or("", Label::as_str),
        |route| &route.path,
    );
    let id = label.as_ref().map(|label| events.add_label(label));
    events.add(happened(id, Channel::StandIn, served.at), text);
    for (name, value) in served.values.iter() {
        let name = events.add_name(name);
        events.capture(name, value);
    }
}

fn add_sent(events: &mut Events, sent: &Sent) {
    let label = Label::of_signal(sent.signal).map(|label| events.add_label(&label));
    let text = signal_name(sent.signal);
    events.add(happened(label, Channel::Supervisor, sent.at), &text);
}

fn add_supervised(events: &mut Events, name: &str, at: Interval) {
    let label = Label::parse(name).map(|label| events.add_label(&label));
    events.add(happened(label, Channel::Supervisor, at), name);
}

fn happened(label: Option<LabelId>, channel: Channel, at: Interval) -> Seen {
    Seen {
        label,
        channel,
        at,
        last: at,
        lossy: false,
    }
}
