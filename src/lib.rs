//! An offline partition and layout planner with a simulator, for Apache Spark and Delta Lake.
//!
//! A scenario goes in as text; facts come out, and a table of writers turns them into text, JSON,
//! Markdown or CSV:
//!
//! ```
//! use std::{ops::ControlFlow, path::Path};
//!
//! use sparkplan::diagnostic::Sources;
//! use sparkplan::scenario::{Overrides, Scenario, Surroundings};
//! use sparkplan::{evidence::Local, report, study};
//!
//! let mut sources = Sources::default();
//! let source = sources.add("events.toml", r#"
//!     cluster = { nodes = 4, node = { cores = 8, memory = "32g" } }
//!     tables.events = { format = "csv", size = "10g" }
//!     jobs = [{ name = "read", steps = [{ read = "events" }] }]
//! "#);
//! let around = Surroundings {
//!     disk: &Local,
//!     base: Path::new("."),
//!     overrides: &Overrides::default(),
//!     watch: &mut |_| ControlFlow::Continue(()),
//! };
//! let (scenario, warnings) = Scenario::read(&mut sources, source, around).expect("it is sound");
//! let report = study::simulate(&scenario, study::Wanted::default(), &warnings)?;
//! assert_eq!((report.answer.tasks, report.answer.slots), (80, 32));
//!
//! let text = report::format("text").expect("it is the default");
//! println!("{}", (text.write)(&report, report::Options::default()));
//! # Ok::<(), study::Failed>(())
//! ```
//!
//! The floors, from the ground to the roof: [`units`], [`stats`], [`diagnostic`], [`models`],
//! [`spark`], [`evidence`], [`scenario`], [`physical`], [`cost`], [`sim`], [`metrics`], [`report`],
//! [`study`], and `cli`. Each uses itself and what stands before it.

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
