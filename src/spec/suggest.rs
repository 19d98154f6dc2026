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
    let slips = known.iter().filter_map(|k| Some((slip(name, k)?, *k)));
    let (_, closest) = slips.min_by_key(|(distance, _)| *distance)?;
    Some(closest)
}

/// How many letters a slip of the hand changed that turned `known` into `name`; `None` if it would have been no slip.
pub(crate) fn slip(name: &str, known: &str) -> Option<usize> {
    // The distance takes time that grows with both lengths, and nobody mistypes so long a name.
    if name.len() > 100 {
        return None;
    }
    let distance = strsim::damerau_levenshtein(name, known);
    let length = name.chars().count().max(known.chars().count());
    (distance < length && distance <= (length / 3).max(1)).then_some(distance)
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
