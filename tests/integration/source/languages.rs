//! A language is one file and one line: nothing outside `src/toolchain` is named after one.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use repro::toolchain::RECIPES;
use syn::visit::{self, Visit};

use super::files::{Sources, library};

/// Crates with a language in their names.
const CRATES: &[&str] = &["rust_embed", "RustEmbed", "rustc_hash"];

/// The words of identifiers and the strings of a file; comments and attributes are left out.
pub fn words(file: &syn::File) -> BTreeSet<String> {
    let mut reader = Words::default();
    reader.visit_file(file);
    reader.0
}

#[derive(Default)]
struct Words(BTreeSet<String>);

impl Words {
    fn add_name(&mut self, name: &str) {
        if CRATES.contains(&name) {
            return;
        }
        let mut word = String::new();
        for c in name.chars() {
            if c == '_' || (c.is_uppercase() && word.ends_with(char::is_lowercase)) {
                self.0.insert(std::mem::take(&mut word).to_lowercase());
            }
            if c != '_' {
                word.push(c);
            }
        }
        self.0.insert(word.to_lowercase());
    }

    fn add_tokens(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => self.add_name(&ident.to_string()),
                TokenTree::Group(group) => self.add_tokens(group.stream()),
                TokenTree::Literal(literal) => {
                    if let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                        self.0.insert(text.value().to_lowercase());
                    }
                }
                TokenTree::Punct(_) => {}
            }
        }
    }
}

impl<'a> Visit<'a> for Words {
    fn visit_attribute(&mut self, _: &'a syn::Attribute) {}

    fn visit_ident(&mut self, ident: &'a proc_macro2::Ident) {
        self.add_name(&ident.to_string());
    }

    fn visit_lit_str(&mut self, text: &'a syn::LitStr) {
        self.0.insert(text.value().to_lowercase());
    }

    fn visit_macro(&mut self, call: &'a syn::Macro) {
        self.add_tokens(call.tokens.clone());
        visit::visit_macro(self, call);
    }
}

/// Every name of a language, of what implements it, and of what it is run with.
fn names() -> BTreeSet<String> {
    let of_recipe = RECIPES.iter().flat_map(|recipe| {
        let engines = recipe.engines.iter();
        let engines = engines.flat_map(|engine| [engine.implementations, engine.commands].concat());
        let language = [recipe.language].into_iter();
        language
            .chain(recipe.aliases.iter().copied())
            .chain(engines)
    });
    let managers = ["cargo", "npm", "pip"].into_iter();
    of_recipe.chain(managers).map(String::from).collect()
}

fn named(sources: &Sources) -> Vec<String> {
    let names = names();
    let files = sources.files.iter();
    let files = files.filter(|file| !file.path.starts_with("src/toolchain/"));
    let found = files.flat_map(|file| {
        let words = file.words.intersection(&names);
        words.map(|word| (&file.path, word))
    });
    found
        .map(|(path, word)| format!("{path}: {word}"))
        .collect()
}

#[test]
fn nothing_outside_its_recipe_is_named_after_a_language() {
    let found = named(library());
    assert!(found.is_empty(), "move it into the recipe: {found:#?}");
}

#[test]
fn a_language_is_found_in_identifiers_and_strings_and_not_in_comments() {
    let text = "/// As in python.\nfn java_home() { match x { \"Go\" => (), _ => say!(\"deno\", isBun) } } // rust\n\
                const HELP: &str = \"such as python@3\";";
    let sources = Sources::of(&[("src/lib.rs", text)]);
    let expected = ["bun", "deno", "go", "java"].map(|word| format!("src/lib.rs: {word}"));
    assert_eq!(named(&sources), expected);
}
