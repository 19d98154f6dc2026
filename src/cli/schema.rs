//! `repro schema`: JSON Schemas, for editors and other tools.

use clap::Args;

use crate::schema::{Subject, text};

use super::exit::Exit;
use super::failure::Failure;
use super::stdout::print;

const AFTER_HELP: &str = "\
Editors that know TOML complete and check a case file by its schema. Write the schema to a file, and name that file in the \
first line of cases/my-claim/case.toml, as in `#:schema ../../case.schema.json`.

Examples:
  repro schema case > case.schema.json";

/// `repro schema`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct SchemaArgs {
    /// The file to describe
    #[arg(value_name = "WHAT", value_enum)]
    pub of: Subject,
}

/// Prints one schema.
///
/// # Errors
/// If stdout cannot be written.
pub fn schema(args: &SchemaArgs) -> Result<Exit, Failure> {
    let schema = text(args.of);
    print(|out| out.write_all(schema.as_bytes()))?;
    Ok(Exit::Passed)
}
