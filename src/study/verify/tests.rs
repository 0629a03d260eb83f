//! The replay on rows of its own and on the project's ground truth.

use std::fs;
use std::path::PathBuf;

use super::*;

const ROWS: &str = r#"{"format": "csv", "ext": ".csv.gz", "default_parallelism": 2,
"#;

fn verified(text: &str) -> Verification {
    let mut made = Verification::default();
    made.add("rows.jsonl", text);
    made
}

#[test]
fn every_recorded_answer_counts_and_null_does_not() {
    let files = |rest: &str| {
        let head = r#"{"format":"text","default_parallelism":1,"file_sizes":[3],"#;
        verified(&format!("{head}{rest}}}")).passed()
    };
    assert_eq!(files(r#""partitions":1,"partition_bytes":[3],"splits":[[[0,0,3]]]"#), 1);
    assert_eq!(files(r#""partitions":null,"partition_bytes":null,"splits":null"#), 1);
    assert_eq!(files(r#""partitions":2"#), 0);
    assert_eq!(files(r#""partition_bytes":[2,1]"#), 0);
    assert_eq!(files(r#""splits":[[[0,0,2],[0,2,1]]]"#), 0);
    assert_eq!(files(r#""error":"java.lang.IllegalArgumentException""#), 0);
    let zero = r#""conf":{"spark.sql.files.maxPartitionBytes":"0"},"partitions":null"#;
    assert_eq!(files(&format!("{zero},\"error\":\"java.lang.IllegalArgumentException\"")), 1);
    assert_eq!(files(&zero.replace("null", "1")), 0);
}

#[test]
fn files_that_spark_does_not_see_are_not_read() {
    let row = r#"{"spark":"3.5.9","format":"parquet","default_parallelism":1,
        "file_sizes":[3,4,5],"dirs":["k=1","k=1",""],"names":["a","_SUCCESS","stray"],
        "splits":[[[0,0,3]]]}"#;
    let row = row.replace('\n', "");
    assert_eq!(verified(&row).passed(), 1);
    let told = |listing: &str| verified(&row.replace("\"splits", &format!("{listing},\"splits")));
    assert_eq!(told("\"listing\":[0]").passed(), 1);
    for other in ["[0,1]", "[]", "[7]", "[0,0]"] {
        assert_eq!(told(&format!("\"listing\":{other}")).passed(), 0, "{other}");
    }
}

#[test]
fn equal_files_may_have_been_listed_in_another_order_but_only_one() {
    let row = |splits: &str| {
        let head = r#"{"format":"parquet","default_parallelism":1,"file_sizes":[9,9],"#;
        let conf = r#""conf":{"spark.sql.files.maxPartitionBytes":"6"},"#;
        verified(&format!("{head}{conf}\"splits\":{splits}}}")).passed()
    };
    assert_eq!(row("[[[0,0,6]],[[1,0,6]],[[0,6,3]],[[1,6,3]]]"), 1);
    assert_eq!(row("[[[1,0,6]],[[0,0,6]],[[1,6,3]],[[0,6,3]]]"), 1);
    assert_eq!(row("[[[1,0,6]],[[0,0,6]],[[0,6,3]],[[1,6,3]]]"), 0);
    assert_eq!(row("[[[1,0,6]],[[0,0,6]],[[1,6,3],[0,6,3]]]"), 0);
}

#[test]
fn refusals_are_compared_by_class_and_condition() {
    let row = r#"{"kind":"memory","spark":"4.1.4","conf":{"spark.testing.memory":"1"},"cores":1,
        "max_heap":null,"error":"org.apache.spark.SparkIllegalArgumentException",
        "condition":"INVALID_DRIVER_MEMORY"}"#;
    let row = row.replace('\n', "");
    assert_eq!(verified(&row).passed(), 1);
    assert_eq!(verified(&row.replace("DRIVER", "EXECUTOR")).failed(), 1);
    assert_eq!(verified(&row.replace("\"max_heap\":null", "\"max_heap\":7")).failed(), 1);
}

#[test]
fn the_report_shows_kinds_in_order_and_both_answers() {
    let hash = |value: i32, hash: i32| {
        format!(r#"{{"kind":"murmur3","type":"int","value":{value},"hash":{hash}}}"#)
    };
    let rows = [
        hash(1, -559_580_957),
        hash(1, 0),
        r#"{"kind":"skew_split","starts":[0]}"#.to_owned(),
        String::new(),
        "{".to_owned(),
        hash(0, 933_211_791),
    ];
    let made = verified(&rows.join("\n"));
    let report = made.report();
    let lines: Vec<&str> = report.lines().collect();
    assert_eq!(lines[..3], ["murmur3: 2/3", "skew_split: 0/1", "malformed: 0/1"]);
    assert_eq!(lines[3], "  skew_split is not answered");
    let both = ["  rows.jsonl:2: murmur3 differs in hash", "    recorded 0"];
    assert_eq!(lines[4..6], both);
    assert_eq!(lines[6], "    answered -559580957");
    assert_eq!(lines[7], "  rows.jsonl:5: malformed differs in line");
    assert_eq!(lines.last(), Some(&"2 passed, 3 failed"));
    assert_eq!(verified("").report(), "0 passed, 0 failed\n");
}

#[test]
fn rows_that_make_no_sense_are_disagreements() {
    let lines = [
        r#"{"format":"delta","default_parallelism":1,"file_sizes":[]}"#,
        r#"{"format":"csv","default_parallelism":1,"file_sizes":[1],"names":[]}"#,
        r#"{"format":"csv","default_parallelism":1,"file_sizes":[1],"options":{"multiline":"x"}}"#,
        r#"{"format":"csv","default_parallelism":1,"file_sizes":[1],
            "conf":{"spark.sql.files.maxPartitionBytes":"1.5m"}}"#,
        r#"{"format":"csv","default_parallelism":0,"file_sizes":[1],"partitions":1}"#,
        r#"{"spark":"2.4.0","format":"csv","default_parallelism":1,"file_sizes":[1]}"#,
    ];
    for line in lines {
        let made = verified(&line.replace('\n', ""));
        assert_eq!((made.passed(), made.failed()), (0, 1), "{line}");
    }
    assert_eq!(verified(ROWS).failed(), 1);
}

#[expect(clippy::disallowed_methods, reason = "a test finds and reads recorded answers")]
fn recorded(folder: &str, file: &str) -> Option<String> {
    let repository = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let shared = std::env::var("PLAN_SHARED").map_or(repository.join("../shared"), PathBuf::from);
    let folder = match folder {
        "ground-truth" => shared.join(folder),
        _ => repository.join(folder),
    };
    fs::read_to_string(folder.join(file)).ok()
}

#[test]
#[expect(clippy::disallowed_macros, clippy::print_stdout, reason = "a skipped test says so")]
fn every_built_kind_of_all_recordings_agrees() {
    let ours = ["files", "memory", "murmur3"].map(|it| ("conformance/recordings", it));
    for (folder, kind) in
        [("ground-truth", "files"), ("ground-truth", "core")].into_iter().chain(ours)
    {
        for version in ["3.5", "4.1"] {
            let file = format!("spark-{version}-{kind}.jsonl");
            let Some(text) = recorded(folder, &file) else {
                println!("skipped: {folder}/{file} is not here");
                continue;
            };
            let made = verified(&text);
            assert_eq!(made.disagreements, [], "{}", made.report());
            for it in made.tallies.iter().filter(|it| it.answered) {
                assert_eq!(it.agree, it.total, "{}", it.kind);
            }
            assert!(made.passed() > 0);
        }
    }
}

/// Two executors of one slot, one stage of three tasks and a second stage that waits for it.
const SLEEPERS: &str = r#"{"kind":"schedule","spark":"4.1.4","master":"local-cluster[2,1,600]",
"mode":"FIFO","pools":{},"executors":[1,1],"jobs":[{"submitted_ms":0,"pool":"default","stages":[
{"id":3,"submitted_ms":0,"sleep_ms":[2000,3000,2000],"launch_ms":[9,9,2020],
"finish_ms":[2022,3022,4040]},
{"id":4,"submitted_ms":4045,"sleep_ms":[2000],"launch_ms":[4054],"finish_ms":[6070]}]}],
"makespan_ms":6070,"cold":false}"#;

fn slept(from: &str, to: &str) -> Verification {
    assert!(SLEEPERS.contains(from));
    verified(&SLEEPERS.replace(from, to).replace('\n', ""))
}

#[test]
fn a_schedule_is_asked_with_true_times_and_with_what_was_told() {
    let made = slept("", "");
    let kinds: Vec<_> = made.tallies.iter().map(|it| (it.kind.as_str(), it.agree)).collect();
    assert_eq!(kinds, [("schedule", 1), ("schedule-asked", 1)], "{}", made.report());
    let report = made.report();
    assert!(report.starts_with("schedule: 1/1 (error of the makespan: mean 0."), "{report}");
    assert!(report.ends_with("\n2 passed, 0 failed\n"), "{report}");
    let late = slept("\"makespan_ms\":6070", "\"makespan_ms\":6200");
    assert_eq!((late.passed(), late.failed()), (1, 1));
    assert_eq!(late.disagreements[0].recorded, "6.200 s");
    assert_eq!(slept("\"makespan_ms\":6070", "\"makespan_ms\":7000").failed(), 2);
}

#[test]
fn many_schedules_are_judged_by_their_mean_too() {
    let late = SLEEPERS.replace("\"makespan_ms\":6070", "\"makespan_ms\":6110").replace('\n', "");
    let made = verified(&vec![late; 20].join("\n"));
    assert!(made.report().contains("\nschedule-mean: 0/1\n"), "{}", made.report());
    assert_eq!((made.passed(), made.failed()), (40, 1));
}

#[test]
fn what_was_asked_is_not_judged_on_a_busy_machine() {
    let made = slept("\"cold\":false", "\"cold\":false,\"disturbed\":true");
    assert_eq!((made.passed(), made.failed(), made.disturbed), (1, 0, 1));
    assert!(made.report().contains("1 schedules are not judged by what was asked"));
}

#[test]
fn first_stages_are_not_judged() {
    let made = slept("\"makespan_ms\":6070,\"cold\":false", "\"makespan_ms\":9070,\"cold\":true");
    assert_eq!((made.passed(), made.failed(), made.cold.len()), (0, 0, 1));
    assert!(made.report().contains("1 first stages are not judged: a cold start of 3.0 to 3.0 s"));
}

#[test]
fn schedules_that_make_no_sense_are_disagreements() {
    for (from, to) in [
        ("[2022,3022,4040]", "[2022,3022]"),
        ("[2022,3022,4040]", "[8,3022,4040]"),
        ("\"makespan_ms\":6070", "\"makespan_ms\":0"),
        ("FIFO", "LIFO"),
        ("[1,1]", "[0,0]"),
        ("[1,1]", "[4000000000,4000000000]"),
        ("4.1.4", "2.4.0"),
        ("\"submitted_ms\":0,\"pool\"", "\"submitted_ms\":18446744073709551615,\"pool\""),
        ("\"sleep_ms\":[2000]", "\"sleep_ms\":[18446744073709551615]"),
        ("4040]", "18446744073709551615]"),
    ] {
        let made = slept(from, to);
        assert_eq!((made.passed(), made.failed()), (0, 1), "{to}");
        assert_eq!(made.tallies[0].kind, "schedule");
    }
}

#[test]
#[expect(clippy::disallowed_macros, clippy::print_stdout, reason = "the errors are worth seeing")]
fn every_recorded_schedule_is_simulated_within_the_limits() {
    for version in ["3.5", "4.1"] {
        let file = format!("spark-{version}-schedule.jsonl");
        let text = recorded("conformance/recordings", &file).expect("it is in the repository");
        let made = verified(&text);
        let report = made.report();
        println!("{file}\n{report}");
        let tally = |kind: &str| made.tallies.iter().find(|it| it.kind == kind).cloned().unwrap();
        let (measured, asked) = (tally("schedule"), tally("schedule-asked"));
        assert!(measured.total >= 40 && measured.total == asked.total, "{report}");
        assert!(measured.errors.most <= 0.01 && measured.errors.mean() <= 0.003, "{report}");
        assert!(asked.errors.most <= 0.05, "{report}");
        assert_eq!((made.failed(), made.disagreements.len()), (0, 0), "{report}");
        assert_eq!(made.cold.len(), 6);
        assert!(made.cold.iter().all(|seconds| *seconds > 0.0), "{:?}", made.cold);
    }
}
