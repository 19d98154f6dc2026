//! Which kinds of lines begin and end the same thing, and what to call them.

use std::collections::{BTreeSet, HashSet};

use super::lines::{Hole, Kind, Line};

const STARTS: &str = "\
    start starts starting started begin begins beginning began launching launched entering entered \
    running opening opened acquiring acquired enter enters";
const ENDS: &str = "\
    done complete completes completed completing finish finishes finished finishing end ends ended \
    ending stopped stopping leaving left leave leaves closed closing released returned exiting exited";
/// What a line begins with that enters something, and what one that leaves it begins with.
const ARROWS: [(&str, &str); 4] = [("->", "<-"), ("→", "←"), (">>", "<<"), ("-->", "<--")];
/// Words that say nothing of what it is.
const EMPTY: &str = "\
    a an the for after in of to at on with is was has be s ms second seconds sec now";

/// Two kinds: the start and the end of one thing.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    /// The place of the first kind.
    pub from: usize,
    /// Of the second.
    pub to: usize,
    /// What it is.
    pub name: String,
    /// Whether the capture joins them.
    pub joined: bool,
}

/// The pairs that every trial bears out: as many starts as ends, and each start first.
pub(super) fn pairs(kinds: &[Kind]) -> Vec<Pair> {
    let signs: Vec<Signs> = kinds.iter().map(Signs::of).collect();
    let mut likely: Vec<(usize, usize, usize)> = Vec::new();
    for from in 0..kinds.len() {
        let ends = |to: &usize| *to != from && signs[from].begin_what_ends(&signs[*to]);
        for to in (0..kinds.len()).filter(ends) {
            if joined(&kinds[from], &kinds[to]).is_some() {
                likely.push((likeness(&kinds[from], &kinds[to]), from, to));
            }
        }
    }
    likely.retain(|(likeness, ..)| *likeness > 0);
    likely.sort_by_key(|(likeness, from, to)| (std::cmp::Reverse(*likeness), *from, *to));
    let mut taken = HashSet::new();
    let mut pairs: Vec<Pair> = Vec::new();
    for (_, from, to) in likely {
        if taken.contains(&from) || taken.contains(&to) {
            continue;
        }
        taken.extend([from, to]);
        pairs.push(Pair {
            from,
            to,
            name: String::new(),
            joined: joined(&kinds[from], &kinds[to]).unwrap_or(false),
        });
    }
    pairs.sort_by_key(|pair| pair.from);
    name(&mut pairs, kinds);
    pairs
}

/// What of a kind says that it begins or ends something.
struct Signs {
    starts: bool,
    ends: bool,
    /// `fetch` of `fetching`.
    goes_on: BTreeSet<String>,
    /// `fetch` of `fetched`.
    is_over: BTreeSet<String>,
    /// What stands before all words.
    mark: String,
}

impl Signs {
    fn of(kind: &Kind) -> Signs {
        let words = kind.words();
        let any = |verbs: &str| words.iter().any(|word| lists(verbs, word));
        let stems = |ending: &str| {
            let stems = words.iter().filter_map(|word| word.strip_suffix(ending));
            let stems = stems.filter(|stem| stem.chars().count() >= 3);
            stems.map(String::from).collect()
        };
        let mark = kind.pieces[0].split_whitespace().next().unwrap_or_default();
        Signs {
            starts: any(STARTS),
            ends: any(ENDS),
            goes_on: stems("ing"),
            is_over: stems("ed"),
            mark: mark.into(),
        }
    }

    fn begin_what_ends(&self, end: &Signs) -> bool {
        let arrows = (&*self.mark, &*end.mark);
        self.starts && end.ends
            || !self.goes_on.is_disjoint(&end.is_over)
            || ARROWS.contains(&arrows)
    }
}

/// Whether the capture joins them; `None` if the trials do not bear the pair out.
fn joined(from: &Kind, to: &Kind) -> Option<bool> {
    let named = |kind: &Kind| kind.holes.contains(&Hole::Names);
    if named(from) != named(to) || !from.is_single() || !to.is_single() {
        return None;
    }
    for (starts, ends) in from.seen.iter().zip(&to.seen) {
        if starts.len() != ends.len() {
            return None;
        }
        for start in starts {
            let same = |end: &&Line| from.name_of(start) == to.name_of(end);
            if ends.iter().find(same)?.place < start.place {
                return None;
            }
        }
    }
    Some(named(from))
}

/// A thousand times the share of words and numbers that are the same.
fn likeness(a: &Kind, b: &Kind) -> usize {
    let (a, b) = (marks(a), marks(b));
    let all = a.union(&b).count().max(1);
    // Two lines that say nothing but `start` and `done` are a pair as well.
    if a.is_empty() && b.is_empty() {
        1
    } else {
        1000 * a.intersection(&b).count() / all
    }
}

fn marks(kind: &Kind) -> BTreeSet<String> {
    let mut marks: BTreeSet<String> = subject(kind).into_iter().collect();
    marks.extend(kind.holes.iter().filter_map(|hole| match hole {
        Hole::Same(number) => Some(number.clone()),
        Hole::Names | Hole::Varies { .. } | Hole::Moment | Hole::Id => None,
    }));
    marks
}

fn lists(words: &str, word: &str) -> bool {
    words.split(' ').any(|listed| listed == word)
}

/// The words that say what it is.
fn subject(kind: &Kind) -> Vec<String> {
    let known = |word: &String| [STARTS, ENDS, EMPTY].iter().any(|words| lists(words, word));
    let words = kind.words().into_iter();
    words.filter(|word| !known(word)).collect()
}

fn name(pairs: &mut [Pair], kinds: &[Kind]) {
    let common = |pair: &Pair| -> Vec<String> {
        let end = subject(&kinds[pair.to]);
        let start = subject(&kinds[pair.from]).into_iter();
        start.filter(|word| end.contains(word)).collect()
    };
    let all: Vec<Vec<String>> = pairs.iter().map(common).collect();
    let everywhere = |word: &String| all.len() > 1 && all.iter().all(|words| words.contains(word));
    let mut taken = HashSet::new();
    for (pair, words) in pairs.iter_mut().zip(&all) {
        let own: Vec<String> = words.iter().filter(|w| !everywhere(w)).cloned().collect();
        let name = slug(if own.is_empty() { words } else { &own }, "task");
        pair.name = unique(name, &mut taken);
    }
}

/// A label for each kind: `task.start` and `task.done` for a pair, else its first words.
pub(super) fn labels(kinds: &[Kind], pairs: &[Pair]) -> Vec<String> {
    let mut taken = HashSet::new();
    let labels = kinds.iter().enumerate().map(|(at, kind)| {
        let start = pairs.iter().find(|pair| pair.from == at);
        let end = pairs.iter().find(|pair| pair.to == at);
        let label = match (start, end) {
            (Some(pair), _) => format!("{}.start", pair.name),
            (None, Some(pair)) => format!("{}.done", pair.name),
            (None, None) => slug(&kind.words(), "line"),
        };
        unique(label, &mut taken)
    });
    labels.collect()
}

/// Three words at most, as a label may be written.
fn slug(words: &[String], otherwise: &str) -> String {
    let clean = words.iter().map(|word| word.replace('_', "-"));
    let text = clean.take(3).collect::<Vec<_>>().join("-");
    let text: String = text.chars().take(40).collect();
    let text = text.trim_start_matches(|c: char| !c.is_ascii_lowercase());
    if text.is_empty() {
        otherwise.into()
    } else {
        text.trim_end_matches('-').into()
    }
}

fn unique(name: String, taken: &mut HashSet<String>) -> String {
    let numbered = (2..).map(|n| format!("{name}-{n}"));
    let mut names = std::iter::once(name.clone()).chain(numbered);
    let free = names.find(|name| !taken.contains(name)).unwrap_or(name);
    taken.insert(free.clone());
    free
}
