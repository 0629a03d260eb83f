//! What keeps the house in order, tested because nobody remembers all of it.

mod code;
mod crates;
mod files;
mod floors;
mod words;

use std::path::{Path, PathBuf};

use crate::support::root;

/// What lies in a working copy and is not part of the repository.
const LEFT_OUT: &[&str] = &[".git", "target", "corpus", "artifacts", "__pycache__"];

/// All files below a directory of the repository, sorted, as paths from its top.
fn below(directory: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join(directory)];
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(&directory).unwrap().map(Result::unwrap) {
            if LEFT_OUT.iter().any(|it| entry.file_name() == *it) {
                continue;
            }
            if entry.file_type().unwrap().is_dir() {
                open.push(entry.path());
            } else {
                found.push(entry.path().strip_prefix(root()).unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

/// All Rust files below these directories, with what stands in them.
fn rust(directories: &[&str]) -> Vec<(PathBuf, String)> {
    let exists = |it: &&&str| root().join(it).is_dir();
    let files = directories.iter().filter(exists).flat_map(|it| below(it));
    let files = files.filter(|it| it.extension().is_some_and(|it| it == "rs"));
    files.map(|it| (it.clone(), crate::support::text(&root().join(it)))).collect()
}

/// The floor that a file of `src` stands on: its directory, or its own name.
fn floor(path: &Path) -> String {
    let part = path.iter().nth(1).expect("a file of src").to_string_lossy();
    part.strip_suffix(".rs").unwrap_or(&part).to_owned()
}

/// Fails with one line for each thing that is wrong.
#[track_caller]
fn nothing_in(wrong: &[String], reason: &str) {
    assert!(wrong.is_empty(), "{reason}\n{}", wrong.join("\n"));
}
