//! A floor may use itself and the floors before it.

use super::{code, floor, nothing_in, rust};

/// From the ground to the roof.
const FLOORS: &[&str] = &[
    "units",
    "stats",
    "diagnostic",
    "sql",
    "models",
    "spark",
    "layout",
    "evidence",
    "scenario",
    "physical",
    "cost",
    "sim",
    "metrics",
    "slices",
    "search",
    "advice",
    "report",
    "study",
    "cli",
];

/// Files above all floors.
const ABOVE: &[&str] = &["lib", "main"];

fn height(floor: &str) -> Option<usize> {
    FLOORS.iter().position(|it| *it == floor)
}

#[test]
fn every_directory_of_the_source_is_a_floor() {
    let wrong: Vec<String> = rust(&["src"])
        .iter()
        .map(|(path, _)| floor(path))
        .filter(|it| height(it).is_none() && !ABOVE.contains(&it.as_str()))
        .collect();
    nothing_in(&wrong, "not a floor of the house:");
}

#[test]
fn floors_use_only_what_stands_below_them() {
    let mut wrong = Vec::new();
    for (path, text) in rust(&["src"]) {
        let Some(own) = height(&floor(&path)) else { continue };
        let code = code::bare(&text);
        for used in used(&code, path.iter().count() - 2, path.ends_with("mod.rs")) {
            match height(&used) {
                Some(other) if other > own => {
                    wrong.push(format!("{} uses `{used}`, which is above it", path.display()));
                }
                _ => {}
            }
        }
    }
    nothing_in(&wrong, "a floor may use itself and what stands before it:");
}

/// The floors that a file names: by `crate::`, by `crate::{…}`, and by climbing there with
/// `super::`. `depth` is how many directories of modules the file lies in.
fn used(code: &str, depth: usize, is_mod: bool) -> Vec<String> {
    let mut found = Vec::new();
    for (start, _) in code.match_indices("crate::") {
        let rest = &code[start + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(group) => found.extend(firsts(group)),
            None => found.push(word(rest)),
        }
    }
    // A file `src/a/b.rs` leaves its floor with two `super::`, `src/a/mod.rs` with one; a module
    // inside the file, such as its tests, needs one more.
    let out = depth + usize::from(!is_mod);
    let climb = "super::".repeat(out);
    for (start, _) in code.match_indices(&climb) {
        let rest = &code[start + climb.len()..];
        let starts = !code[..start].ends_with("super::");
        if starts && !rest.starts_with("super::") && height(&word(rest)).is_some() {
            found.push(word(rest));
        }
    }
    found
}

fn word(text: &str) -> String {
    text.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect()
}

/// The first words of the entries of a group such as `a::{b, c}, d}`.
fn firsts(group: &str) -> Vec<String> {
    let mut depth = 0_u32;
    let mut found = vec![word(group.trim_start())];
    for (index, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => found.push(word(group[index + 1..].trim_start())),
            _ => {}
        }
    }
    found.retain(|it| !it.is_empty());
    found
}

#[test]
fn uses_are_found_however_they_are_written() {
    let code = "use crate::{\n    cost::{Task, x},\n    units,\n};\nuse crate::sim::Run;";
    assert_eq!(used(code, 1, false), ["cost", "units", "sim"]);
    assert_eq!(used("use super::super::cost::x;", 1, false), ["cost"]);
    assert_eq!(used("use super::cost::x;", 1, true), ["cost"]);
    assert_eq!(used("use super::cost::x;", 1, false), Vec::<String>::new());
}
