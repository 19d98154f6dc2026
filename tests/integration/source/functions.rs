//! The functions of a file with their lengths, and the macros that it calls.

use std::fs;
use std::path::{Path, PathBuf};

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

/// The lines on which a test returns early, other than from a closure or by saying what is left out.
fn early_returns(file: &syn::File) -> Vec<usize> {
    let mut reader = Returns::default();
    reader.visit_file(file);
    reader.lines
}

/// `#[test]`, or `#[tokio::test]`.
fn is_test(attribute: &syn::Attribute) -> bool {
    let last = attribute.path().segments.last();
    last.is_some_and(|segment| segment.ident == "test")
}

#[derive(Default)]
struct Returns {
    is_test: bool,
    lines: Vec<usize>,
}

impl<'a> Visit<'a> for Returns {
    fn visit_item_fn(&mut self, function: &'a syn::ItemFn) {
        let is_test = function.attrs.iter().any(is_test);
        let around = std::mem::replace(&mut self.is_test, is_test);
        visit::visit_item_fn(self, function);
        self.is_test = around;
    }

    fn visit_expr_closure(&mut self, _: &'a syn::ExprClosure) {}

    fn visit_expr_return(&mut self, found: &'a syn::ExprReturn) {
        let says = found.expr.as_deref().is_some_and(|value| {
            matches!(value, syn::Expr::Call(call)
                if matches!(&*call.func, syn::Expr::Path(f)
                    if f.path.segments.last().is_some_and(|last| last.ident == "left_out")))
        });
        if self.is_test && !says {
            self.lines.push(found.return_token.span().start().line);
        }
    }
}

/// The files below a folder that hold tests.
fn files_with_tests(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_with_tests(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            if text.contains("test]") && text.contains("return") {
                found.push((path, text));
            }
        }
    }
}

#[test]
fn a_test_that_returns_early_says_what_it_leaves_out() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    files_with_tests(&root.join("src"), &mut files);
    files_with_tests(&root.join("tests/integration"), &mut files);
    let mut found = Vec::new();
    for (path, text) in files {
        let lines = early_returns(&syn::parse_str(&text).unwrap());
        found.extend(
            lines
                .iter()
                .map(|line| format!("{}:{line}", path.display())),
        );
    }
    assert!(found.is_empty(), "use needs! or left_out: {found:#?}");
    let text = "#[test]\nfn a() {\n    if b {\n        return;\n    }\n    left.map(|x| { return; });\n    return left_out(\"why\");\n}";
    assert_eq!(early_returns(&syn::parse_str(text).unwrap()), [4]);
}
