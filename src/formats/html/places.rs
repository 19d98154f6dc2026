//! Where each row of a report stands in the page.

use std::collections::HashMap;

use crate::model::report::{ProgramResult, Report};
use crate::terminal::text::visible;

/// Where each row of the report stands in the page.
pub(super) struct Places(HashMap<*const ProgramResult, (usize, String)>);

impl Places {
    /// The first row of a program has its name; others of it have their toolchain's besides.
    pub(super) fn new(report: &Report) -> Places {
        let mut taken: HashMap<String, usize> = HashMap::new();
        let rows = report.results.iter().enumerate().map(|(n, row)| {
            let program = visible(&format!("{}/{}", row.case, row.program()));
            let times = taken.entry(program.clone()).or_default();
            *times += 1;
            let id = match (&row.toolchain, *times) {
                (_, 1) => program,
                (Some(toolchain), _) => {
                    let name = toolchain.split(' ').skip(1).collect::<Vec<_>>().join("-");
                    visible(&format!("{program}@{name}"))
                }
                (None, times) => format!("{program}@{times}"),
            };
            (std::ptr::from_ref(row), (n, id))
        });
        Places(rows.collect())
    }

    /// Its number, and what a link to it names.
    pub(super) fn get(&self, row: &ProgramResult) -> (usize, String) {
        let known = self.0.get(&std::ptr::from_ref(row));
        known.cloned().unwrap_or_default()
    }
}
