//! One scenario for each mistake that a person can make, and what is said about it.
//!
//! The snapshots are the text that a person reads; look at them as one.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use sparkplan::diagnostic::{Code, Diagnostic, Place, Severity, Sources};
use sparkplan::evidence::Local;
use sparkplan::scenario::{Overrides, Scenario, Surroundings};

use crate::support::{root, text};

/// Codes that no scenario file that is read as text can cause.
const ELSEWHERE: &[Code] = &[Code::NotUtf8, Code::TooLarge, Code::Unwritable];

/// The file with many mistakes.
const MANY: &str = "ten-mistakes";

fn files() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("scenarios/broken")).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|it| it.unwrap().path()).collect();
    files.retain(|it| it.extension().is_some_and(|it| it == "toml"));
    files.sort();
    files
}

fn name(path: &Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

/// Reads a broken file where it lies, as `plan simulate` does.
fn problems(path: &Path) -> (Sources, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let id = sources.add(path.file_name().unwrap().to_string_lossy(), text(path));
    let overrides = Overrides::default();
    let mut watch = |_| ControlFlow::Continue(());
    // Tests run at the top of the package.
    let base = Path::new("scenarios/broken");
    let around = Surroundings { disk: &Local, base, overrides: &overrides, watch: &mut watch };
    let problems = match Scenario::read(&mut sources, id, around) {
        Ok((_, warnings)) => warnings,
        Err(problems) => problems,
    };
    (sources, problems)
}

/// The first line of a place, with the words underlined.
fn underlined(sources: &Sources, place: Place) -> String {
    let text = &sources.get(place.source).text;
    let start = text[..place.start].rfind('\n').map_or(0, |it| it + 1);
    let end = text[place.start..].find('\n').map_or(text.len(), |it| place.start + it);
    let last = place.end.clamp(place.start, end);
    let before = text[start..place.start].chars().count();
    let marked = text[place.start..last].chars().count().max(1);
    format!("{}\n{}{}", &text[start..end], " ".repeat(before), "^".repeat(marked))
}

fn rendered(sources: &Sources, problems: &[Diagnostic]) -> String {
    let mut out = String::new();
    for problem in problems {
        writeln!(out, "{problem}").unwrap();
        if let Some(place) = problem.place {
            writeln!(out, " --> {}", sources.describe(place)).unwrap();
            let shown = format!("{} {}", underlined(sources, place), problem.label);
            for line in shown.lines() {
                writeln!(out, "  | {}", line.trim_end()).unwrap();
            }
        } else if !problem.label.is_empty() {
            writeln!(out, "  | {}", problem.label).unwrap();
        }
        for way_out in &problem.help {
            writeln!(out, "  = {way_out}").unwrap();
        }
        out.push('\n');
    }
    out
}

#[test]
fn every_mistake_is_answered_as_in_its_snapshot() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots/broken");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for path in files() {
            let (sources, problems) = problems(&path);
            insta::assert_snapshot!(name(&path), rendered(&sources, &problems));
        }
    });
}

#[test]
fn one_mistake_is_one_problem_and_the_file_is_named_after_it() {
    for path in files().iter().filter(|it| name(it) != MANY) {
        let (sources, problems) = problems(path);
        let told = rendered(&sources, &problems);
        assert_eq!(problems.len(), 1, "{}\n{told}", name(path));
        assert!(name(path).starts_with(problems[0].code.as_str()), "{}\n{told}", name(path));
    }
}

#[test]
fn every_code_has_a_broken_scenario() {
    let found: BTreeSet<Code> =
        files().iter().flat_map(|it| problems(it).1).map(|it| it.code).collect();
    let missing: Vec<&str> = Code::all()
        .filter(|it| !found.contains(it) && !ELSEWHERE.contains(it))
        .map(Code::as_str)
        .collect();
    assert!(missing.is_empty(), "no file in scenarios/broken for: {}", missing.join(", "));
}

#[test]
fn ten_mistakes_are_told_at_once_in_the_order_of_the_text() {
    let (sources, problems) = problems(&root().join(format!("scenarios/broken/{MANY}.toml")));
    let told = rendered(&sources, &problems);
    let errors = problems.iter().filter(|it| it.code.severity() == Severity::Error);
    assert_eq!(errors.count(), 10, "{told}");
    let places: Vec<Option<Place>> = problems.iter().map(|it| it.place).collect();
    assert!(places.is_sorted(), "{told}");
}

#[test]
fn everything_that_is_said_can_be_acted_on() {
    for path in files() {
        let (sources, problems) = problems(&path);
        for problem in &problems {
            let told = rendered(&sources, std::slice::from_ref(problem));
            let way_out = !problem.label.is_empty() || !problem.help.is_empty();
            assert!(way_out, "{}: no reason and no way out\n{told}", name(&path));
        }
    }
}
