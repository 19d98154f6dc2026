//! What somebody may have meant whose pattern names no program: patterns that do, found by fragments and slips.

use indexmap::IndexMap;

use crate::model::case::Case;
use crate::spec::glob::{matches, selects};
use crate::spec::suggest::{did_you_mean, slip};

/// How many patterns are proposed, and how many programs of one are listed.
const MOST: usize = 4;

/// A hint for a pattern that names no program of these cases; `None` if nothing is like it.
pub(super) fn hint(pattern: &str, cases: &[Case]) -> Option<String> {
    let found = fitting(pattern, cases);
    if found.is_empty() {
        let collections = cases.iter().filter_map(|case| case.collection.as_deref());
        let known = cases.iter().map(|case| case.name.as_str());
        return did_you_mean(pattern, known.chain(collections).chain(["all"]));
    }
    let shown = found.iter().take(MOST).map(|one| described(one, cases));
    let mut shown: Vec<String> = shown.collect();
    if found.len() > MOST {
        shown.push(format!("one of {} others", found.len() - MOST));
    }
    let last = shown.pop()?;
    let first = shown.join(", ");
    let or = if first.is_empty() { "" } else { " or " };
    Some(format!("did you mean {first}{or}{last}?"))
}

/// A pattern, and what it names if that is not plain.
fn described(pattern: &str, cases: &[Case]) -> String {
    if !pattern.contains('*') {
        return format!("`{pattern}`");
    }
    let names = cases.iter().flat_map(names_of);
    let named: Vec<String> = names.filter(|name| selects(pattern, name)).collect();
    match named.as_slice() {
        [only] => format!("`{only}`"),
        few if few.len() <= MOST => format!("`'{pattern}'` ({})", few.join(", ")),
        many => format!("`'{pattern}'` ({} programs)", many.len()),
    }
}

fn names_of(case: &Case) -> impl Iterator<Item = String> {
    let programs = case.programs.iter();
    programs.map(|program| format!("{}/{}", case.name, program.name()))
}

/// How a segment may be like a name, the closest first; by how much it differs.
type Likeness = fn(segment: &str, name: &str) -> Option<usize>;

const LIKENESSES: [Likeness; 3] = [
    |segment, name| matches(segment, name).then_some(0),
    |segment, name| name.contains(segment).then_some(0),
    |segment, name| match segment {
        "*" => Some(0),
        _ => slip(segment, name),
    },
];

/// The patterns that are like this one: those that differ least, and of those the shortest.
fn fitting(pattern: &str, cases: &[Case]) -> Vec<String> {
    let segments: Vec<&str> = pattern.split('/').filter(|s| !s.is_empty()).collect();
    // Nobody means a program by more segments than it has, or mistypes so long a name.
    if !(1..=4).contains(&segments.len()) || pattern.len() > 200 {
        return Vec::new();
    }
    for likeness in LIKENESSES {
        let mut found: IndexMap<String, (usize, usize)> = IndexMap::new();
        for case in cases {
            for program in &case.programs {
                let levels = [&case.name, &program.language, &program.variant];
                let collection = case.collection.as_deref();
                if let Some((name, distance)) = aligned(&segments, collection, levels, likeness) {
                    let depth = name.split('/').count();
                    found.entry(name).or_insert((distance, depth));
                }
            }
        }
        let Some(least) = found.values().min().copied() else {
            continue;
        };
        found.retain(|_, rank| *rank == least);
        return found.into_keys().collect();
    }
    Vec::new()
}

/// The segments laid against the names of a program from left to right, each at the first that it is like: the pattern
/// that this makes, with `*` for what no segment names, and by how much it differs.
fn aligned(
    segments: &[&str],
    collection: Option<&str>,
    levels: [&String; 3],
    like: Likeness,
) -> Option<(String, usize)> {
    let mut rest = segments.iter().peekable();
    let mut distance = 0;
    let mut takes = |name: &str| {
        let by = like(rest.peek()?, name)?;
        distance += by;
        rest.next().copied()
    };
    let of_collection = collection.filter(|name| takes(name).is_some());
    if let (Some(collection), 1) = (of_collection, segments.len()) {
        return Some((collection.into(), distance));
    }
    let mut named = Vec::new();
    let mut taken = usize::from(of_collection.is_some());
    for (depth, level) in levels.into_iter().enumerate() {
        let segment = takes(level);
        taken += usize::from(segment.is_some());
        named.push(match segment {
            Some("*") => "*",
            Some(_) => level.as_str(),
            // The cases of a collection have to be named one by one.
            None if depth == 0 && of_collection.is_some() => level.as_str(),
            None => "*",
        });
        if taken == segments.len() {
            return Some((named.join("/"), distance));
        }
    }
    None
}
