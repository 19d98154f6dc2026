//! An article in Markdown: its fenced listings, each with its place and its sha256.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use crate::digest::sha256;

/// A fenced block of code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Counted from 1, over all fenced blocks of the article.
    pub number: usize,
    /// The first word after the fence, in lower case; empty if there is none.
    pub info: String,
    /// The text of the heading above it, if any.
    pub heading: Option<String>,
    /// The text of the paragraph right above it; empty if something else stands there.
    pub lead: String,
    /// Its first and last line in the article, counted from 1, without the fences.
    pub lines: (usize, usize),
    /// The text between the fences. It ends in exactly one newline: blank lines at its end are dropped.
    pub text: String,
    /// The SHA-256 of that text, in lower-case hexadecimal.
    pub sha256: String,
}

/// All fenced blocks, in order.
#[must_use]
pub fn listings(markdown: &str) -> Vec<Listing> {
    let mut found = Vec::new();
    let mut heading: Option<String> = None;
    let mut within_heading = false;
    let (mut lead, mut within_lead) = (String::new(), false);
    let mut block: Option<(String, String, Range<usize>)> = None;
    // Metadata between two lines of `---` at the top would else be read as a heading.
    let options = Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    for (event, place) in Parser::new_ext(markdown, options).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { .. }) => {
                within_heading = true;
                heading = Some(String::new());
                lead.clear();
            }
            Event::End(TagEnd::Heading(_)) => within_heading = false,
            Event::Start(Tag::Paragraph) => {
                within_lead = true;
                lead.clear();
            }
            Event::End(TagEnd::Paragraph) => within_lead = false,
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let word = info.split([' ', ',', '{']).next().unwrap_or_default();
                block = Some((word.to_lowercase(), String::new(), place));
            }
            Event::Text(text) | Event::Code(text) => match (&mut block, &mut heading) {
                (Some((_, code, _)), _) => code.push_str(&text),
                (None, Some(heading)) if within_heading => heading.push_str(&text),
                (None, _) if within_lead => lead.push_str(&text),
                _ => {}
            },
            Event::End(TagEnd::CodeBlock) => {
                let listing = block.take().map(|(info, code, place)| {
                    let lines = lines(markdown, &place, &code);
                    Listing {
                        heading: heading.clone(),
                        lead: std::mem::take(&mut lead),
                        ..listing(found.len() + 1, info, lines, &code)
                    }
                });
                found.extend(listing);
            }
            // Where a sentence goes on.
            Event::SoftBreak | Event::HardBreak => lead.push(' '),
            Event::Start(_)
            | Event::End(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::Html(_)
            | Event::InlineHtml(_)
            | Event::FootnoteReference(_)
            | Event::Rule
            | Event::TaskListMarker(_) => {}
        }
    }
    found
}

fn listing(number: usize, info: String, lines: (usize, usize), code: &str) -> Listing {
    let text = format!("{}\n", code.trim_end_matches(['\n', '\r']));
    let sha256 = sha256(text.as_bytes());
    Listing {
        number,
        info,
        heading: None,
        lead: String::new(),
        lines,
        text,
        sha256,
    }
}

/// The first and the last line of the code, without the fences.
fn lines(markdown: &str, place: &Range<usize>, code: &str) -> (usize, usize) {
    let fence = markdown[..place.start].matches('\n').count() + 1;
    (fence + 1, fence + code.matches('\n').count().max(1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_listing_has_its_heading_its_lines_and_one_newline_at_its_end() {
        let article = "---\ntitle: x\n---\n# One `two`\n\ntext\n\n```Python title=x\na = 1\n\n\n```\n\n    indented\n\n~~~\nb\n~~~\n";
        let found = listings(article);
        assert_eq!(found.len(), 2);
        let first = &found[0];
        assert_eq!(
            (first.number, first.info.as_str(), first.lines),
            (1, "python", (9, 11))
        );
        assert_eq!(first.heading.as_deref(), Some("One two"));
        assert_eq!(first.text, "a = 1\n");
        assert_eq!(first.sha256.len(), 64);
        assert_eq!(
            (found[1].number, found[1].info.as_str(), found[1].lines),
            (2, "", (17, 17))
        );
    }

    #[test]
    fn the_paragraph_above_a_listing_leads_to_it_and_an_older_one_does_not() {
        let found = listings(
            "It *should*\nprint:\n\n```\na\n```\n\n```\nb\n```\n\nold\n\n# new\n\n```\nc\n```\n",
        );
        let leads: Vec<&str> = found.iter().map(|listing| &*listing.lead).collect();
        assert_eq!(leads, ["It should print:", "", ""]);
    }

    #[test]
    fn a_fence_in_a_list_loses_its_indentation() {
        let found = listings("- item\n\n  ```js\n  x\n    y\n  ```\n");
        assert_eq!(found[0].text, "x\n  y\n");
    }

    proptest! {
        #[test]
        fn whatever_the_text_its_listings_stand_in_it(text in "[`~#a\\n {}é-]{0,80}") {
            let last = text.matches('\n').count() + 1;
            for listing in listings(&text) {
                prop_assert!(listing.lines.0 >= 1 && listing.lines.0 <= listing.lines.1);
                prop_assert!(listing.lines.1 <= last + 1);
                prop_assert!(listing.text.ends_with('\n'));
            }
        }
    }
}
