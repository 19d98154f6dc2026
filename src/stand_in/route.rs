//! Which route a path belongs to, and what the route captures from it.

use indexmap::IndexMap;

use crate::model::case::Route;
use crate::model::trace::Values;

/// The routes of a stand-in, by name.
#[derive(Debug)]
pub(super) struct Routes(pub(super) IndexMap<String, Route>);

impl Routes {
    /// The route that `path` (as the request spells it, without a query) matches, and its captures.
    ///
    /// If several match, the one with the fewest captures wins, and then the first.
    pub(super) fn find(&self, path: &str) -> Option<(&str, &Route, Values)> {
        let matches = self.0.iter().filter_map(|(name, route)| {
            captures(&route.path, path).map(|values| (name.as_str(), route, values))
        });
        matches.min_by_key(|(_, _, values)| values.len())
    }
}

/// What `pattern` captures from `path`; `None` where it does not match.
fn captures(pattern: &str, path: &str) -> Option<Values> {
    if pattern.split('/').count() != path.split('/').count() {
        return None;
    }
    let mut values = Values::new();
    for (wanted, found) in pattern.split('/').zip(path.split('/')) {
        // Decoded only after the split: an encoded slash is part of its segment.
        let found = percent_decoded(found);
        match capture(wanted) {
            Some(_) if found.is_empty() => return None,
            Some(name) => {
                values.insert(name.to_string(), found);
            }
            None if percent_decoded(wanted) != found => return None,
            None => {}
        }
    }
    Some(values)
}

fn capture(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

/// `%41` becomes `A`; what is no escape stays, what is not UTF-8 is replaced.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = match rest {
            [b'%', high, low, ..] => hexadecimal(*high).zip(hexadecimal(*low)),
            _ => None,
        };
        if let Some((high, low)) = escaped {
            bytes.push(high << 4 | low);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hexadecimal(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::model::case::Reply;

    fn found(paths: &[&str], path: &str) -> Option<(String, Vec<(String, String)>)> {
        let route = |path: &str| Route {
            path: path.into(),
            after: Duration::ZERO,
            reply: Reply::Never,
        };
        let routes = Routes(paths.iter().map(|p| ((*p).to_string(), route(p))).collect());
        routes.find(path).map(|(name, _, values)| {
            (
                name.into(),
                values
                    .iter()
                    .map(|(n, v)| (n.to_string(), v.to_string()))
                    .collect(),
            )
        })
    }

    fn captured(pattern: &str, path: &str) -> Option<Vec<(String, String)>> {
        found(&[pattern], path).map(|(_, values)| values)
    }

    fn pairs(of: &[(&str, &str)]) -> Option<Vec<(String, String)>> {
        let owned = of.iter().map(|(a, b)| ((*a).into(), (*b).into()));
        Some(owned.collect())
    }

    #[test]
    fn literal_segments_match_themselves_alone() {
        assert_eq!(captured("/data1", "/data1"), pairs(&[]));
        assert_eq!(captured("/", "/"), pairs(&[]));
        for other in ["/", "/data", "/data12", "/data1/", "/data1/x", "*", ""] {
            assert_eq!(captured("/data1", other), None, "{other}");
        }
    }

    #[test]
    fn a_capture_takes_one_whole_segment() {
        assert_eq!(captured("/users/{id}", "/users/7"), pairs(&[("id", "7")]));
        assert_eq!(
            captured("/{a}/x/{b}", "/1/x/2"),
            pairs(&[("a", "1"), ("b", "2")])
        );
        for other in ["/users", "/users/", "/users/7/8"] {
            assert_eq!(captured("/users/{id}", other), None, "{other}");
        }
    }

    #[test]
    fn captures_are_percent_decoded_segment_by_segment() {
        for (spelled, value) in [
            ("a%20b", "a b"),
            ("a%2Fb", "a/b"),
            ("%C3%A9", "é"),
            ("%FF", "\u{fffd}"),
            ("100%", "100%"),
            ("%4", "%4"),
            ("%zz", "%zz"),
            ("%+1", "%+1"),
        ] {
            assert_eq!(
                captured("/{x}", &format!("/{spelled}")),
                pairs(&[("x", value)])
            );
        }
    }

    #[test]
    fn literals_match_however_they_are_spelled() {
        assert_eq!(captured("/a-b", "/a%2Db"), pairs(&[]));
        assert_eq!(captured("/a%20b", "/a%20b"), pairs(&[]));
    }

    #[test]
    fn the_route_with_fewest_captures_wins_then_the_first() {
        let name = |paths: &[&str], path| found(paths, path).map(|(name, _)| name);
        let me = name(&["/users/{id}", "/users/me"], "/users/me");
        assert_eq!(me.as_deref(), Some("/users/me"));
        let first = name(&["/{a}/x", "/x/{b}"], "/x/x");
        assert_eq!(first.as_deref(), Some("/{a}/x"));
    }
}
