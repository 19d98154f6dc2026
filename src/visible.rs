//! Text of unknown origin, made fit to be shown: nothing in it can move a cursor.

use std::fmt::Write as _;

/// `text` with everything visible that a terminal would act on: control characters, and those that
/// turn the direction of writing or take no room.
#[must_use]
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            '\0'..='\x1f' | '\x7f' => push(&mut shown, format_args!("\\x{:02x}", c as u32)),
            _ if is_hidden(c) => push(&mut shown, format_args!("\\u{{{:x}}}", c as u32)),
            _ => shown.push(c),
        }
    }
    shown
}

/// `text` with another character in the place of each beyond ASCII that acts, of as many bytes, so that places in it stay
/// what they are.
#[must_use]
pub fn masked(text: &str) -> String {
    let mask = |c: char| match c.len_utf8() {
        2 => '\u{bf}',
        3 => '\u{fffd}',
        _ => '\u{1f6c7}',
    };
    text.chars()
        .map(|c| if is_hidden(c) { mask(c) } else { c })
        .collect()
}

fn push(text: &mut String, what: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = text.write_fmt(what);
}

/// Characters beyond ASCII that act instead of showing. The joiners U+200C and U+200D stay: scripts
/// and emoji need them.
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{200b}'
        | '\u{200e}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        // XML has no place for these two.
        | '\u{fffe}'..='\u{ffff}'
        | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_act_on_is_shown() {
        assert_eq!(visible("\x1b[31mred\x1b[0m"), "\\x1b[31mred\\x1b[0m");
        assert_eq!(visible("a\tb\r\nc\0\x7f"), "a\\tb\\r\\nc\\x00\\x7f");
        assert_eq!(visible("\u{202e}evil\u{9b}2J"), "\\u{202e}evil\\u{9b}2J");
        assert_eq!(visible("日本 é 👩‍💻"), "日本 é 👩‍💻");
        assert_eq!(visible("\u{fffe}\u{ffff}"), "\\u{fffe}\\u{ffff}");
    }

    #[test]
    fn a_mask_takes_as_many_bytes() {
        let text = "a\u{9b}é\u{202e}日\u{e0001}\n";
        let masked = masked(text);
        assert_eq!(masked, "a¿é\u{fffd}日🛇\n");
        let places = |text: &str| text.char_indices().map(|(at, _)| at).collect::<Vec<_>>();
        assert_eq!(places(&masked), places(text));
    }
}
