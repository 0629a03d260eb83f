//! What must hold for every scenario there is: what validates also runs, and nothing panics.

mod garbage;
mod generator;
mod probes;
mod runs;

use std::ops::ControlFlow;

use sparkplan::diagnostic::{Diagnostic, Sources};
use sparkplan::evidence::disk::Memory;
use sparkplan::report::{self, Report};
use sparkplan::scenario::Scenario;
use sparkplan::study::{self, Failed, Wanted};

/// Every diagnostic can be shown: it says something, and where it stands somewhere, that is inside
/// of a text and between its letters.
#[track_caller]
fn shown(sources: &Sources, problems: &[Diagnostic]) {
    for problem in problems {
        let said = problem.to_string();
        assert!(!problem.message.trim().is_empty(), "{said} says nothing");
        assert!(said.contains(problem.code.as_str()), "{said}");
        let Some(place) = problem.place else { continue };
        let text = &sources.get(place.source).text;
        assert!(text.get(place.start..place.end).is_some(), "{said}: {place:?} in {text:?}");
        assert!(!sources.describe(place).is_empty());
    }
}

/// Runs a scenario twice, on one thread and on two, and holds the answer against itself.
#[track_caller]
fn runs(scenario: &Scenario, warnings: &[Diagnostic], wanted: Wanted) -> ControlFlow<Failed> {
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        pool.expect("threads").install(|| study::simulate(scenario, wanted, warnings))
    };
    let (one, two) = match (on(1), on(2)) {
        (Ok(one), Ok(two)) => (one, two),
        (Err(one), Err(two)) if one == two => return ControlFlow::Break(one),
        (one, two) => panic!("one thread: {:?}, two: {:?}", one.is_ok(), two.is_ok()),
    };
    for form in report::FORMATS {
        for width in [20, 80, 200] {
            let options = report::Options { width, style: report::Style::Plain };
            let text = (form.write)(&one, options);
            assert_eq!(text, (form.write)(&two, options), "{} differs on two threads", form.name);
            assert!(text.ends_with('\n'), "{}", form.name);
        }
    }
    sound(&one);
    ControlFlow::Continue(())
}

/// The parts of an answer agree with each other.
#[track_caller]
fn sound(report: &Report) {
    let memory = &report.memory;
    let regions: u64 = memory.regions.iter().map(|it| it.bytes).sum();
    assert_eq!(regions, memory.usable_heap, "regions add up to the usable heap");
    let tasks: u64 = report.stages.iter().map(|it| it.tasks).sum();
    assert_eq!(tasks, report.answer.tasks, "stages add up to the answer");
    assert!(report.capacity.slots > 0 && report.capacity.executors > 0);
    let facts = report.schedule.seconds_without_noise;
    let bound = report.schedule.lower_bound;
    assert!(bound <= facts * (1.0 + 1e-9), "a schedule of {facts} s beats its bound of {bound} s");
    let json = report::format("json").expect("there is JSON");
    let text = (json.write)(report, report::Options::default());
    finite(&serde_json::from_str(&text).expect("JSON is JSON"), "");
}

/// JSON writes numbers that are none as null; and an interval holds its middle.
#[track_caller]
fn finite(value: &serde_json::Value, name: &str) {
    use serde_json::Value;
    const OPTIONAL: &[&str] = &["dollars", "split", "executors_asked", "cold_start"];
    match value {
        Value::Null => assert!(OPTIONAL.contains(&name), "`{name}` is not a number"),
        Value::Array(items) => items.iter().for_each(|it| finite(it, name)),
        Value::Object(fields) => {
            fields.iter().for_each(|(name, it)| finite(it, name));
            let number = |name: &str| fields.get(name).and_then(Value::as_f64);
            for names in [["low", "typical", "high"], ["min", "median", "max"]] {
                if let [Some(low), Some(middle), Some(high)] = names.map(number) {
                    assert!(low <= middle && middle <= high, "`{name}`: {low}, {middle}, {high}");
                    assert!(low >= 0.0, "`{name}`: {low}");
                }
            }
        }
        _ => {}
    }
}

/// The files that scenarios here may name.
fn disk() -> Memory {
    const COMMIT: &str = concat!(
        r#"{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}"#,
        "\n",
        r#"{"metaData":{"id":"1","format":{"provider":"parquet","options":{}},"#,
        r#""schemaString":"{\"type\":\"struct\",\"fields\":[]}","partitionColumns":["day"],"#,
        r#""configuration":{},"createdTime":0}}"#,
        "\n",
        r#"{"add":{"path":"day=1/a.parquet","partitionValues":{"day":"1"},"size":5000000,"#,
        r#""modificationTime":0,"dataChange":true}}"#,
        "\n",
    );
    const LISTING: &str = "2026-01-02 03:04:05  300000000 lake/t/day=1/part-0.parquet\n\
                           2026-01-02 03:04:05          0 lake/t/day=1/part-1.parquet\n\
                           2026-01-02 03:04:05 9000000000 lake/t/day=2/part-2.parquet\n";
    let mut disk = Memory::new()
        .file("delta/_delta_log/00000000000000000000.json", COMMIT)
        .sized("delta/day=1/a.parquet", 5_000_000)
        .file("listing.txt", LISTING)
        .sized("huge/a.csv", u64::MAX)
        .sized("huge/b.csv", u64::MAX)
        .sized("empty/a.json", 0)
        .sized("mixed/day=1/hour=2/a.json.gz", 3_000_000_000)
        .sized("mixed/day=1/hour=3/a.json", 1);
    for file in 0..40 {
        disk = disk.sized(&format!("data/day={}/part-{file}.orc", file % 5), file * 7_777_777);
    }
    disk
}

#[test]
fn the_disk_of_these_tests_can_be_read() {
    for table in ["path = \"delta\"", "listing = \"listing.txt\"", "path = \"data\""] {
        let text = format!(
            "cluster.node = {{ cores = 4, memory = \"8g\" }}\ntables.t = {{ {table} }}\n\
             jobs = [{{ name = \"j\", steps = [{{ read = \"t\", partitions = [\"day=1\"] }}] }}]"
        );
        let outcome = crate::support::read(&mut Sources::default(), "t.toml", &text, &disk());
        let (scenario, warnings) = outcome.expect(table);
        assert!(runs(&scenario, &warnings, Wanted::default()).is_continue());
    }
}
