//! Jobs of sleeping tasks, and when Spark began and ended each task.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A group of jobs on a cluster. Times are in milliseconds since its first submission.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Schedule {
    /// The master, such as `local[8]` or `local-cluster[2,4,640]`.
    pub master: String,
    /// `spark.scheduler.mode`.
    pub mode: String,
    /// The pools of the allocation file, by name.
    #[serde(default)]
    pub pools: BTreeMap<String, Share>,
    /// The slots of each executor.
    pub executors: Vec<u32>,
    /// The jobs, in the order in which they were asked for.
    pub jobs: Vec<Sleepers>,
    /// From the first submission to the last end of a task.
    pub makespan_ms: u64,
    /// Whether it is the first stage of its application.
    #[serde(default)]
    pub cold: bool,
    /// Whether other programs took so much of the processors that the times of launches are not
    /// the machine's own.
    #[serde(default)]
    pub disturbed: bool,
}

/// What a pool is granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Share {
    /// Its share relative to others.
    pub weight: u32,
    /// Slots that it gets before the others get more.
    pub min_share: u32,
}

/// A job whose tasks sleep; each stage waits for the one before.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Sleepers {
    /// When its first stage was submitted.
    pub submitted_ms: u64,
    /// The name of its pool.
    pub pool: String,
    /// Its stages.
    pub stages: Vec<Nap>,
}

/// A stage; the lists tell of its tasks in the order of their numbers.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Nap {
    /// Its number in the application.
    pub id: u64,
    /// How long each was told to sleep.
    pub sleep_ms: Vec<u64>,
    /// When each was launched.
    pub launch_ms: Vec<u64>,
    /// When each had finished.
    pub finish_ms: Vec<u64>,
}
