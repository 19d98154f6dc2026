//! The documents: their links lead somewhere, and DESIGN.md stays a map whose places exist.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a document has many kinds of element, and each check is about a few"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

const MOST_LINES_OF_THE_MAP: usize = 250;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every document for people, from the root of the repository.
fn documents() -> Vec<PathBuf> {
    let folders = [repository().to_path_buf(), repository().join("docs")];
    let files = folders
        .iter()
        .flat_map(|folder| fs::read_dir(folder).unwrap());
    let files = files.map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect()
}

/// The links of a document, and the anchors that its headings make on GitHub.
fn links_and_anchors(text: &str) -> (Vec<String>, BTreeSet<String>) {
    let (mut links, mut anchors) = (Vec::new(), BTreeSet::new());
    let mut heading: Option<String> = None;
    for event in Parser::new(text) {
        match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                links.push(dest_url.into_string());
            }
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                anchors.insert(anchor(&heading.take().unwrap_or_default()));
            }
            Event::Text(part) | Event::Code(part) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&part);
                }
            }
            _ => {}
        }
    }
    (links, anchors)
}

fn anchor(heading: &str) -> String {
    let lower = heading.to_lowercase().replace(' ', "-");
    lower
        .chars()
        .filter(|c| c.is_alphanumeric() || "-_".contains(*c))
        .collect()
}

/// Why a link of a document leads nowhere.
fn broken(document: &Path, link: &str) -> Option<String> {
    if link.contains("://") || link.starts_with("mailto:") {
        return None;
    }
    let (path, wanted) = link
        .split_once('#')
        .map_or((link, None), |(p, a)| (p, Some(a)));
    let target = if path.is_empty() {
        document.to_path_buf()
    } else {
        document.parent().unwrap().join(path)
    };
    if !target.exists() {
        return Some(format!("{}: {link} leads nowhere", document.display()));
    }
    let wanted = wanted?;
    let (_, anchors) = links_and_anchors(&fs::read_to_string(&target).unwrap());
    let is_there = anchors.contains(wanted);
    (!is_there).then(|| format!("{}: no heading for {link}", document.display()))
}

#[test]
fn every_link_of_a_document_leads_somewhere() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for document in documents() {
        let (links, _) = links_and_anchors(&fs::read_to_string(&document).unwrap());
        count += links.len();
        wrong.extend(links.iter().filter_map(|link| broken(&document, link)));
    }
    assert!(count > 30, "links are found");
    assert!(wrong.is_empty(), "{wrong:#?}");
    let design = repository().join("DESIGN.md");
    assert!(broken(&design, "docs/gone.md").is_some());
    assert!(broken(&design, "#gone").is_some());
}

/// The second part of a document, between a heading and the next.
fn section<'t>(text: &'t str, heading: &str) -> &'t str {
    let (_, rest) = text.split_once(heading).expect(heading);
    rest.split("\n## ").next().unwrap()
}

/// What stands between backquotes.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

#[test]
fn the_map_is_short_and_names_every_room_in_its_order() {
    let design = fs::read_to_string(repository().join("DESIGN.md")).unwrap();
    let lines = design.lines().count();
    assert!(
        lines <= MOST_LINES_OF_THE_MAP,
        "DESIGN.md has {lines} lines"
    );
    let lib = fs::read_to_string(repository().join("src/lib.rs")).unwrap();
    let rooms: Vec<&str> = lib
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .collect();
    let rows = section(&design, "## The flow").lines();
    let named: Vec<&str> = rows
        .filter_map(|row| row.strip_prefix("| `")?.split('`').next())
        .collect();
    assert_eq!(named, rooms, "the table of rooms and src/lib.rs");
}

#[test]
fn the_places_where_a_change_goes_exist() {
    let design = fs::read_to_string(repository().join("DESIGN.md")).unwrap();
    let rows = section(&design, "## Where a change goes").lines();
    let rows: Vec<&str> = rows.filter(|row| row.contains('`')).collect();
    assert!(rows.len() >= 10, "ten kinds of change: {rows:#?}");
    for row in rows {
        let cells: Vec<&str> = row.split('|').collect();
        let places = quoted(cells[2])
            .into_iter()
            .filter(|word| word.contains('/'));
        let places: Vec<&str> = places.collect();
        assert!(!places.is_empty(), "{row}");
        for place in places {
            assert!(
                repository().join(place).exists(),
                "there is no {place}: {row}"
            );
        }
    }
}

#[test]
fn fenced_toml_of_the_reference_can_be_parsed() {
    let text = fs::read_to_string(repository().join("docs/case-format.md")).unwrap();
    let mut is_toml = false;
    let mut parsed = 0;
    for event in Parser::new(&text) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(kind))) => is_toml = &*kind == "toml",
            Event::Text(block) if is_toml => {
                if let Err(error) = block.parse::<toml::Table>() {
                    panic!("{error}\n{block}");
                }
                parsed += 1;
            }
            Event::End(TagEnd::CodeBlock) => is_toml = false,
            _ => {}
        }
    }
    assert!(parsed >= 2);
}
