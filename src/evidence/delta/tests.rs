use super::*;
use crate::evidence::disk::{Local, Memory};
use crate::evidence::files::File;
use crate::evidence::progress::unwatched;
use proptest::prelude::*;
use std::io::Read;
use std::path::PathBuf;

const PROTOCOL: &str = r#"{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}"#;
const METADATA: &str = r#"{"metaData":{"id":"i","name":"n","format":{"provider":"parquet","options":{}},"schemaString":"{}","partitionColumns":["k"],"configuration":{},"createdTime":1}}"#;
const ADD: &str = r#"{"add":{"path":"k=1/a%20b","partitionValues":{"k":"1"},"size":7,"modificationTime":1,"dataChange":true,"stats":"{\"numRecords\":3}"}}"#;
const REMOVE: &str = r#"{"remove":{"path":"k=1/a%20b","deletionTimestamp":1,"dataChange":true}}"#;

fn fixture(name: &str) -> (Files, Delta) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/delta").join(name);
    read(&Local, &root, &mut unwatched).unwrap()
}

/// The files of a table whose commits have these lines.
fn of(commits: &[&[&str]]) -> Result<(Files, Delta), Problem> {
    let disk = commits.iter().enumerate().fold(Memory::new(), |disk, (version, lines)| {
        disk.file(&format!("t/_delta_log/{version:020}.json"), lines.join("\n"))
    });
    read(&disk, Path::new("t"), &mut unwatched)
}

fn sizes(files: &Files) -> Vec<(u64, Option<u64>, Option<&str>)> {
    let size = |file: &'_ File| {
        let value = files.values(file).first().and_then(|it| it.as_deref());
        (file.bytes.get(), file.rows.map(Rows::get), value)
    };
    files.files.iter().map(size).collect()
}

#[test]
fn commits_alone_tell_the_live_files() {
    let (files, delta) = fixture("plain");
    assert_eq!((delta.version, delta.checkpoint, delta.commits), (3, None, 4));
    assert_eq!(sizes(&files), [(745, Some(3), None), (754, Some(5), None)]);
    assert!(delta.schema.contains("\"id\"") && files.partition_columns.is_empty());
}

#[test]
fn a_checkpoint_and_the_commits_after_it_tell_the_live_files() {
    let (files, delta) = fixture("partitioned");
    assert_eq!((delta.version, delta.checkpoint, delta.commits), (5, Some(2), 3));
    let expected = [
        (503, Some(3), Some("2024-01-01")),
        (496, Some(2), Some("2024-01-02")),
        (512, Some(6), None),
        (512, Some(6), Some("x/y z")),
    ];
    assert_eq!(sizes(&files), expected);
    assert!(files.files[3].path.starts_with("day=x%2Fy%20z/"), "{}", files.files[3].path);
    assert_eq!(fixture("cleaned"), (files, delta), "older commits are not needed");
}

/// The partitioned table as it was at its checkpoint.
fn checkpointed(change: impl Fn(&mut Vec<u8>)) -> Memory {
    let log = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/delta/cleaned/_delta_log");
    let mut bytes = Vec::new();
    let path: PathBuf = log.join(log::checkpoint(2));
    Local.open(&path).unwrap().read_to_end(&mut bytes).unwrap();
    change(&mut bytes);
    Memory::new().file(&format!("t/_delta_log/{}", log::checkpoint(2)), bytes)
}

#[test]
fn a_checkpoint_alone_is_a_table_and_a_cut_one_is_refused() {
    let (files, delta) = read(&checkpointed(|_| ()), Path::new("t"), &mut unwatched).unwrap();
    assert_eq!((files.files.len(), delta.commits, delta.min_reader), (9, 0, 1));
    assert_eq!((files.partition_columns, files.partitions.len()), (vec!["day".to_owned()], 3));
    for keep in [0, 10, 5000, 14_000] {
        let cut = checkpointed(|bytes| bytes.truncate(keep));
        assert_eq!(read(&cut, Path::new("t"), &mut unwatched).unwrap_err().kind, Kind::Broken);
    }
}

#[test]
fn a_file_that_was_removed_and_added_again_is_live() {
    let (files, delta) = of(&[&[PROTOCOL, METADATA, ADD], &[REMOVE], &[ADD, ""]]).unwrap();
    assert_eq!(sizes(&files), [(7, Some(3), Some("1"))]);
    assert_eq!((files.files[0].path.as_str(), delta.name.as_deref()), ("k=1/a b", Some("n")));
    let (files, _) = of(&[&[PROTOCOL, METADATA, ADD], &[REMOVE]]).unwrap();
    assert!(files.files.is_empty(), "an empty Delta table is a table");
}

#[test]
fn a_broken_line_is_named() {
    let problem = of(&[&[PROTOCOL, METADATA], &[ADD, "{\"add\":"]]).unwrap_err();
    let place = problem.place.unwrap();
    assert_eq!((problem.kind, place.line), (Kind::Broken, Some(2)));
    assert!(place.path.ends_with("00000000000000000001.json"));
    for size in ["-1", "1.5", "99999999999999999999", "18446744073709551615", "\"7\""] {
        let add = ADD.replace("\"size\":7", &format!("\"size\":{size}"));
        assert_eq!(of(&[&[PROTOCOL, METADATA, &add]]).unwrap_err().kind, Kind::Broken, "{size}");
    }
    assert_eq!(of(&[&[ADD]]).unwrap_err().kind, Kind::Broken, "no metadata");
}

#[test]
#[expect(clippy::disallowed_macros, clippy::print_stdout, reason = "says what was skipped")]
fn the_published_table_is_read() {
    let shared = std::env::var_os("PLAN_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let root = shared.join("evidence/delta-tables/COVID-19_NYT");
    if Local.look(&root).is_err() {
        println!("skipped: {} is not here", root.display());
        return;
    }
    let (files, delta) = read(&Local, &root, &mut unwatched).unwrap();
    assert_eq!((files.files.len(), files.rows().map(Rows::get)), (8, Some(1_111_930)));
    assert_eq!(files.format(), Some("parquet"));
    for file in &files.files {
        let what = Local.look(&root.join(&file.path)).unwrap();
        assert_eq!(what, crate::evidence::disk::What::File(file.bytes.get()));
    }
    assert_eq!(delta.version, 0);
}

fn answered(commit: &[u8]) {
    let disk = Memory::new().file("t/_delta_log/00000000000000000000.json", commit);
    drop(read(&disk, Path::new("t"), &mut unwatched));
}

fn mutated(mut bytes: Vec<u8>, changes: &[(usize, u8)]) -> Vec<u8> {
    for (at, byte) in changes {
        let at = at % bytes.len();
        bytes[at] = *byte;
    }
    bytes
}

proptest! {
    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..400)) { answered(&bytes); }

    #[test]
    fn any_change_of_a_commit_is_answered(changes in proptest::collection::vec(any::<(usize, u8)>(), 1..9)) {
        answered(&mutated([PROTOCOL, METADATA, ADD, REMOVE].join("\n").into(), &changes));
    }

    #[test]
    fn any_change_of_a_checkpoint_is_answered(changes in proptest::collection::vec(any::<(usize, u8)>(), 1..9)) {
        let disk = checkpointed(|bytes| *bytes = mutated(std::mem::take(bytes), &changes));
        drop(read(&disk, Path::new("t"), &mut unwatched));
    }
}
