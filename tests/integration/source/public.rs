//! The public items of a file, and how many of them are documented.

use syn::visit::{self, Visit};
use syn::{Attribute, Item, Visibility};

use super::files::attributes;

#[derive(Debug, Default, PartialEq)]
pub struct Public {
    pub items: usize,
    /// Their names, with lines.
    pub undocumented: Vec<String>,
}

pub fn public(file: &syn::File) -> Public {
    let mut public = Public::default();
    public.visit_file(file);
    public
}

impl Public {
    fn add(&mut self, visibility: &Visibility, name: &syn::Ident, attributes: &[Attribute]) {
        if matches!(visibility, Visibility::Inherited) {
            return;
        }
        self.items += 1;
        if !attributes.iter().any(|a| a.path().is_ident("doc")) {
            let line = name.span().start().line;
            self.undocumented.push(format!("{line} {name}"));
        }
    }
}

impl<'a> Visit<'a> for Public {
    fn visit_item(&mut self, item: &'a Item) {
        let (visibility, name) = match item {
            Item::Const(i) => (&i.vis, &i.ident),
            Item::Enum(i) => (&i.vis, &i.ident),
            Item::Fn(i) => (&i.vis, &i.sig.ident),
            Item::Static(i) => (&i.vis, &i.ident),
            Item::Struct(i) => (&i.vis, &i.ident),
            Item::Trait(i) => (&i.vis, &i.ident),
            Item::Type(i) => (&i.vis, &i.ident),
            _ => return visit::visit_item(self, item),
        };
        self.add(visibility, name, attributes(item));
        visit::visit_item(self, item);
    }

    fn visit_impl_item_fn(&mut self, function: &'a syn::ImplItemFn) {
        self.add(&function.vis, &function.sig.ident, &function.attrs);
    }
}

#[test]
fn an_item_is_public_within_the_crate_too() {
    let text = "/// Doc.\npub fn a() {}\npub(crate) struct B { pub c: u8 }\nfn d() {}\nimpl B { pub(super) fn e() {} }";
    let public = public(&syn::parse_str(text).unwrap());
    assert_eq!(
        (public.items, public.undocumented),
        (3, vec!["3 B".to_owned(), "5 e".to_owned()])
    );
}
