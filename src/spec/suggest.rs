//! Guesses what somebody meant who wrote a name that is not there.

/// A hint that names the closest of `known`, or else all of them if they are few.
pub(crate) fn did_you_mean<'k>(
    name: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<String> {
    let known: Vec<&str> = known.into_iter().collect();
    if let Some(closest) = closest(name, &known) {
        return Some(format!("did you mean `{closest}`?"));
    }
    match known.as_slice() {
        [] => None,
        few @ [..] if few.len() <= 12 => Some(format!("there is {}", listed(few))),
        _ => None,
    }
}

/// The one of `known` that a slip of the hand turns into `name`.
fn closest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    // The distance takes time that grows with both lengths, and nobody mistypes so long a name.
    if name.len() > 100 {
        return None;
    }
    let distances = known
        .iter()
        .map(|k| (strsim::damerau_levenshtein(name, k), *k));
    let (distance, closest) = distances.min_by_key(|(distance, _)| *distance)?;
    let length = name.chars().count().max(closest.chars().count());
    (distance < length && distance <= (length / 3).max(1)).then_some(closest)
}

fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_a_stranger_is_not() {
        let known = ["title", "claim", "timeout"];
        let hint = |name| did_you_mean(name, known).unwrap();
        assert_eq!(hint("titel"), "did you mean `title`?");
        assert_eq!(hint("time-out"), "did you mean `timeout`?");
        assert_eq!(hint("colour"), "there is `title`, `claim`, `timeout`");
        assert_eq!(did_you_mean("x", []), None);
    }
}
