//! What validates, runs.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use sparkplan::diagnostic::Sources;
use sparkplan::physical;
use sparkplan::study::Wanted;

use super::{disk, generator, runs, shown};
use crate::support::read;

/// Tasks above which a scenario is planned but not run here: the probes run larger ones.
const MOST_TASKS: u64 = 200_000;

/// Whether the text was accepted; panics where it was and does not run.
fn holds(text: &str) -> bool {
    let mut sources = Sources::default();
    let outcome = read(&mut sources, "generated.toml", text, &disk());
    match outcome {
        Err(problems) => {
            assert!(problems.iter().any(sparkplan::diagnostic::Diagnostic::is_error));
            shown(&sources, &problems);
            false
        }
        Ok((scenario, warnings)) => {
            shown(&sources, &warnings);
            let plan = physical::plan(&scenario);
            let tasks: u64 = plan.stages.iter().map(|it| it.tasks.count()).sum();
            if tasks <= MOST_TASKS {
                let wanted = Wanted { resolved: true, timeline: tasks < 500 };
                // Either an answer that is sound, or one of the documented reasons for none.
                let _reason = runs(&scenario, &warnings, wanted);
            }
            true
        }
    }
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, ..Config::default() })]

    #[test]
    fn what_validates_runs(text in generator::scenario()) {
        holds(&text);
    }
}

#[test]
fn the_generator_reaches_both_sides() {
    const TEXTS: usize = 400;
    let mut runner = TestRunner::deterministic();
    let accepted = (0..TEXTS)
        .map(|_| generator::scenario().new_tree(&mut runner).expect("a scenario").current())
        .filter(|text| read(&mut Sources::default(), "t.toml", text, &disk()).is_ok())
        .count();
    assert!(accepted * 4 >= TEXTS, "only {accepted} of {TEXTS} scenarios are accepted");
    assert!(accepted * 10 <= TEXTS * 9, "{accepted} of {TEXTS} scenarios are accepted");
}
