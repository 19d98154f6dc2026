//! The production code of a crate: its modules and files, without their tests.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::num::NonZero;
use std::path::Path;
use std::sync::{LazyLock, Mutex};
use std::thread;

use proc_macro2::TokenStream;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Item, ItemMod, Meta, Stmt};

use super::functions::{Function, calls, functions};
use super::imports::Scope;
use super::languages::words;
use super::lines::Lines;
use super::public::{Public, public};

/// A module's path from the root of its crate: `["judge", "order"]`; the root's is empty.
pub type ModulePath = Vec<String>;

/// What is to be known of a file, `#[cfg(test)]` left out.
pub struct SourceFile {
    /// From the root of the repository: `src/judge/order.rs`.
    pub path: String,
    pub lines: Lines,
    pub functions: Vec<Function>,
    pub public: Public,
    /// Whether it only declares modules and re-exports what is in them.
    pub only_declares: bool,
    /// How often it calls `format!`.
    pub formats: usize,
    /// The words of its identifiers, and its strings, in lower case.
    pub words: BTreeSet<String>,
}

/// The modules of a crate.
#[derive(Default)]
pub struct Sources {
    pub files: Vec<SourceFile>,
    pub modules: BTreeMap<ModulePath, Module>,
}

pub struct Module {
    /// An index into `Sources::files`. A module in braces shares it with the module around it.
    pub file: usize,
    pub scope: Scope,
}

/// The library of this repository and its binary.
pub static THIS_CRATE: LazyLock<[Sources; 2]> = LazyLock::new(|| {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    ["src/lib.rs", "src/main.rs"].map(|root| Sources::read(repository, root))
});

/// The library of this repository.
pub fn library() -> &'static Sources {
    &THIS_CRATE[0]
}

impl Sources {
    /// Reads the crate whose root is `root`, such as `src/lib.rs`, below the folder `repository`.
    pub fn read(repository: &Path, root: &str) -> Sources {
        Sources::follow(root, &|path| fs::read_to_string(repository.join(path)).ok())
    }

    /// The same from texts by their paths, the root first.
    pub fn of(files: &[(&str, &str)]) -> Sources {
        let text = |path: &str| {
            let file = files.iter().find(|(name, _)| *name == path)?;
            Some(file.1.to_owned())
        };
        Sources::follow(files[0].0, &text)
    }

    /// Reads the root, then its children, then theirs.
    fn follow(root: &str, text: &(dyn Fn(&str) -> Option<String> + Sync)) -> Sources {
        let mut sources = Sources::default();
        let (folder, _) = root.rsplit_once('/').unwrap();
        let mut next = vec![Declared {
            module: Vec::new(),
            folder: folder.to_owned(),
            files: vec![root.to_owned()],
        }];
        while !next.is_empty() {
            next = in_parallel(next, |declared| declared.parse(text))
                .into_iter()
                .flat_map(|parsed| sources.add(parsed))
                .collect();
        }
        sources
    }

    /// Adds a file with its modules, and returns what it declares in other files.
    fn add(&mut self, parsed: Parsed) -> Vec<Declared> {
        let file = self.files.len();
        self.files.push(parsed.file);
        let modules = parsed.modules.into_iter();
        self.modules
            .extend(modules.map(|(module, scope)| (module, Module { file, scope })));
        parsed.declared
    }
}

/// Does the same to all, on every processor, and keeps their order.
fn in_parallel<T: Send, R: Send>(all: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let results = Mutex::new(Vec::new());
    let queue = Mutex::new(all.into_iter().enumerate());
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let Some((index, one)) = queue.lock().unwrap().next() else {
                        break;
                    };
                    let result = work(one);
                    results.lock().unwrap().push((index, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap();
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

/// A module that is declared and not yet read.
struct Declared {
    module: ModulePath,
    /// Where the files of its children are.
    folder: String,
    /// Where it may be; one of them is there.
    files: Vec<String>,
}

struct Parsed {
    file: SourceFile,
    modules: Vec<(ModulePath, Scope)>,
    declared: Vec<Declared>,
}

impl Declared {
    fn parse(self, text: &dyn Fn(&str) -> Option<String>) -> Parsed {
        let mut files = self.files.iter();
        let found = files.find_map(|path| Some((path, text(path)?)));
        let (path, text) = found.unwrap_or_else(|| panic!("none of {:?} is there", self.files));
        let tokens: TokenStream = text
            .parse()
            .unwrap_or_else(|e| panic!("{path} is no Rust: {e}"));
        let mut lines = Lines::of_rust(&text, tokens.clone());
        let mut syntax: syn::File =
            syn::parse2(tokens).unwrap_or_else(|e| panic!("{path} is no Rust: {e}"));
        syntax.items.iter_mut().for_each(open_named_enum);
        WithoutTests { lines: &mut lines }.visit_file_mut(&mut syntax);
        let file = SourceFile {
            path: path.clone(),
            functions: functions(&syntax),
            public: public(&syntax),
            only_declares: only_declares(&syntax),
            formats: calls("format", &syntax),
            words: words(&syntax),
            lines,
        };
        let (mut modules, mut declared) = (Vec::new(), Vec::new());
        read_module(
            &syntax.items,
            &self.module,
            &self.folder,
            &mut modules,
            &mut declared,
        );
        Parsed {
            file,
            modules,
            declared,
        }
    }
}

/// Reads a module and those in braces below it.
fn read_module(
    items: &[Item],
    module: &[String],
    folder: &str,
    modules: &mut Vec<(ModulePath, Scope)>,
    declared: &mut Vec<Declared>,
) {
    modules.push((module.to_vec(), Scope::of(items)));
    for item in items {
        let Item::Mod(child) = item else {
            continue;
        };
        let name = child.ident.to_string();
        let folder = format!("{folder}/{name}");
        let module = [module, &[name]].concat();
        if let Some((_, items)) = &child.content {
            read_module(items, &module, &folder, modules, declared);
        } else {
            declared.push(Declared {
                files: vec![format!("{folder}.rs"), format!("{folder}/mod.rs")],
                module,
                folder,
            });
        }
    }
}

fn only_declares(file: &syn::File) -> bool {
    let declares = |item: &Item| match item {
        Item::Mod(module) => module.content.is_none(),
        item => matches!(item, Item::Use(_)),
    };
    file.items.iter().all(declares)
}

/// An enum that `named!` defines counts as the enum that it is: its words look like discriminants.
fn open_named_enum(item: &mut Item) {
    if let Item::Macro(call) = item
        && call.mac.path.is_ident("named")
        && let Ok(found) = syn::parse2(call.mac.tokens.clone())
    {
        *item = Item::Enum(found);
    }
}

/// Removes what is compiled for tests alone, and says which lines that were.
struct WithoutTests<'a> {
    lines: &'a mut Lines,
}

impl WithoutTests<'_> {
    fn keep<T: Spanned>(&mut self, node: &T, attributes: &[Attribute]) -> bool {
        let is_test = attributes.iter().any(is_cfg_test);
        if is_test {
            let span = node.span();
            self.lines.leave_out(span.start().line, span.end().line);
        }
        !is_test
    }
}

fn is_cfg_test(attribute: &Attribute) -> bool {
    let Meta::List(list) = &attribute.meta else {
        return false;
    };
    list.path.is_ident("cfg") && list.tokens.to_string() == "test"
}

impl VisitMut for WithoutTests<'_> {
    fn visit_file_mut(&mut self, file: &mut syn::File) {
        file.items.retain(|item| self.keep(item, attributes(item)));
        visit_mut::visit_file_mut(self, file);
    }

    fn visit_item_mod_mut(&mut self, module: &mut ItemMod) {
        if let Some((_, items)) = &mut module.content {
            items.retain(|item| self.keep(item, attributes(item)));
        }
        visit_mut::visit_item_mod_mut(self, module);
    }

    fn visit_item_impl_mut(&mut self, block: &mut syn::ItemImpl) {
        block.items.retain(|item| match item {
            syn::ImplItem::Fn(f) => self.keep(f, &f.attrs),
            syn::ImplItem::Const(c) => self.keep(c, &c.attrs),
            _ => true,
        });
        visit_mut::visit_item_impl_mut(self, block);
    }

    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        block.stmts.retain(|statement| match statement {
            Stmt::Item(item) => self.keep(item, attributes(item)),
            Stmt::Local(local) => self.keep(local, &local.attrs),
            Stmt::Macro(call) => self.keep(call, &call.attrs),
            Stmt::Expr(..) => true,
        });
        visit_mut::visit_block_mut(self, block);
    }
}

pub fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(syn::ItemConst { attrs, .. })
        | Item::Enum(syn::ItemEnum { attrs, .. })
        | Item::ExternCrate(syn::ItemExternCrate { attrs, .. })
        | Item::Fn(syn::ItemFn { attrs, .. })
        | Item::ForeignMod(syn::ItemForeignMod { attrs, .. })
        | Item::Impl(syn::ItemImpl { attrs, .. })
        | Item::Macro(syn::ItemMacro { attrs, .. })
        | Item::Mod(ItemMod { attrs, .. })
        | Item::Static(syn::ItemStatic { attrs, .. })
        | Item::Struct(syn::ItemStruct { attrs, .. })
        | Item::Trait(syn::ItemTrait { attrs, .. })
        | Item::TraitAlias(syn::ItemTraitAlias { attrs, .. })
        | Item::Type(syn::ItemType { attrs, .. })
        | Item::Union(syn::ItemUnion { attrs, .. })
        | Item::Use(syn::ItemUse { attrs, .. }) => attrs,
        _ => &[],
    }
}

#[test]
fn what_is_compiled_for_tests_alone_is_left_out() {
    let sources = Sources::of(&[
        (
            "src/lib.rs",
            "//! Doc.\n\nmod a;\n#[cfg(test)]\nmod tests;\n",
        ),
        (
            "src/a.rs",
            "fn kept() {\n    #[cfg(test)]\n    let seen = 1;\n    run()\n}\n\n/// Doc.\n#[cfg(test)]\nmod tests {\n    use super::*;\n}\n",
        ),
    ]);
    let paths: Vec<&str> = sources.files.iter().map(|file| &*file.path).collect();
    assert_eq!(paths, ["src/lib.rs", "src/a.rs"]);
    let lib = &sources.files[0].lines;
    assert_eq!((lib.code(), lib.comments(), lib.all()), (1, 1, 3));
    let a = &sources.files[1].lines;
    assert_eq!((a.code(), a.comments(), a.all()), (3, 0, 4));
}
