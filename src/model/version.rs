//! Version strings as runtimes really print them, and ranges of them.
//!
//! Real strings (`3.13.0rc1`, `21`, `go1.22`, `1.8.0_402`) do not parse as semantic versions, so
//! they compare by their numeric parts: a missing part is 0, a pre-release stands below its release.

use std::cmp::Ordering;
use std::fmt;

/// A version as the running interpreter told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    text: String,
    parts: Vec<u64>,
    pre: Option<(Pre, u64)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Pre {
    EarlyAccess,
    Alpha,
    Beta,
    Candidate,
}

impl Version {
    /// Reads the first number found in `text` and the dotted parts after it; `None` without a digit.
    #[must_use]
    pub fn parse(text: &str) -> Option<Version> {
        let text = text.trim();
        let start = text.find(|c: char| c.is_ascii_digit())?;
        let mut rest = &text[start..];
        let mut parts = Vec::new();
        loop {
            let end = rest
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(rest.len());
            parts.push(rest[..end].parse().ok()?);
            rest = &rest[end..];
            let next = rest
                .strip_prefix(['.', '_'])
                .filter(|r| r.starts_with(|c: char| c.is_ascii_digit()));
            match next {
                Some(next) => rest = next,
                None => break,
            }
        }
        Some(Version {
            text: text[start..].to_string(),
            parts,
            pre: pre_release(rest),
        })
    }

    /// This version without a leading `1.` before a part of at most 8, for languages that dropped it later:
    /// `1.8.0_402` becomes 8.
    #[must_use]
    pub fn without_leading_one(mut self) -> Version {
        if matches!(self.parts[..], [1, 0..=8, ..]) {
            self.parts.remove(0);
        }
        self
    }

    /// The first two parts, a missing one 0: `(1, 26)` of `1.26.8`.
    #[must_use]
    pub fn release(&self) -> Option<(u64, u64)> {
        let major = self.parts.first()?;
        Some((*major, self.parts.get(1).copied().unwrap_or(0)))
    }

    /// Whether `prefix` names this version or a family it belongs to: `3.12` names `3.12.1`.
    #[must_use]
    pub fn is_in_family(&self, prefix: &Version) -> bool {
        let part = |v: &Version, i: usize| v.parts.get(i).copied().unwrap_or(0);
        (0..prefix.parts.len()).all(|i| part(self, i) == part(prefix, i))
            && (prefix.pre.is_none() || prefix.pre == self.pre)
    }
}

fn pre_release(rest: &str) -> Option<(Pre, u64)> {
    let rest = rest.trim_start_matches(['-', '.', '+']);
    let letters: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
    let pre = match letters.as_str() {
        "ea" => Pre::EarlyAccess,
        "a" | "alpha" => Pre::Alpha,
        "b" | "beta" => Pre::Beta,
        "rc" => Pre::Candidate,
        _ => return None,
    };
    let number: String = rest[letters.len()..]
        .trim_start_matches('.')
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    Some((pre, number.parse().unwrap_or(0)))
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let longest = self.parts.len().max(other.parts.len());
        let part = |v: &Version, i: usize| v.parts.get(i).copied().unwrap_or(0);
        let numbers = (0..longest).map(|i| part(self, i).cmp(&part(other, i)));
        let numbers = numbers.fold(Ordering::Equal, Ordering::then);
        // A release stands above each of its pre-releases.
        let pre = match (self.pre, other.pre) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(a), Some(b)) => a.cmp(&b),
        };
        Some(numbers.then(pre))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A range such as `>=3.9` or `>=18, <23`: every bound must hold; or `*`, which has none.
#[derive(Debug, Clone, PartialEq)]
pub struct VersionRange {
    /// The range as it was written.
    pub text: String,
    bounds: Vec<(Bound, Version)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    Less,
    AtMost,
    Exactly,
    AtLeast,
    More,
}

impl VersionRange {
    /// Reads bounds separated by commas, each an operator (`<`, `<=`, `=`, `>=`, `>`) and a version; or `*`.
    ///
    /// # Errors
    /// A sentence that names the bound which cannot be read and shows one that can.
    pub fn parse(text: &str) -> Result<VersionRange, String> {
        if text.trim() == "*" {
            return Ok(VersionRange {
                text: "*".into(),
                bounds: Vec::new(),
            });
        }
        let bounds = text.split(',').map(|bound| {
            let bound = bound.trim();
            let unreadable =
                || format!("`{bound}` is not a version bound: write one such as `>=3.9` or `<23`");
            let operators = [
                ("<=", Bound::AtMost),
                (">=", Bound::AtLeast),
                ("<", Bound::Less),
                (">", Bound::More),
                ("=", Bound::Exactly),
            ];
            let (kind, version) = operators
                .into_iter()
                .find_map(|(sign, kind)| bound.strip_prefix(sign).map(|v| (kind, v.trim())))
                .ok_or_else(unreadable)?;
            let digits_first = version.starts_with(|c: char| c.is_ascii_digit());
            let version = digits_first.then(|| Version::parse(version)).flatten();
            Ok((kind, version.ok_or_else(unreadable)?))
        });
        Ok(VersionRange {
            text: text.trim().to_string(),
            bounds: bounds.collect::<Result<_, String>>()?,
        })
    }

    /// Whether `version` lies within every bound.
    #[must_use]
    pub fn contains(&self, version: &Version) -> bool {
        self.holds(Some(version))
    }

    /// The same of a version that may be unknown, which lies within no bound.
    #[must_use]
    pub fn holds(&self, version: Option<&Version>) -> bool {
        let within = |version: &Version, (bound, limit): &(Bound, Version)| match bound {
            Bound::Less => version < limit,
            Bound::AtMost => version <= limit,
            Bound::Exactly => version.is_in_family(limit),
            Bound::AtLeast => version >= limit,
            Bound::More => version > limit,
        };
        let mut bounds = self.bounds.iter();
        bounds.all(|bound| version.is_some_and(|version| within(version, bound)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v(text: &str) -> Version {
        Version::parse(text).unwrap()
    }

    #[test]
    fn versions_of_real_runtimes_are_ordered() {
        for (lower, higher) in [
            ("3.9.18", "3.10.0"),
            ("3.13.0rc1", "3.13.0"),
            ("3.13.0a4", "3.13.0b1"),
            ("v18.20.1", "v20.0.0"),
            ("go1.22", "go1.22.1"),
            ("25-ea", "25"),
            ("1.95.0-nightly", "1.96.0"),
        ] {
            assert!(v(lower) < v(higher), "{lower} < {higher}");
        }
        assert!(v("21") >= v("21.0.0") && v("21") <= v("21.0.0"));
    }

    #[test]
    fn a_leading_one_is_dropped_from_versions_up_to_eight() {
        let bare = |text| v(text).without_leading_one();
        assert!(bare("1.8.0_402") < bare("9"));
        assert!(bare("1.8.0_402").is_in_family(&v("8")));
        for whole in ["1", "1.9", "2.3"] {
            assert_eq!(bare(whole), v(whole));
        }
    }

    #[test]
    fn text_without_a_digit_is_no_version() {
        assert_eq!(Version::parse("command not found"), None);
    }

    #[test]
    fn a_range_holds_only_within_all_its_bounds() {
        let range = VersionRange::parse(">=18, <23").unwrap();
        assert!(range.contains(&v("v18.0.0")) && range.contains(&v("22.9")));
        assert!(!range.contains(&v("16.20.2")) && !range.contains(&v("23.0.0")));
        assert!(VersionRange::parse("=3.12").unwrap().contains(&v("3.12.1")));
    }

    #[test]
    fn a_bad_range_says_what_would_be_good() {
        for bad in ["", "3.9", ">=", ">=x", ">=3.9,,"] {
            assert!(
                VersionRange::parse(bad).unwrap_err().contains(">=3.9"),
                "{bad}"
            );
        }
    }
}
