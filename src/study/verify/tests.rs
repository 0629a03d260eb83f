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
