//! The world as data, compiled in from `models/`: each number with its source and its date.
//!
//! Nothing here computes. A catalog that does not load is a mistake of ours, which a test finds.

pub mod engine;
pub mod format;
pub mod instance;
pub mod noise;
pub mod operators;
pub mod platform;
pub mod scheduler;
pub mod storage;

use serde::Deserialize;

/// A measured number and its spread.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// The median.
    pub typical: f64,
    /// The 10th percentile.
    pub low: f64,
    /// The 90th percentile.
    pub high: f64,
}

impl Measured {
    /// Whether it is a positive number inside its own spread.
    pub fn is_sound(&self) -> bool {
        self.typical.is_finite()
            && self.typical > 0.0
            && self.low <= self.typical
            && self.typical <= self.high
    }
}

/// Parses a catalog that is compiled in.
fn load<T: serde::de::DeserializeOwned>(name: &str, text: &str) -> T {
    match toml::from_str(text) {
        Ok(catalog) => catalog,
        Err(error) => panic!("models/{name} does not load: {error}"),
    }
}
