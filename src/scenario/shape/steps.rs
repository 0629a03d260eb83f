//! The steps of a job, as they may be written.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::scenario::written::Share;

/// One step of a job. Each step has one verb.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum StepFile {
    /// Reads a table.
    Read(ReadFile),
    /// Keeps some rows.
    Filter(FilterFile),
    /// Keeps some columns, or computes new ones.
    Project(ProjectFile),
    /// Groups rows.
    Aggregate(AggregateFile),
    /// Sorts all rows.
    Sort(SortFile),
    /// Shuffles into a number of partitions.
    Repartition(RepartitionFile),
    /// Shuffles by columns into as many partitions as Spark decides.
    RepartitionBy(RepartitionByFile),
    /// Merges partitions without a shuffle.
    Coalesce(CoalesceFile),
    /// Writes files.
    Write(WriteFile),
}

/// Reads a table.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadFile {
    /// The table's name.
    pub read: String,
    /// Share of the file's bytes that the needed columns hold; columnar formats read only these.
    pub columns: Option<Share>,
    /// Partitions to read, as `column=value`; all by default.
    pub partitions: Option<Vec<String>>,
}

/// Keeps some rows.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FilterFile {
    /// The condition, for people.
    pub filter: String,
    /// Share of the rows that pass; all by default.
    pub keeps: Option<Share>,
}

/// Keeps some columns, or computes new ones.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectFile {
    /// The columns, for people.
    pub project: Vec<String>,
    /// Bytes of a row that are left, as a share; all by default.
    pub keeps: Option<Share>,
}

/// Groups rows.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AggregateFile {
    /// The grouping columns; none for one row in all.
    pub aggregate: Vec<String>,
    /// Bytes of the result as a share of the bytes grouped; all by default.
    pub keeps: Option<Share>,
}

/// Sorts all rows.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SortFile {
    /// The columns to sort by.
    pub sort: Vec<String>,
}

/// Shuffles into a number of partitions.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RepartitionFile {
    /// How many.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub repartition: u32,
    /// By the hash of these columns; round robin by default.
    pub by: Option<Vec<String>>,
}

/// Shuffles by columns into as many partitions as Spark decides.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RepartitionByFile {
    /// The columns.
    pub repartition_by: Vec<String>,
}

/// Merges partitions without a shuffle.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CoalesceFile {
    /// Into at most so many.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub coalesce: u32,
}

/// Writes files.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteFile {
    /// A name for what is written.
    pub write: String,
    /// The format; parquet by default.
    pub format: Option<String>,
    /// The compression; what Spark's version does by default.
    pub codec: Option<String>,
    /// Partition columns.
    pub partition_by: Option<Vec<String>>,
    /// How many distinct values of the partition columns a task meets; 1 by default.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub values: Option<u64>,
}
