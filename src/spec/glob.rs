//! Names with `*` in them.

/// Whether `text` is `pattern`, where `*` stands for any characters or none.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    // The leftmost place is as good as any other: what follows it is only longer.
    for part in parts {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// Whether each segment of `pattern` matches the segment of `name` in its place. A pattern with
/// fewer segments names everything beneath: `a` and `*/python` match `a/python/listing`.
pub(crate) fn selects(pattern: &str, name: &str) -> bool {
    let mut segments = name.split('/');
    pattern.split('/').all(|part| {
        segments
            .next()
            .is_some_and(|segment| matches(part, segment))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_star_stays_within_its_segment() {
        for (pattern, name) in [
            ("a", "a/python/x"),
            ("*/python", "a/python/x"),
            ("a/*/x", "a/python/x"),
            ("blo*-c*l", "blocking-call/java/x"),
            ("*", "a/python/x"),
        ] {
            assert!(selects(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("a*x", "a/python/x"),
            ("b", "a/python/x"),
            ("a/python/x/y", "a/python/x"),
            ("", "a/python/x"),
            ("a/", "a/python/x"),
            ("py", "python"),
        ] {
            assert!(!selects(pattern, name), "{pattern} {name}");
        }
    }

    proptest! {
        #[test]
        fn a_glob_agrees_with_its_regular_expression(pattern in "[ab*]{0,8}", text in "[ab]{0,8}") {
            let regex = format!(r"\A{}\z", pattern.replace('*', ".*"));
            let expected = regex::Regex::new(&regex).unwrap().is_match(&text);
            prop_assert_eq!(matches(&pattern, &text), expected);
        }
    }
}
