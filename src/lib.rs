//! An offline partition and layout planner with a simulator, for Apache Spark and Delta Lake.

#[cfg(feature = "cli")]
pub mod cli;
pub mod cost;
pub mod diagnostic;
pub mod evidence;
pub mod metrics;
pub mod models;
pub mod physical;
pub mod report;
pub mod scenario;
pub mod sim;
pub mod spark;
pub mod stats;
pub mod study;
pub mod units;
