//! `repro schema`: what a file must look like, for editors and other tools.

use crate::schema::text;

use super::authoring::SchemaArgs;
use super::exit::Exit;
use super::run::print;

/// Prints one schema.
#[must_use]
pub fn schema(args: &SchemaArgs) -> Exit {
    let schema = text(args.of.into());
    print(|out| out.write_all(schema.as_bytes()))
}
