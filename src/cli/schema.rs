//! `repro schema`: what a file must look like, for editors and other tools.

use crate::schema::text;

use super::authoring_args::SchemaArgs;
use super::exit::Exit;
use super::failure::Failure;
use super::stdout::print;

/// Prints one schema.
///
/// # Errors
/// If stdout cannot be written.
pub fn schema(args: &SchemaArgs) -> Result<Exit, Failure> {
    let schema = text(args.of.into());
    print(|out| out.write_all(schema.as_bytes()))?;
    Ok(Exit::Passed)
}
