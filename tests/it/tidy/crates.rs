//! Crates of other people stay in the rooms that need them.

use super::{code, floor, nothing_in, rust};
use crate::support::{root, text};

const ANYWHERE: &[&str] = &[];

/// One row each: the crate, as code calls it, and the floors that may.
#[rustfmt::skip]
const ROOMS: &[(&str, &[&str])] = &[
    ("annotate_snippets", &["cli"]),
    ("anstream", &["cli"]),
    ("chunks", &["evidence"]),
    ("clap", &["cli"]),
    ("comfy_table", &["report"]),
    ("csv", &["models", "evidence", "report"]),
    ("flate2", &["evidence"]),
    ("indicatif", &["cli"]),
    ("libm", &["stats", "study"]),
    ("parquet", &["evidence"]),
    ("rand", &["stats"]),
    ("rayon", &["study"]),
    ("schemars", &["scenario", "report"]),
    ("serde", ANYWHERE),
    ("serde_json", &["evidence", "scenario", "report"]),
    ("statrs", &["stats"]),
    ("strsim", &["diagnostic"]),
    ("terminal_size", &["cli"]),
    ("thiserror", ANYWHERE),
    ("toml", &["models", "scenario"]),
];

#[test]
fn outside_crates_stay_in_their_rooms() {
    let mut wrong = Vec::new();
    for (path, text) in rust(&["src"]) {
        let (own, code) = (floor(&path), code::bare(&text));
        for (name, rooms) in ROOMS {
            let allowed = rooms.is_empty() || rooms.contains(&own.as_str());
            if !allowed && code::names(&code, name) {
                wrong.push(format!("{} uses `{name}`", path.display()));
            }
        }
    }
    nothing_in(&wrong, "a crate outside of its rooms (tests/it/tidy/crates.rs):");
}

#[test]
fn every_dependency_has_a_row() {
    let manifest: toml::Table = text(&root().join("Cargo.toml")).parse().unwrap();
    let listed = manifest["dependencies"].as_table().unwrap();
    let names: Vec<String> = listed.keys().map(|it| it.replace('-', "_")).collect();
    let rows: Vec<&str> = ROOMS.iter().map(|it| it.0).collect();
    assert_eq!(names, rows, "Cargo.toml and tests/it/tidy/crates.rs differ");
}
