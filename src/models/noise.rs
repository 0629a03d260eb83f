//! How much tasks of one stage differ for no reason that their bytes explain.

use std::sync::OnceLock;

use serde::Deserialize;

use super::Measured;

/// The spread of task times, learned from real event logs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Noise {
    /// How it was learned.
    pub source: String,
    /// When.
    pub measured: String,
    /// On what.
    pub machine: String,
    /// The event logs.
    pub logs: Vec<String>,
    /// How many stages counted.
    pub stages: u64,
    /// How many tasks counted.
    pub tasks: u64,
    /// Standard deviation of the logarithm of a task's time.
    pub sigma: Measured,
    /// Share of tasks that take more than three times the median.
    pub straggler_share: Measured,
    /// How many times the median they take.
    pub straggler_factor: Measured,
    /// Seconds from launch to finish that a task does not run.
    pub task_overhead_seconds: Measured,
}

/// The catalog, loaded once.
pub fn catalog() -> &'static Noise {
    static LOADED: OnceLock<Noise> = OnceLock::new();
    LOADED.get_or_init(|| super::load("noise.toml", include_str!("../../models/noise.toml")))
}
