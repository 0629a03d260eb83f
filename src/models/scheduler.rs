//! What Spark's driver adds to tasks, measured on real Spark.

use std::sync::OnceLock;

use serde::Deserialize;

use super::Measured;

/// What the scheduler costs, by backend and version.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheduler {
    /// How it was measured.
    pub source: String,
    /// When.
    pub measured: String,
    /// On what.
    pub machine: String,
    /// One row for each backend of each version.
    pub backend: Vec<Backend>,
}

/// One backend of one version; all times in milliseconds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backend {
    /// `local`, or `cluster` for everything with executors of its own.
    pub name: String,
    /// The release that was measured.
    pub spark: String,
    /// How many recordings it was learned from.
    pub recordings: u64,
    /// The share of the processors that other programs took meanwhile.
    pub foreign_cpu: f64,
    /// From a stage's submission to its first offers.
    pub submit_ms: Measured,
    /// From a task's recorded finish to the next launch in its slot; below zero where the driver
    /// offers the slot first and writes the finish down after.
    pub gap_ms: Measured,
    /// From the last finish of a stage to the submission of the one that waited for it.
    pub next_stage_ms: Measured,
    /// To get one task going, one after the other, where executors share the driver's processors.
    pub launch_ms: Measured,
    /// From one launch to the next by the driver alone.
    pub offer_ms: Measured,
    /// From launch to finish of a task, less its own work.
    pub overhead_ms: Measured,
    /// How much longer the first stage of an application takes.
    pub cold_start_ms: Measured,
}

/// The catalog, loaded once.
pub fn catalog() -> &'static Scheduler {
    static LOADED: OnceLock<Scheduler> = OnceLock::new();
    let text = include_str!("../../models/scheduler.toml");
    LOADED.get_or_init(|| super::load("scheduler.toml", text))
}

/// The row of a version such as `"4.1"`, for local mode or for a cluster; the newest version's
/// where that one was not measured.
pub fn backend(version: &str, local: bool) -> &'static Backend {
    let name = if local { "local" } else { "cluster" };
    let rows = || catalog().backend.iter().filter(|it| it.name == name);
    let exact = rows().find(|it| it.spark.starts_with(version));
    exact.or_else(|| rows().next_back()).expect("a test finds both backends")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_backends_of_every_version_are_measured() {
        for version in super::super::engine::versions() {
            for local in [false, true] {
                let found = backend(version, local);
                assert!(found.spark.starts_with(version), "{version}");
                assert!(found.launch_ms.typical > 0.0 && found.overhead_ms.typical > 0.0);
            }
        }
    }
}
