//! What runs a program that is built.

use std::path::Path;

use super::artifact::Artifact;
use super::own;
use super::plan::{Compile, Plan, Way};
use crate::toolchain::Surroundings;

/// The artifact of a plan whose build is in the folder `out`.
pub(super) fn artifact(plan: &Plan<'_>, out: &Path, surroundings: &Surroundings) -> Artifact {
    let toolchain = plan.request.toolchain.clone();
    let ((program, args), files) = match plan.way {
        Way::Script(engine) => {
            let mut args: Vec<_> = engine
                .map_or(&[][..], |e| e.args)
                .iter()
                .map(Into::into)
                .collect();
            args.push(plan.file.into());
            ((toolchain.path.clone(), args), plan.sources())
        }
        Way::Compiled(Compile::Recipe(compiler)) => {
            let call = (compiler.run)(&toolchain, plan.file, out);
            (call, plan.files.clone())
        }
        Way::Compiled(Compile::Own(commands)) => {
            let call = own::call(&commands.run, plan.file, out, surroundings);
            (call, plan.sources())
        }
        Way::Package(_) => ((out.join("program"), Vec::new()), plan.files.clone()),
    };
    Artifact {
        toolchain,
        program,
        args,
        env: Vec::new(),
        files,
    }
}
