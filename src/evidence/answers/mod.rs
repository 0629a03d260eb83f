//! Recorded answers of real Spark: one JSON object a line, a question and what Spark answered.
//!
//! The project's ground truth and `conformance/recordings` are in this format. A row without
//! `kind` is of kind `files`; fields that are not known are passed over; an answer that is null
//! was not recorded.

mod cells;
mod schedule;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;

pub use cells::Cell;
pub use schedule::{Nap, Schedule, Share, Sleepers};

/// Settings or options, by name.
pub type Conf = BTreeMap<String, String>;

/// A recorded question with its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The release of Spark that answered, such as `3.5.9`, where the row tells.
    pub spark: Option<String>,
    /// The name of the kind.
    pub kind: String,
    /// What was asked and answered.
    pub recorded: Recorded,
}

/// What a row of a kind holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Recorded {
    /// Kind `files`.
    Files(Box<Files>),
    /// Kind `memory`.
    Memory(Box<Memory>),
    /// Kind `murmur3`.
    Hash(Hash),
    /// Kind `aqe_coalesce`.
    Coalesce(Coalesce),
    /// Kind `schedule`.
    Schedule(Schedule),
    /// A kind that nothing here reads.
    Other,
}

/// A directory of files and the partitions in which Spark read it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Files {
    /// The format that the reader was given.
    pub format: String,
    /// The suffix of all names, where `names` is not given.
    #[serde(default)]
    pub ext: String,
    /// Options of the reader.
    #[serde(default)]
    pub options: Conf,
    /// Settings that were set.
    #[serde(default)]
    pub conf: Conf,
    /// `SparkContext.defaultParallelism`.
    pub default_parallelism: i32,
    /// Sizes in bytes, in the order of the names.
    pub file_sizes: Vec<u64>,
    /// The directory of each file below the one that was read.
    pub dirs: Option<Vec<String>>,
    /// The name of each file.
    pub names: Option<Vec<String>>,
    /// The files that Spark saw, in the order in which it listed them.
    pub listing: Option<Vec<u32>>,
    /// How many partitions there were.
    pub partitions: Option<u64>,
    /// The bytes of each.
    pub partition_bytes: Option<Vec<u64>>,
    /// The pieces of each: file, start, length.
    pub splits: Option<Vec<Vec<(u32, u64, u64)>>>,
    /// The exception that Spark threw instead.
    pub error: Option<String>,
}

/// A heap and how Spark divided it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Memory {
    /// Settings; `spark.testing.memory` is the usable heap.
    #[serde(default)]
    pub conf: Conf,
    /// The cores of the executor.
    pub cores: u32,
    /// Execution and storage together.
    pub max_heap: Option<i64>,
    /// The most that storage can take while nothing runs.
    pub max_on_heap_storage: Option<i64>,
    /// The same off the heap.
    pub max_off_heap_storage: Option<i64>,
    /// The size of a page under G1.
    pub page_size: Option<i64>,
    /// The exception that Spark threw instead.
    pub error: Option<String>,
    /// The name of its error condition.
    pub condition: Option<String>,
}

/// Typed values and their hash.
#[derive(Clone, Debug, PartialEq)]
pub struct Hash {
    /// The types, as written.
    pub types: String,
    /// The values, one a column.
    pub cells: Vec<Cell>,
    /// `hash(…)` of them.
    pub hash: Option<i32>,
}

/// Sizes of shuffle partitions and how adaptive execution joined them.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Coalesce {
    /// The bytes of each partition, for each shuffle.
    pub sizes: Vec<Vec<u64>>,
    /// The advisory size of a partition.
    pub advisory: u64,
    /// The least number of partitions.
    pub min_partition_num: u64,
    /// The least size of a partition.
    pub min_partition_size: u64,
    /// For each shuffle the joined ranges; none where nothing was joined.
    pub specs: Option<Vec<Vec<(u64, u64)>>>,
}

/// A line that is no row.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a recorded answer: {0}")]
pub struct Malformed(String);

/// Reads one line.
///
/// # Errors
/// The line is not a JSON object, a field of its kind is missing or of another type, or a value
/// does not fit its type.
pub fn parse(line: &str) -> Result<Row, Malformed> {
    #[derive(Deserialize)]
    struct Head {
        kind: Option<String>,
        spark: Option<String>,
    }
    let head: Head = read(line)?;
    let kind = head.kind.unwrap_or_else(|| "files".to_owned());
    let recorded = match kind.as_str() {
        "files" => Recorded::Files(Box::new(read(line)?)),
        "memory" => Recorded::Memory(Box::new(read(line)?)),
        "murmur3" => Recorded::Hash(hash(line)?),
        "aqe_coalesce" => Recorded::Coalesce(read(line)?),
        "schedule" => Recorded::Schedule(read(line)?),
        _ => Recorded::Other,
    };
    Ok(Row { spark: head.spark, kind, recorded })
}

fn read<T: DeserializeOwned>(line: &str) -> Result<T, Malformed> {
    serde_json::from_str(line).map_err(|it| Malformed(it.to_string()))
}

fn hash(line: &str) -> Result<Hash, Malformed> {
    #[derive(Deserialize)]
    struct Raw {
        r#type: String,
        #[serde(default)]
        value: serde_json::Value,
        hash: Option<i32>,
    }
    let raw: Raw = read(line)?;
    let cells = cells::read(&raw.r#type, &raw.value).map_err(Malformed)?;
    Ok(Hash { types: raw.r#type, cells, hash: raw.hash })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_without_kind_is_of_kind_files() {
        let line = r#"{"case": 1, "format": "csv", "default_parallelism": 2, "file_sizes": [3],
            "new": {"a": 1}, "partitions": null, "splits": [[[0, 0, 3]]]}"#;
        let row = parse(line).unwrap();
        assert_eq!((row.kind.as_str(), row.spark), ("files", None));
        let Recorded::Files(files) = row.recorded else { panic!("files") };
        assert_eq!((files.partitions, files.dirs), (None, None));
        assert_eq!(files.splits, Some(vec![vec![(0, 0, 3)]]));
    }

    #[test]
    fn a_kind_that_is_not_known_is_kept_by_name() {
        let row = parse(r#"{"kind": "join", "spark": "3.5.9", "a_bytes": 1}"#).unwrap();
        assert_eq!((row.kind.as_str(), row.recorded), ("join", Recorded::Other));
    }

    #[test]
    fn typed_values_are_read_by_their_types() {
        let line = r#"{"kind": "murmur3", "type": "string,decimal(12,2)", "value": ["a", "-1.5"]}"#;
        let Recorded::Hash(hash) = parse(line).unwrap().recorded else { panic!("a hash") };
        let decimal = Cell::Decimal { unscaled: -150, precision: 12 };
        assert_eq!(hash.cells, [Cell::Text("a".to_owned()), decimal]);
        assert_eq!(hash.hash, None);
    }

    #[test]
    fn a_schedule_is_read_with_its_pools_and_the_times_of_its_tasks() {
        let line = r#"{"kind": "schedule", "spark": "4.1.4", "master": "local[2]", "mode": "FAIR",
            "pools": {"a": {"weight": 2, "min_share": 1}}, "executors": [2], "family": "uniform",
            "jobs": [{"submitted_ms": 0, "requested_ms": -5, "pool": "a", "stages": [{"id": 7,
            "submitted_ms": 0, "sleep_ms": [9], "launch_ms": [1], "finish_ms": [11],
            "executor": [0]}]}], "makespan_ms": 11, "cold": true, "foreign_cpu": null}"#;
        let Recorded::Schedule(row) = parse(line).unwrap().recorded else { panic!("a schedule") };
        assert_eq!(row.pools["a"], Share { weight: 2, min_share: 1 });
        assert_eq!((row.jobs[0].stages[0].id, row.jobs[0].stages[0].finish_ms[0]), (7, 11));
        assert!(row.cold);
    }

    #[test]
    fn what_is_no_row_is_refused() {
        let wrong = [
            "",
            "[]",
            "{",
            "null",
            r#"{"kind": 1}"#,
            "{}",
            r#"{"kind": "memory"}"#,
            r#"{"kind": "schedule"}"#,
            r#"{"kind": "murmur3", "type": "int", "value": "a"}"#,
            r#"{"kind": "murmur3", "type": "int,int", "value": [1]}"#,
        ];
        for line in wrong {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
