//! Every scenario of `scenarios/`, as a person reads its answer and as a machine does.

use std::path::PathBuf;

use sparkplan::report::{self, Options, Style};
use sparkplan::scenario::Overrides;

use crate::support::{root, simulate, text};

fn scenarios() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("scenarios")).expect("the folder is there");
    let mut files: Vec<PathBuf> = entries.filter_map(|it| Some(it.ok()?.path())).collect();
    files.retain(|it| it.extension().is_some_and(|end| end == "toml"));
    files.sort();
    files
}

#[test]
fn every_scenario_answers_as_in_its_snapshots() {
    let options = Options { width: 100, style: Style::Plain };
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| {
        for path in scenarios() {
            let name = path.file_stem().expect("files have names").to_string_lossy().into_owned();
            let (report, _) = simulate(&text(&path), &Overrides::default());
            for format in ["text", "markdown", "csv"] {
                let format = report::format(format).expect("it is in the table");
                let written = (format.write)(&report, options);
                insta::assert_snapshot!(format!("{name}-{}", format.name), written);
            }
        }
    });
}
