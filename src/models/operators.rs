//! What a core needs for each thing that tasks do with rows, measured on real Spark.

use std::sync::OnceLock;

use serde::Deserialize;

use super::Measured;

/// Rates of operators, shuffles, spills and writes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operators {
    /// How they were measured.
    pub source: String,
    /// When.
    pub measured: String,
    /// On what.
    pub machine: String,
    /// One row for each operator.
    pub operator: Vec<Operator>,
    /// What becomes of rows in a shuffle.
    pub shuffle: Shuffle,
    /// What spilling costs.
    pub spill: Spill,
    /// What a task costs that has nothing to do.
    pub task: Task,
    /// What listing costs the driver.
    pub listing: Listing,
    /// What writing files costs beyond their bytes.
    pub write: Write,
}

/// One operator.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// Its name.
    pub name: String,
    /// What was measured.
    pub what: String,
    /// How many rows.
    pub rows_measured: u64,
    /// Bytes of one row.
    pub row_bytes_measured: f64,
    /// Seconds of processor time for 2^30 bytes of rows that enter.
    pub seconds_per_gib: Measured,
    /// The same for one row; one of the two is used, never both.
    pub nanoseconds_per_row: Measured,
}

/// What becomes of rows in a shuffle.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shuffle {
    /// Bytes on disk for each byte of rows.
    pub file_bytes_per_row_byte: Measured,
}

/// What spilling costs.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spill {
    /// Seconds of processor time to write and read back 2^30 bytes of rows.
    pub seconds_per_gib: Measured,
    /// Bytes on disk for each byte that is spilled from memory.
    pub disk_bytes_per_spilled_byte: f64,
}

/// What a task costs that has nothing to do.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// Seconds of processor time in its executor.
    pub cpu_seconds_per_task: Measured,
}

/// What listing costs the driver.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listing {
    /// Seconds of processor time for one file.
    pub cpu_seconds_per_file: Measured,
    /// Seconds of processor time for one directory.
    pub cpu_seconds_per_folder: Measured,
}

/// What writing files costs beyond their bytes.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Write {
    /// Seconds of processor time of a task for one more file.
    pub cpu_seconds_per_file: Measured,
    /// Seconds of processor time of a task that writes one tiny file.
    pub cpu_seconds_per_task: Measured,
    /// Seconds that the driver needs after the last task, for each file.
    pub commit_seconds_per_file: Measured,
}

/// The catalog, loaded once.
pub fn catalog() -> &'static Operators {
    static LOADED: OnceLock<Operators> = OnceLock::new();
    let text = include_str!("../../models/operators.toml");
    LOADED.get_or_init(|| super::load("operators.toml", text))
}

impl Operators {
    /// Seconds of processor time that an operator needs for 2^30 bytes of rows.
    ///
    /// # Panics
    /// Where the catalog does not have it, which a test rules out for the names that are used.
    pub fn seconds_per_gib(&self, name: &str) -> Measured {
        let found = self.operator.iter().find(|it| it.name == name);
        found.unwrap_or_else(|| panic!("models/operators.toml has no `{name}`")).seconds_per_gib
    }
}
