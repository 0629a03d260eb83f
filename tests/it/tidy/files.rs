//! Files are short, belong to a module, and promise nothing.

use std::collections::BTreeSet;
use std::path::Path;

use super::{code, nothing_in, rust};
use crate::support::root;

const LINES: usize = 400;
const OURS: [&str; 4] = ["src", "tests", "benches", "fuzz"];

#[test]
fn files_stay_short() {
    let long = |text: &str| text.lines().count() > LINES;
    let wrong: Vec<String> = rust(&OURS)
        .iter()
        .filter(|(_, text)| long(text))
        .map(|(path, text)| format!("{}: {} lines", path.display(), text.lines().count()))
        .collect();
    nothing_in(&wrong, "a file holds one idea, and none here needs more than 400 lines:");
}

#[test]
fn no_file_is_forgotten() {
    let files = rust(&["src", "tests/it"]);
    let mut declared = BTreeSet::new();
    for (path, text) in &files {
        let root_file = path.ends_with("mod.rs") || path.ends_with("lib.rs");
        let directory = if root_file || path.ends_with("main.rs") {
            path.parent().unwrap().to_owned()
        } else {
            path.with_extension("")
        };
        for name in modules(&code::bare(text)) {
            declared.insert(directory.join(format!("{name}.rs")));
            declared.insert(directory.join(name).join("mod.rs"));
        }
    }
    let top = |path: &Path| {
        ["src/lib.rs", "src/main.rs", "tests/it/main.rs"].map(Path::new).contains(&path)
    };
    let forgotten = files.iter().filter(|(path, _)| !top(path) && !declared.contains(path));
    let wrong: Vec<String> = forgotten.map(|(path, _)| path.display().to_string()).collect();
    nothing_in(&wrong, "no module declares these files, so nobody compiles them:");
}

/// The modules that are declared as files of their own.
fn modules(code: &str) -> Vec<&str> {
    let line = |line| {
        let line: &str = str::trim(line);
        let line = line.strip_prefix("pub(crate) ").or(line.strip_prefix("pub ")).unwrap_or(line);
        let line = line.strip_prefix("pub(super) ").unwrap_or(line);
        line.strip_prefix("mod ")?.strip_suffix(';')
    };
    code.lines().filter_map(line).collect()
}

#[test]
fn nothing_is_put_off() {
    let words = ["#[ignore", "todo!", "unimplemented!"];
    let mut wrong = Vec::new();
    for (path, text) in rust(&OURS) {
        for (number, line) in code::bare(&text).lines().enumerate() {
            if let Some(word) = words.iter().find(|it| line.contains(**it)) {
                wrong.push(format!("{}:{}: {word}", path.display(), number + 1));
            }
        }
    }
    nothing_in(&wrong, "finish it, or leave it away:");
}

#[test]
fn every_target_of_the_manifest_is_there() {
    let manifest: toml::Table =
        crate::support::text(&root().join("Cargo.toml")).parse().expect("a manifest");
    let benches = manifest.get("bench").and_then(toml::Value::as_array).into_iter().flatten();
    let named: BTreeSet<String> =
        benches.map(|it| format!("benches/{}.rs", it["name"].as_str().unwrap())).collect();
    let found: BTreeSet<String> =
        rust(&["benches"]).iter().map(|(path, _)| path.display().to_string()).collect();
    assert_eq!(named, found, "benches in Cargo.toml, and files in benches/");
}
