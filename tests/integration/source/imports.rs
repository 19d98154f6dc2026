//! Which file names what of which other file, whether in `use` or in a path, whatever re-exports lie between.

use std::collections::{BTreeSet, HashMap};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Item, ItemUse, UseTree};

use super::files::{Module, ModulePath, Sources};

/// A file names something that another file defines, or that is not of this crate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Import {
    /// Indices into `Sources::files`.
    pub from: usize,
    pub line: usize,
    /// As it is written there.
    pub name: String,
    pub to: Target,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    File(usize),
    /// A path that begins with the name of a crate, or that of a type of the prelude or a local name.
    External(String),
    /// A path that begins with `crate`, `self` or `super` and leads nowhere.
    Unknown,
}

/// Every import of every file, each name once a file.
pub fn imports(sources: &Sources) -> Vec<Import> {
    let mut imports = BTreeSet::new();
    for (path, module) in &sources.modules {
        for written in &module.scope.paths {
            let mut targets = sources.targets(path, written);
            targets.remove(&Target::File(module.file));
            imports.extend(targets.into_iter().map(|to| Import {
                from: module.file,
                line: written.line,
                name: written.segments.join("::"),
                to,
            }));
        }
    }
    let mut imports: Vec<Import> = imports.into_iter().collect();
    imports.dedup_by(|a, b| (a.from, &a.name, &a.to) == (b.from, &b.name, &b.to));
    imports
}

/// A path as it is written. That of `use a::*` ends in `*`.
#[derive(Debug, Clone)]
struct Written {
    segments: Vec<String>,
    line: usize,
    /// `::a::b` names a crate.
    is_global: bool,
}

enum Named {
    Item,
    Module,
    Import(Written),
}

/// What a module's names stand for.
#[derive(Default)]
pub struct Scope {
    names: HashMap<String, Vec<Named>>,
    globs: Vec<Written>,
    /// Every path in it.
    paths: Vec<Written>,
}

#[derive(Debug, Clone, PartialEq)]
enum Found {
    Module(ModulePath),
    /// Defined in this module.
    Item(ModulePath),
    External(Vec<String>),
}

/// Paths lead round in circles where modules import each other's names; none needs more steps than this.
const MOST_STEPS: usize = 32;

impl Sources {
    fn targets(&self, at: &[String], written: &Written) -> BTreeSet<Target> {
        let found = self.resolve(at, written, MOST_STEPS);
        if found.is_empty() {
            return BTreeSet::from([Target::Unknown]);
        }
        let target = |found: Found| match found {
            Found::Item(module) => Some(Target::File(self.modules[&module].file)),
            Found::External(segments) => Some(Target::External(segments.join("::"))),
            // Its file is named only if it defines something.
            Found::Module(module) => {
                let file = self.modules[&module].file;
                (!self.files[file].only_declares).then_some(Target::File(file))
            }
        };
        found.into_iter().filter_map(target).collect()
    }

    /// All that a path stands for: a module and a function may share a name.
    fn resolve(&self, at: &[String], written: &Written, steps: usize) -> Vec<Found> {
        let mut segments = &written.segments[..];
        if segments.last().is_some_and(|last| last == "*") {
            segments = &segments[..segments.len() - 1];
        }
        let external = || vec![Found::External(segments.to_vec())];
        let Some((first, rest)) = segments.split_first() else {
            return Vec::new();
        };
        match first.as_str() {
            _ if written.is_global => external(),
            "crate" => self.walk(Vec::new(), rest, steps),
            "self" => self.walk(at.to_vec(), rest, steps),
            "super" => self.walk(at.to_vec(), segments, steps),
            name => {
                let found = self.lookup(at, name, steps);
                if found.is_empty() {
                    return external();
                }
                self.walk_on(found, rest, steps)
            }
        }
    }

    fn walk(&self, at: ModulePath, segments: &[String], steps: usize) -> Vec<Found> {
        let Some((first, rest)) = segments.split_first() else {
            return vec![Found::Module(at)];
        };
        match first.as_str() {
            "super" if at.is_empty() => Vec::new(),
            "super" => self.walk(at[..at.len() - 1].to_vec(), rest, steps),
            "self" => self.walk(at, rest, steps),
            name => {
                let mut found = self.lookup(&at, name, steps);
                // A function may have the name of a module: what has more names after it is the module.
                let is_module = |found: &Found| matches!(found, Found::Module(_));
                if !rest.is_empty() && found.iter().any(is_module) {
                    found.retain(is_module);
                }
                self.walk_on(found, rest, steps)
            }
        }
    }

    fn walk_on(&self, found: Vec<Found>, rest: &[String], steps: usize) -> Vec<Found> {
        let on = |found: Found| match found {
            Found::Module(module) => self.walk(module, rest, steps),
            Found::Item(module) => vec![Found::Item(module)],
            Found::External(path) => vec![Found::External([&path, rest].concat())],
        };
        found.into_iter().flat_map(on).collect()
    }

    fn lookup(&self, at: &[String], name: &str, steps: usize) -> Vec<Found> {
        let (Some(Module { scope, .. }), Some(steps)) =
            (self.modules.get(at), steps.checked_sub(1))
        else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for named in scope.names.get(name).into_iter().flatten() {
            match named {
                Named::Item => found.push(Found::Item(at.to_vec())),
                Named::Module => found.push(Found::Module([at, &[name.to_owned()]].concat())),
                // `use std::fs` gives a name to itself when it is looked up here.
                Named::Import(written) if written.segments[0] == name => {
                    found.push(Found::External(written.segments.clone()));
                }
                Named::Import(written) => found.extend(self.resolve(at, written, steps)),
            }
        }
        if found.is_empty() {
            for glob in &scope.globs {
                let modules = self.resolve(at, glob, steps);
                for module in modules {
                    if let Found::Module(module) = module {
                        found.extend(self.lookup(&module, name, steps));
                    }
                }
            }
        }
        found
    }
}

impl Scope {
    /// What stands in a module itself; modules in braces have scopes of their own.
    pub fn of(items: &[Item]) -> Scope {
        let mut reader = Reader::default();
        for item in items {
            let (name, named) = match item {
                Item::Mod(module) => (Some(module.ident.to_string()), Named::Module),
                item => (defined(item), Named::Item),
            };
            if let Some(name) = name {
                reader.scope.names.entry(name).or_default().push(named);
            }
            if !matches!(item, Item::Mod(_)) {
                reader.visit_item(item);
            }
        }
        reader.scope
    }
}

fn defined(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::TraitAlias(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

/// Collects paths. What a function imports counts as imported by its module.
#[derive(Default)]
struct Reader {
    scope: Scope,
}

impl Reader {
    fn import(&mut self, before: &[String], tree: &UseTree, is_global: bool) {
        let with = |ident: &syn::Ident| Written {
            segments: [before, &[ident.to_string()]].concat(),
            line: ident.span().start().line,
            is_global,
        };
        match tree {
            UseTree::Path(path) => self.import(&with(&path.ident).segments, &path.tree, is_global),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(before, tree, is_global);
                }
            }
            UseTree::Glob(glob) => {
                let glob = Written {
                    segments: [before, &["*".to_owned()]].concat(),
                    line: glob.star_token.spans[0].start().line,
                    is_global,
                };
                self.scope.globs.push(glob.clone());
                self.scope.paths.push(glob);
            }
            UseTree::Name(name) => self.named(&name.ident, with(&name.ident)),
            UseTree::Rename(rename) => self.named(&rename.rename, with(&rename.ident)),
        }
    }

    fn named(&mut self, name: &syn::Ident, mut written: Written) {
        let mut name = name.to_string();
        // `use a::b::{self}` imports `a::b`.
        if written.segments.last().is_some_and(|last| last == "self") {
            written.segments.pop();
            if name == "self" {
                name = written.segments.last().cloned().unwrap_or_default();
            }
        }
        let names = self.scope.names.entry(name).or_default();
        names.push(Named::Import(written.clone()));
        self.scope.paths.push(written);
    }

    /// Paths of two segments or more among tokens that are not parsed: those of macros and attributes.
    fn read_tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let (mut colons, mut line) = (0, 0);
        for token in tokens {
            match &token {
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        self.finish(&mut path, line);
                    }
                    line = ident.span().start().line;
                    path.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                TokenTree::Group(group) => {
                    self.finish(&mut path, line);
                    self.read_tokens(group.stream());
                }
                TokenTree::Literal(literal) => {
                    self.finish(&mut path, line);
                    self.read_literal(&literal.to_string());
                }
                TokenTree::Punct(_) => self.finish(&mut path, line),
            }
        }
        self.finish(&mut path, line);
    }

    /// `#[serde(with = "crate::a::b")]` names a path in a string.
    fn read_literal(&mut self, literal: &str) {
        let text = literal.trim_matches('"');
        let is_path = text.contains("::")
            && text
                .chars()
                .all(|c| c.is_alphanumeric() || "_:".contains(c));
        if let (true, Ok(tokens)) = (is_path, text.parse()) {
            self.read_tokens(tokens);
        }
    }

    fn finish(&mut self, path: &mut Vec<String>, line: usize) {
        let segments = std::mem::take(path);
        if segments.len() > 1 {
            self.scope.paths.push(Written {
                segments,
                line,
                is_global: false,
            });
        }
    }
}

impl<'a> Visit<'a> for Reader {
    fn visit_item_use(&mut self, item: &'a ItemUse) {
        self.import(&[], &item.tree, item.leading_colon.is_some());
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        self.scope.paths.push(Written {
            segments: path.segments.iter().map(|s| s.ident.to_string()).collect(),
            line: path.segments[0].ident.span().start().line,
            is_global: path.leading_colon.is_some(),
        });
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'a syn::Macro) {
        self.visit_path(&call.path);
        self.read_tokens(call.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &'a syn::Attribute) {
        let is_doc = attribute.path().is_ident("doc");
        if let (false, syn::Meta::List(list)) = (is_doc, &attribute.meta) {
            self.read_tokens(list.tokens.clone());
        }
    }

    fn visit_visibility(&mut self, _: &'a syn::Visibility) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the second file names, with the files that define it.
    fn of_second(files: &[(&str, &str)]) -> Vec<(String, String)> {
        let sources = Sources::of(files);
        let path = |to: &Target| match to {
            Target::File(file) => sources.files[*file].path.clone(),
            Target::External(path) => format!("extern {path}"),
            Target::Unknown => "nothing".to_owned(),
        };
        let second = sources.files.iter().position(|f| f.path == files[1].0);
        let imports = imports(&sources).into_iter();
        let mut own: Vec<_> = imports
            .filter(|import| Some(import.from) == second)
            .map(|import| (import.name, path(&import.to)))
            .collect();
        own.sort();
        own
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        let own = |(a, b): &(&str, &str)| ((*a).to_owned(), (*b).to_owned());
        expected.iter().map(own).collect()
    }

    const LIB: (&str, &str) = ("src/lib.rs", "pub mod a;\npub mod b;\n");

    #[test]
    fn a_re_export_leads_to_the_file_that_defines() {
        let found = of_second(&[
            LIB,
            (
                "src/b.rs",
                "use crate::a::{Thing, deep::{self, other}};\nfn f() { deep::more(); }",
            ),
            (
                "src/a/mod.rs",
                "mod thing;\npub mod deep;\npub use thing::Thing;",
            ),
            ("src/a/thing.rs", "pub struct Thing;"),
            ("src/a/deep/mod.rs", "mod x;\npub use self::x::*;"),
            ("src/a/deep/x.rs", "pub fn other() {}\npub fn more() {}"),
        ]);
        let expected = [
            ("crate::a::Thing", "src/a/thing.rs"),
            ("crate::a::deep::other", "src/a/deep/x.rs"),
            ("deep::more", "src/a/deep/x.rs"),
        ];
        assert_eq!(found, pairs(&expected));
    }

    #[test]
    fn relative_paths_are_followed_from_nested_modules_too() {
        let found = of_second(&[
            ("src/lib.rs", "pub mod a;"),
            (
                "src/a/b.rs",
                "use super::c::One;\nmod inner {\n    use super::super::c::Two;\n    fn f() { self::own(); crate::a::c::three(); }\n    fn own() {}\n}",
            ),
            ("src/a/mod.rs", "mod b;\nmod c;"),
            (
                "src/a/c.rs",
                "pub struct One;\npub struct Two;\npub fn three() {}",
            ),
        ]);
        let expected = [
            ("crate::a::c::three", "src/a/c.rs"),
            ("super::c::One", "src/a/c.rs"),
            ("super::super::c::Two", "src/a/c.rs"),
        ];
        assert_eq!(found, pairs(&expected));
    }

    #[test]
    fn macros_and_attributes_name_files_too() {
        let found = of_second(&[
            LIB,
            (
                "src/b.rs",
                "fn f() { println!(\"{}\", crate::a::g()); }\n#[derive(Serialize)]\nstruct S { #[serde(with = \"crate::a\")] x: u8 }",
            ),
            ("src/a.rs", "pub fn g() {}"),
        ]);
        let expected = [
            ("crate::a", "src/a.rs"),
            ("crate::a::g", "src/a.rs"),
            ("println", "extern println"),
            ("u8", "extern u8"),
        ];
        assert_eq!(found, pairs(&expected));
    }

    #[test]
    fn other_crates_are_told_by_their_whole_paths() {
        let found = of_second(&[
            LIB,
            (
                "src/b.rs",
                "use std::{fs, time};\nfn f() { fs::read(); time::Instant::now(); std::env::var(); }",
            ),
            ("src/a.rs", ""),
        ]);
        let expected = [
            ("fs::read", "extern std::fs::read"),
            ("std::env::var", "extern std::env::var"),
            ("std::fs", "extern std::fs"),
            ("std::time", "extern std::time"),
            ("time::Instant::now", "extern std::time::Instant::now"),
        ];
        assert_eq!(found, pairs(&expected));
    }

    #[test]
    fn a_path_of_this_crate_that_leads_nowhere_is_told() {
        let found = of_second(&[LIB, ("src/b.rs", "use crate::a::gone;"), ("src/a.rs", "")]);
        assert_eq!(found, pairs(&[("crate::a::gone", "nothing")]));
    }
}
