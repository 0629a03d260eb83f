//! Any text as a scenario: it is read or refused, and what is small runs.

#![no_main]

use std::ops::ControlFlow;
use std::path::Path;

use libfuzzer_sys::fuzz_target;
use sparkplan::diagnostic::{Diagnostic, Sources};
use sparkplan::evidence::disk::Memory;
use sparkplan::report;
use sparkplan::scenario::{Overrides, Scenario, Surroundings};
use sparkplan::study::{Wanted, simulate};

/// Tasks, and slots, and runs, above which a scenario is only planned.
const MOST: u64 = 2_000;
/// Files above which a table is not even read: making them takes the time of many other texts.
const MANY: &[&str] = &["files", "file_size"];

fuzz_target!(|text: &str| {
    let long = |word: &str| word.len() > 5 && word.bytes().all(|it| it.is_ascii_digit() || it == b'_');
    let digits = |it: char| !(it.is_ascii_digit() || it == '_');
    if MANY.iter().any(|it| text.contains(it)) && text.split(digits).any(long) {
        return;
    }
    let mut sources = Sources::default();
    let id = sources.add("fuzz.toml", text);
    let disk = Memory::new().sized("data/day=1/a.csv", 1 << 30).sized("data/day=2/b.csv.gz", 7);
    let overrides = Overrides::default();
    let mut watch = |_| ControlFlow::Continue(());
    let base = Path::new("");
    let around = Surroundings { disk: &disk, base, overrides: &overrides, watch: &mut watch };
    match Scenario::read(&mut sources, id, around) {
        Err(problems) => {
            assert!(problems.iter().any(Diagnostic::is_error));
            shown(&sources, &problems);
        }
        Ok((scenario, warnings)) => {
            shown(&sources, &warnings);
            run(&scenario, &warnings);
        }
    }
});

fn shown(sources: &Sources, problems: &[Diagnostic]) {
    for place in problems.iter().filter_map(|it| it.place) {
        assert!(sources.get(place.source).text.get(place.start..place.end).is_some());
    }
}

fn run(scenario: &Scenario, warnings: &[Diagnostic]) {
    let plan = sparkplan::physical::plan(scenario);
    let tasks: u64 = plan.stages.iter().map(|it| it.tasks.count()).sum();
    let runs = u64::from(scenario.runs(tasks));
    if tasks.saturating_mul(runs) > 50 * MOST || scenario.cluster.slots() > MOST {
        return;
    }
    if let Ok(report) = simulate(scenario, Wanted { resolved: true, timeline: true }, warnings) {
        for format in report::FORMATS {
            assert!((format.write)(&report, report::Options::default()).ends_with('\n'));
        }
    }
}
