//! What a few lines of a source say: the loop around a line, and which names flow from one statement into another.
//!
//! It reads lines, indentation and words, as a person does who glances at code; it is no parser, and what it says is only
//! good enough to tell waits that clearly belong together from waits that do not.

use std::collections::BTreeSet;

use crate::toolchain::RuntimeProbe;

/// Methods that add something to what they are called on.
const ADDS: &[&str] = &["append(", "extend(", "add(", "push("];

/// How many lines a statement may have.
const LONGEST: usize = 12;

/// One source, by lines.
pub(super) struct Code<'r> {
    lines: Vec<&'r str>,
    probe: &'r RuntimeProbe,
}

/// The innermost loop around a line, within its function.
pub(super) struct Loop {
    /// Whether the number of its turns is known when it begins.
    pub(super) over_items: bool,
    /// Its lines, from the first of the body to the last; counted from 0.
    pub(super) body: std::ops::Range<usize>,
}

impl<'r> Code<'r> {
    pub(super) fn new(text: &'r str, probe: &'r RuntimeProbe) -> Code<'r> {
        Code {
            lines: text.lines().collect(),
            probe,
        }
    }

    /// The whole statement that a line, counted from 1, belongs to.
    pub(super) fn statement(&self, line: u32) -> String {
        let Some(mut first) = usize::try_from(line)
            .ok()
            .and_then(|line| line.checked_sub(1))
        else {
            return String::new();
        };
        let mut back = 0;
        while first > 0 && back < LONGEST && self.lines.get(first - 1).is_some_and(|l| goes_on(l)) {
            first -= 1;
            back += 1;
        }
        let mut text = String::new();
        let mut depth = 0_i32;
        for line in self.lines.iter().skip(first).take(LONGEST + back) {
            let line = without_strings(line, self.probe.comment);
            depth += line.chars().map(bracket).sum::<i32>();
            text.push_str(line.trim());
            text.push(' ');
            if depth <= i32::from(opens_block(&line)) {
                break;
            }
        }
        text
    }

    /// The innermost loop around a line, counted from 1, within its function.
    pub(super) fn loop_around(&self, line: u32) -> Option<Loop> {
        let at = usize::try_from(line).ok()?.checked_sub(1)?;
        let statement = self.statement(line);
        let may_stand_within = self.probe.is_open_loop.is_none();
        if may_stand_within && self.begins(&statement, self.probe.item_loop, true) {
            return Some(Loop {
                over_items: true,
                body: at..at + 1,
            });
        }
        let mut inner = indent(self.lines.get(at)?);
        for above in (0..at).rev() {
            let text = self.lines[above];
            if text.trim().is_empty() || indent(text) >= inner {
                continue;
            }
            inner = indent(text);
            let over_items = self.begins(text, self.probe.item_loop, false);
            if over_items || self.begins(text, self.probe.open_loop, false) {
                let is_open = self.probe.is_open_loop.is_some_and(|is_open| is_open(text));
                let over_items = over_items && !is_open;
                let body = above + 1..self.end_of_block(above);
                return Some(Loop { over_items, body });
            }
            if self.begins_function(text) {
                return None;
            }
        }
        None
    }

    /// Whether any loop around a line goes on until something stops it.
    pub(super) fn is_in_open_loop(&self, line: u32) -> bool {
        let mut at = line;
        // What is waited for by the first line of a loop is waited for in each turn.
        let head = (line as usize).checked_sub(1);
        if let Some(head) = head.and_then(|head| self.lines.get(head))
            && let Some(is_open) = self.probe.is_open_loop
            && self.begins(head, self.probe.item_loop, false)
            && is_open(head)
        {
            return true;
        }
        while let Some(around) = self.loop_around(at) {
            if !around.over_items {
                return true;
            }
            let head = u32::try_from(around.body.start).unwrap_or(0);
            if head == 0 || head >= at {
                return false;
            }
            at = head;
        }
        false
    }

    /// Whether one of these words stands in the body of a loop.
    pub(super) fn says(&self, around: &Loop, words: &[&str]) -> bool {
        let lines = self.lines.get(around.body.clone()).unwrap_or_default();
        lines.iter().any(|line| {
            let names = names(&without_strings(line, self.probe.comment));
            words.iter().any(|word| names.contains(*word))
        })
    }

    /// Whether the body of a loop contains this text.
    pub(super) fn contains(&self, around: &Loop, text: &str) -> bool {
        let lines = self.lines.get(around.body.clone()).unwrap_or_default();
        lines.iter().any(|line| line.contains(text))
    }

    /// Whether the function around a line says one of these words where it may get to from there.
    pub(super) fn says_later(&self, line: u32, words: &[&str]) -> bool {
        let at = (line as usize).saturating_sub(1);
        let end = self.end_of_function(at);
        let first = self.outermost_loop(line).unwrap_or(at + 1);
        let lines = self.lines.get(first..end).unwrap_or_default();
        let others = lines.iter().enumerate().filter(|(n, _)| first + n != at);
        let mut texts = others.map(|(_, text)| without_strings(text, self.probe.comment));
        texts.any(|text| words.iter().any(|word| text.contains(word)))
    }

    /// Where the body of the outermost loop around a line begins, counted from 0.
    fn outermost_loop(&self, line: u32) -> Option<usize> {
        let first = self.loop_around(line)?.body.start;
        let head = u32::try_from(first)
            .ok()
            .filter(|head| *head > 0 && *head < line);
        head.and_then(|head| self.outermost_loop(head))
            .or(Some(first))
    }

    fn end_of_function(&self, at: usize) -> usize {
        let above = self
            .lines
            .iter()
            .take(at)
            .rposition(|text| self.begins_function(text));
        above.map_or(self.lines.len(), |head| self.end_of_block(head).max(at + 1))
    }

    /// The lines of the block that a line begins, counted from 1.
    pub(super) fn block(&self, line: u32) -> std::ops::Range<u32> {
        let head = usize::try_from(line).unwrap_or(1).saturating_sub(1);
        let end = if head < self.lines.len() {
            self.end_of_block(head)
        } else {
            head
        };
        // After `lock.acquire()` there is no block: what follows, as far as it is indented alike, is taken for one.
        let end = if end <= head + 1 {
            self.end_of_block(head.saturating_sub(1)).max(end)
        } else {
            end
        };
        line + 1..u32::try_from(end + 1).unwrap_or(u32::MAX)
    }

    /// Whether errors are caught in a line or in the block that it begins.
    pub(super) fn catches_within(&self, line: u32) -> bool {
        let mut lines = (line..self.block(line).end).map(|line| line as usize - 1);
        lines.any(|at| {
            self.lines
                .get(at)
                .is_some_and(|text| text.contains("catch"))
        })
    }

    /// The names that the body of a loop gives values that come from what was waited for.
    pub(super) fn results_in(&self, around: &Loop) -> BTreeSet<String> {
        let mut from_waits = BTreeSet::new();
        // Twice: a name may be used above the line that sets it.
        for _ in 0..2 {
            for number in around.body.clone() {
                let statement = self.statement(u32::try_from(number + 1).unwrap_or(u32::MAX));
                let (set, value) = assignment(&statement);
                let read = names(value);
                let waits = read.contains(self.probe.wait_word);
                if waits || read.iter().any(|name| from_waits.contains(name)) {
                    from_waits.extend(set);
                }
            }
        }
        from_waits
    }

    /// The names that the statements from one line to before another set, if they come from the first.
    pub(super) fn flow(&self, from: u32, to: u32) -> BTreeSet<String> {
        let mut derived: BTreeSet<String> = assignment(&self.statement(from)).0;
        for line in from + 1..to {
            let statement = self.statement(line);
            let (set, value) = assignment(&statement);
            if names(value).iter().any(|name| derived.contains(name)) {
                derived.extend(set);
            }
        }
        derived
    }

    fn begins(&self, text: &str, word: &str, anywhere: bool) -> bool {
        let trimmed = text.trim_start();
        if anywhere {
            // A loop within an expression: `[await f(x) for x in xs]`.
            let waits = text.find(self.probe.wait_word);
            let loops = text.find(&format!(" {word} "));
            return waits.zip(loops).is_some_and(|(waits, loops)| waits < loops);
        }
        let plain = trimmed.strip_prefix("async ").unwrap_or(trimmed);
        plain
            .strip_prefix(word)
            .is_some_and(|rest| !rest.starts_with(is_name))
    }

    fn begins_function(&self, text: &str) -> bool {
        let text = text.trim_start();
        self.probe
            .function_words
            .iter()
            .any(|word| text.starts_with(word))
    }

    fn end_of_block(&self, head: usize) -> usize {
        let outer = indent(self.lines[head]);
        let after = self.lines.iter().enumerate().skip(head + 1);
        let mut ends = after.filter(|(_, line)| !line.trim().is_empty() && indent(line) <= outer);
        ends.next().map_or(self.lines.len(), |(number, _)| number)
    }
}

/// Whether a statement does not end with this line.
fn goes_on(line: &str) -> bool {
    let line = line.trim_end();
    line.ends_with(['(', '[', '{', ',', '\\', '=']) && !opens_block(line)
}

/// Whether a line ends with a brace that begins a block of statements, and not a value.
fn opens_block(line: &str) -> bool {
    let Some(before) = line.trim_end().strip_suffix('{') else {
        return false;
    };
    let head = before.trim_end();
    let is_value = head.ends_with(['=', '(', '[', ',', ':', '{'])
        || ["return", "yield"].iter().any(|word| head.ends_with(word))
        // `Point{`, as Go writes a value.
        || before.ends_with(is_name);
    !is_value
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn bracket(c: char) -> i32 {
    match c {
        '(' | '[' | '{' => 1,
        ')' | ']' | '}' => -1,
        _ => 0,
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// A line whose strings are emptied and whose comment is gone.
fn without_strings(line: &str, comment: &str) -> String {
    let mut text = String::new();
    let mut quote = None;
    for (at, c) in line.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '"' || c == '\'' || c == '`' => quote = Some(c),
            None if line[at..].starts_with(comment) => break,
            None => text.push(c),
        }
    }
    text
}

/// The names in a text, but for what follows a dot.
pub(super) fn names(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut word = String::new();
    let mut before = ' ';
    for c in text.chars().chain([' ']) {
        if is_name(c) {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            let name = std::mem::take(&mut word);
            if before != '.' && !name.starts_with(|c: char| c.is_ascii_digit()) {
                found.insert(name);
            }
        }
        if !c.is_whitespace() || before != '.' {
            before = c;
        }
    }
    found
}

/// The names that a statement sets, and the part of it that gives the value. What a method adds something to counts as set:
/// `out.append(…)`.
pub(super) fn assignment(statement: &str) -> (BTreeSet<String>, &str) {
    let mut depth = 0_i32;
    let bytes = statement.as_bytes();
    for (at, c) in statement.char_indices() {
        depth += bracket(c);
        let next = bytes.get(at + 1).copied().unwrap_or(b' ');
        let before = at.checked_sub(1).and_then(|at| bytes.get(at)).copied();
        let is_compared = next == b'=' || matches!(before, Some(b'=' | b'!' | b'<' | b'>'));
        if c == '=' && depth == 0 && !is_compared {
            let (left, right) = statement.split_at(at);
            return (names(left), &right[1..]);
        }
    }
    if let Some((receiver, rest)) = statement.split_once('.')
        && receiver.trim().chars().all(is_name)
        && let Some(value) = ADDS.iter().find_map(|adds| rest.strip_prefix(adds))
    {
        return (BTreeSet::from([receiver.trim().to_string()]), value);
    }
    match statement.rsplit_once(" as ") {
        Some((value, name)) => (names(name), value),
        None => (BTreeSet::new(), statement),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toolchain::RECIPES;

    const TEXT: &str = "\
async def main():
    out = []
    for url in urls:
        page = await get(
            url, 'while x')  # await
        out.append(page)
    while True:
        cursor = await next_page(cursor)
    return [await get(u) for u in urls]
";

    fn code() -> Code<'static> {
        let probe = RECIPES
            .iter()
            .find_map(|recipe| recipe.runtime_probe.as_ref());
        Code::new(TEXT, probe.unwrap())
    }

    #[test]
    fn the_loop_around_a_line_is_found_and_whether_its_turns_are_known() {
        let code = code();
        let over_items = |line| code.loop_around(line).map(|around| around.over_items);
        assert_eq!(
            [2, 4, 6, 8, 9].map(over_items),
            [None, Some(true), Some(true), Some(false), Some(true)]
        );
        assert!(code.is_in_open_loop(8) && !code.is_in_open_loop(4));
    }

    #[test]
    fn what_a_function_says_later_ends_with_it_and_begins_with_its_loop() {
        let text = "\
async fn main() {
    spawn(f());
    for n in 0..2 {
        tick().await;
        // await
        sleep().await;
    }
    println!(\"await\");
}
async fn f() {
    g().await;
}";
        let rust = RECIPES.iter().find(|recipe| recipe.language == "rust");
        let code = Code::new(
            text,
            rust.and_then(|recipe| recipe.runtime_probe.as_ref())
                .unwrap(),
        );
        let says = |line| code.says_later(line, &["await"]);
        assert_eq!([2, 6, 8, 11].map(says), [true, true, false, false]);
        // The next turn of an outer loop may wait, too.
        let text = "\
async fn main() {
    for batch in batches {
        join_all(started).await;
        for n in 0..2 {
            sleep().await;
        }
    }
}";
        let code = Code::new(text, code.probe);
        assert!(code.says_later(5, &["join"]));
    }

    #[test]
    fn what_begins_a_block_is_a_statement_of_its_own() {
        let probe = RECIPES
            .iter()
            .find_map(|recipe| recipe.runtime_probe.as_ref());
        let text = "\
async function handler() {
  const p = await prices({
    of: 1,
  });
  const s = await stock();
  await Promise.all(urls.map(async (url) => {
    await get(url);
  }));
  return { p, s };
}";
        let code = Code::new(text, probe.unwrap());
        for (line, statement) in [
            (1, "async function handler() {"),
            (2, "const p = await prices({ of: 1, });"),
            (3, "const p = await prices({ of: 1, });"),
            (5, "const s = await stock();"),
            (
                6,
                "await Promise.all(urls.map(async (url) => { await get(url); }));",
            ),
            (7, "await get(url);"),
            (9, "return { p, s };"),
        ] {
            assert_eq!(code.statement(line).trim(), statement);
        }
    }

    #[test]
    fn names_flow_from_what_was_waited_for() {
        let code = code();
        let results = code.results_in(&code.loop_around(4).unwrap());
        assert_eq!(Vec::from_iter(results), ["out", "page"]);
        assert_eq!(code.statement(4).trim(), "page = await get( url, )");
        assert_eq!(Vec::from_iter(code.flow(4, 7)), ["out", "page"]);
        assert_eq!(
            Vec::from_iter(names("a.b(c[1], d = e)")),
            ["a", "c", "d", "e"]
        );
        let (set, value) = assignment("a, b = f(x == 1)");
        assert_eq!(
            (Vec::from_iter(set), value.trim()),
            (vec!["a".to_string(), "b".into()], "f(x == 1)")
        );
    }
}
