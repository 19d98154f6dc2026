//! The functions of a file with their lengths, and the macros that it calls.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

pub struct Function {
    pub name: String,
    pub line: usize,
    /// From its signature to its last brace, blank lines and comments with them.
    pub lines: usize,
}

/// Every function with a body; closures are part of theirs.
pub fn functions(file: &syn::File) -> Vec<Function> {
    let mut reader = Reader(Vec::new());
    reader.visit_file(file);
    reader.0
}

struct Reader(Vec<Function>);

impl Reader {
    fn add(&mut self, signature: &syn::Signature, end: Span) {
        let line = signature.span().start().line;
        self.0.push(Function {
            name: signature.ident.to_string(),
            line,
            lines: end.end().line - line + 1,
        });
    }
}

impl<'a> Visit<'a> for Reader {
    fn visit_item_fn(&mut self, function: &'a syn::ItemFn) {
        self.add(&function.sig, function.block.span());
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'a syn::ImplItemFn) {
        self.add(&function.sig, function.block.span());
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'a syn::TraitItemFn) {
        if let Some(block) = &function.default {
            self.add(&function.sig, block.span());
        }
        visit::visit_trait_item_fn(self, function);
    }
}

/// How often a macro is called, within the arguments of others too.
pub fn calls(name: &str, file: &syn::File) -> usize {
    let mut reader = Calls { name, count: 0 };
    reader.visit_file(file);
    reader.count
}

struct Calls<'n> {
    name: &'n str,
    count: usize,
}

impl Calls<'_> {
    fn read_tokens(&mut self, tokens: TokenStream) {
        let mut is_named = false;
        for token in tokens {
            match token {
                TokenTree::Punct(punct) if is_named && punct.as_char() == '!' => self.count += 1,
                TokenTree::Group(group) => self.read_tokens(group.stream()),
                TokenTree::Ident(ident) => {
                    is_named = ident == self.name;
                    continue;
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
            is_named = false;
        }
    }
}

impl<'a> Visit<'a> for Calls<'_> {
    fn visit_macro(&mut self, call: &'a syn::Macro) {
        self.count += usize::from(call.path.is_ident(self.name));
        self.read_tokens(call.tokens.clone());
    }
}

#[test]
fn a_function_is_measured_with_its_braces_and_a_macro_counted_within_others() {
    let text =
        "/// Doc.\nfn a(\n    b: u8,\n) {\n    // why\n    println!(\"{}\", format!(\"x\"));\n}\n";
    let file: syn::File = syn::parse_str(text).unwrap();
    let functions = functions(&file);
    assert_eq!((functions[0].line, functions[0].lines), (2, 6));
    assert_eq!(calls("format", &file), 1);
}
