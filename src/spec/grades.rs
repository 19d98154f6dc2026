//! How often a program shows a behaviour.

use indexmap::IndexMap;

use super::names::{Names, look_up};
use super::reader::{Flaw, Text, Value};
use super::suggest::did_you_mean;
use super::values::parsed;
use super::{duration, shape};
use crate::model::case::{Grade, Share};

/// Reads `"BEHAVIOUR"` or `{ BEHAVIOUR = "must" }`.
pub(crate) fn shows_of(value: Value<'_>, names: &Names) -> Option<IndexMap<String, Grade>> {
    if let Some(text) = value.as_text() {
        let name = look_up(&text, "behaviour", &names.behaviours)?;
        return Some(IndexMap::from([(name, Grade::Must)]));
    }
    let wanted = "the name of a behaviour, or a table `{ BEHAVIOUR = \"must\" }`";
    let message = "a program shows at least one behaviour";
    let entry = |(key, value): (Text<'_>, Value<'_>)| {
        let name = look_up(&key, "behaviour", &names.behaviours);
        let grade = grade(value);
        Some((name?, grade?))
    };
    let table = value.table(wanted)?;
    table.refuse_empty(message, &format!("write {wanted}"));
    let entries = table.entries().into_iter();
    Some(entries.filter_map(entry).collect())
}

fn grade(value: Value<'_>) -> Option<Grade> {
    let text =
        value.text("`\"must\"`, `\"may\"`, `\"never\"`, or how often: `\">= 3\"`, `\"< 5%\"`")?;
    let known = [
        ("must", Grade::Must),
        ("may", Grade::May),
        ("never", Grade::Never),
    ];
    if let Some((_, grade)) = known.iter().find(|(name, _)| *name == text.value) {
        return Some(*grade);
    }
    let often = text
        .value
        .starts_with(|c: char| c.is_ascii_digit() || "<>=".contains(c));
    if !often {
        let hint = "write `must`, `may`, `never`, or how often: `>= 3`, `< 5%`";
        let guess = did_you_mean(text.value, known.map(|(name, _)| name));
        let message = format!("`{}` is no grade", text.value);
        return text.refuse(message, "not a grade", guess.unwrap_or(hint.into()));
    }
    if text.value.contains('%') {
        return parsed(value, "a share of the trials", share).map(Grade::Share);
    }
    parsed(value, "a number of trials", shape::amount).map(Grade::Times)
}

/// Reads `OP a%` or `a%..b%`.
fn share(text: &str) -> Result<Share, Flaw> {
    let whole = 0..text.len();
    let hint = "write `>= 90%`, `< 5%` or `10%..60%`";
    let numbers = text.replace('%', "");
    let found = super::sentence::numbers(&numbers)
        .map_err(|flaw| Flaw::new(whole.clone(), flaw.message, "not a share", hint))?;
    let marks = text.matches('%').count();
    let two = text.contains("..");
    let (least, most) = (found.least.max(0.0), found.most.min(100.0));
    let fits = marks == if two { 2 } else { 1 } && least <= most && found.least <= 100.0;
    if !fits || found.most < 0.0 {
        let message = format!("`{}` is no share of the trials", duration::shortened(text));
        return Err(Flaw::new(whole, message, "not a share", hint));
    }
    let hundredths = |percent: f64| (percent * 100.0).round() as u32;
    Ok(Share {
        least: hundredths(least),
        most: hundredths(most),
    })
}
