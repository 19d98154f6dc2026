//! The host that stands in for one on the network, and its routes.

use indexmap::IndexMap;
use toml::de::DeValue;

use super::names::{Names, path_captures, route_labels};
use super::pattern::is_capture;
use super::reader::{Table, Text, Value};
use super::values::{time, whole_number};
use crate::model::case::{Label, Reply, Route, StandIn};

const ROUTES: &str = "a table of routes: `name = { path = \"/users\", status = 200 }`";
/// Deeper values than this are a mistake.
const DEEPEST: usize = 32;

/// A stand-in as one table states it: a program's needs no host where its case has one.
#[derive(Clone, Default)]
pub(crate) struct Draft {
    /// The origin, if stated.
    pub(crate) host: Option<String>,
    /// The routes stated.
    pub(crate) routes: IndexMap<String, Route>,
}

/// Reads `stand-in`, and adds the labels of its routes to `names`; `own` are the events of the output.
pub(crate) fn draft(value: Value<'_>, own: &[Label], names: &mut Names) -> Draft {
    let mut draft = Draft::default();
    let Some(mut table) = value.table("a table with `host` and `routes`") else {
        return draft;
    };
    draft.host = table.take("host").and_then(host);
    let routes = table.take("routes");
    table.finish("a stand-in");
    let routes = routes.and_then(|value| value.table(ROUTES));
    for (key, value) in routes.map(Table::entries).unwrap_or_default() {
        let labels = route_labels(key.value);
        if labels.is_empty() || key.value.starts_with('@') {
            let hint = "use lower-case letters, digits, `.` and `-`, a letter first";
            let message = format!("`{}` cannot be the name of a route", key.value);
            key.report(message, "bad name", hint);
            continue;
        }
        if let Some(taken) = labels.iter().find(|label| own.contains(label)) {
            let message =
                format!("this route gives `{taken}`, which is also an event of the output");
            key.report(message, "already a label", "rename the route or the event");
        }
        let route = value.table(ROUTES).and_then(route);
        names.add_route(&labels, route.as_ref().map_or("", |r| &r.path));
        if let Some(route) = route {
            if let Some(other) = same_path(key.value, &route, &draft.routes) {
                let message = format!("`{other}` and `{}` answer the same path", key.value);
                let hint = "give each route a path of its own";
                key.report(message, "the same path", hint);
            }
            draft.routes.insert(key.value.into(), route);
        }
    }
    draft
}

/// The stand-in of the case, or of a program with the case's beneath its own; problems at `value`.
pub(crate) fn merged(value: Value<'_>, base: Option<&Draft>, own: Draft) -> Option<StandIn> {
    let table = value.as_table()?;
    // What the case's own stand-in lacks is reported there, once.
    if base.is_none() && !table.has("host") {
        let hint = "write `host = \"https://api.example.com\"`, the origin that the programs call";
        value.report("a stand-in needs a `host`", "no host", hint);
    }
    if base.is_none() && !table.has("routes") {
        let hint = "write `[stand-in.routes.NAME]` with a `path`";
        value.report("a stand-in needs a route", "no routes", hint);
    }
    let mut routes = base.map(|draft| draft.routes.clone()).unwrap_or_default();
    for (name, route) in own.routes {
        if let Some(other) = same_path(&name, &route, &routes) {
            let message = format!("`{name}` answers the same path as the case's `{other}`");
            let hint = format!("call it `{other}` to put it in the other's place");
            value.report(message, "the same path", hint);
        }
        routes.insert(name, route);
    }
    let host = own.host.or_else(|| base?.host.clone())?;
    Some(StandIn { host, routes })
}

/// The other route that matches just what `route` matches.
fn same_path<'r>(
    name: &str,
    route: &Route,
    routes: &'r IndexMap<String, Route>,
) -> Option<&'r str> {
    let shape = |path: &str| -> Vec<String> {
        let segments = path.split('/');
        segments
            .map(|s| if s.starts_with('{') { "{}" } else { s }.to_string())
            .collect()
    };
    let same =
        |(other, r): &(&String, &Route)| *other != name && shape(&r.path) == shape(&route.path);
    routes.iter().find(same).map(|(other, _)| other.as_str())
}

fn host(value: Value<'_>) -> Option<String> {
    let text = value.text("an origin such as `\"https://api.example.com\"`")?;
    let authority = text
        .value
        .strip_prefix("https://")
        .or_else(|| text.value.strip_prefix("http://"));
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    if authority.is_none_or(|rest| rest.is_empty() || !rest.chars().all(fits)) {
        let message = format!("`{}` is no origin", text.value);
        let hint = "write scheme and host without a path: `https://api.example.com`";
        return text.refuse(message, "not an origin", hint);
    }
    Some(text.value.into())
}

fn route(mut table: Table<'_>) -> Option<Route> {
    let span = table.span();
    let sheet = table.sheet();
    let path = table.require("path", "`path = \"/users/{id}\"`");
    let path = path.and_then(route_path);
    let after = table.take("after");
    let [status, json, reset, never] = ["status", "json", "reset", "never"].map(|k| table.take(k));
    table.finish("a route");
    let asked = |value: Option<Value<'_>>| value.is_some_and(|v| v.boolean() == Some(true));
    let (reset, never) = (asked(reset), asked(never));
    let answers = status.is_some() || json.is_some();
    let conflict = match (reset, never) {
        (true, true) => Some("a route cannot both reset and never answer"),
        (true, false) if answers => Some("a route that resets gives no `status` and no `json`"),
        (false, true) if answers => {
            Some("a route that never answers gives no `status` and no `json`")
        }
        (false, true) if after.is_some() => Some("a route that never answers has no `after`"),
        _ => None,
    };
    if let Some(message) = conflict {
        let hint = "keep one of `reset`, `never`, and an answer with `status` or `json`";
        sheet.report(span, message, "contradicts itself", Some(hint.into()));
    }
    let status = status.and_then(http_status);
    let json = json.and_then(|value| json_text(value, 0));
    let reply = match (reset, never) {
        (true, _) => Reply::Reset,
        (_, true) => Reply::Never,
        _ => Reply::Answer {
            status: status.unwrap_or(200),
            json: json.unwrap_or("null".into()),
        },
    };
    Some(Route {
        after: after.and_then(time).unwrap_or_default(),
        path: path?,
        reply,
    })
}

fn route_path(value: Value<'_>) -> Option<String> {
    let text = value.text("a path such as `\"/users/{id}\"`")?;
    let segment = |s: &str| match s.strip_prefix('{').and_then(|s| s.strip_suffix('}')) {
        Some(name) => is_capture(name),
        None => s
            .chars()
            .all(|c| c.is_ascii_graphic() && !"{}?#".contains(c)),
    };
    let captures = text.value.split('/').filter(|s| s.starts_with('{')).count();
    let once = captures == path_captures(text.value).len();
    if !text.value.starts_with('/') || !text.value.split('/').all(segment) || !once {
        let message = format!("`{}` is no path of a route", text.value);
        let hint = "write `/`-separated segments, each literal or `{name}` as a whole, each name once: `/users/{id}`";
        return text.refuse(message, "not a path", hint);
    }
    Some(text.value.into())
}

fn http_status(value: Value<'_>) -> Option<u16> {
    let wanted = "an HTTP status such as `500`";
    whole_number(value, wanted, "status of an answer", 200..=599)
}

/// Any value as JSON, with its keys in the order of the file.
fn json_text(value: Value<'_>, depth: usize) -> Option<String> {
    if depth > DEEPEST {
        let message = format!("a body is at most {DEEPEST} levels deep");
        return value.refuse(message, "too deep", "make it flatter");
    }
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    match value.raw() {
        DeValue::String(text) => Some(quoted(text)),
        DeValue::Boolean(truth) => Some(truth.to_string()),
        DeValue::Datetime(time) => Some(quoted(&time.to_string())),
        DeValue::Integer(_) => value
            .integer("an integer of 64 bits")
            .map(|i| i.to_string()),
        DeValue::Float(float) => {
            let number = float.as_str().parse().ok();
            let finite = number.and_then(serde_json::Number::from_f64);
            finite.map(|number| number.to_string()).or_else(|| {
                let message = "JSON has no such number";
                value.refuse(message, "not a number of JSON", "write a finite number")
            })
        }
        DeValue::Array(_) => {
            let items = value.as_list()?.into_iter();
            let items: Vec<_> = items
                .filter_map(|item| json_text(item, depth + 1))
                .collect();
            Some(format!("[{}]", items.join(",")))
        }
        DeValue::Table(_) => {
            let pair = |(key, item): (Text<'_>, Value<'_>)| {
                let item = json_text(item, depth + 1)?;
                Some(format!("{}:{item}", quoted(key.value)))
            };
            let entries = value.as_table()?.entries().into_iter();
            let pairs: Vec<_> = entries.filter_map(pair).collect();
            Some(format!("{{{}}}", pairs.join(",")))
        }
    }
}
