//! What `repro record` says of a draft that it wrote.

use std::io::{self, Write};

use crate::draft::{CONTROL_FILE, Draft};
use crate::visible::visible;

use super::cases::Target;
use super::neighbours::Neighbours;

/// What was drafted, and what varied.
pub fn summary(
    out: &mut dyn Write,
    trials: u32,
    name: &str,
    target: &Target,
    draft: &Draft,
) -> io::Result<()> {
    let counted = |n: usize, thing: &str| format!("{n} {thing}{}", if n == 1 { "" } else { "s" });
    let file = target.shown.join(name).join("case.toml");
    writeln!(
        out,
        "{}: {} and {} from {}",
        file.display(),
        counted(draft.events.len(), "event"),
        counted(draft.spans.len(), "span"),
        counted(trials as usize, "trial")
    )?;
    match (draft.varied.is_empty(), trials) {
        (true, 1) => writeln!(out, "One trial cannot tell what varies: --trials 5 can.")?,
        (true, _) => writeln!(out, "Nothing varied between the trials.")?,
        (false, _) => {
            writeln!(
                out,
                "What varied between the trials, and what the draft leaves open:"
            )?;
        }
    }
    for varied in &draft.varied {
        writeln!(out, "  - {}", visible(varied))?;
    }
    if draft.left_out > 0 {
        writeln!(out, "Left out: {}.", draft.left_out_told())?;
    }
    Ok(())
}

/// Which files were copied beside the source, and which have to be by hand.
pub fn leans_on(out: &mut dyn Write, neighbours: &Neighbours, language: &str) -> io::Result<()> {
    let names = neighbours.beside.iter().filter_map(|path| path.file_name());
    let names: Vec<String> = names
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    if !names.is_empty() {
        writeln!(out, "Copied beside it: {}.", visible(&names.join(", ")))?;
    }
    if !neighbours.elsewhere.is_empty() {
        let names = visible(&neighbours.elsewhere.join(", "));
        writeln!(
            out,
            "Not copied: {names}. What it needs of that has to lie beside it: copy it into {language}/ \
             and name it in `files`."
        )?;
    }
    Ok(())
}

/// What to do with the draft. `control`: whether it has a behaviour and a program beside the recorded ones.
pub fn next(out: &mut dyn Write, name: &str, target: &Target, control: bool) -> io::Result<()> {
    let flag = &target.flag;
    writeln!(
        out,
        "\nIt passes as it stands. See it do so:\n  repro run {name}{flag}"
    )?;
    if control {
        writeln!(
            out,
            "{CONTROL_FILE} prints the same lines in another order, so that the check is seen to fail. Put a\n\
             remedy, or a pitfall, in its place, and say what the program shows:"
        )?;
    } else {
        writeln!(
            out,
            "Then say in it what the program shows, and name what would be seen otherwise:"
        )?;
    }
    writeln!(out, "  repro lint{flag}")
}
