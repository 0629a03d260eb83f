//! Things that are counted: cores and rows.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Processor cores, as a vendor or a cluster manager counts them.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Cores(u32);

impl Cores {
    /// A number of cores.
    pub const fn new(cores: u32) -> Self {
        Self(cores)
    }

    /// The plain number.
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Cores {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// Rows of a table.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Rows(u64);

impl Rows {
    /// A number of rows.
    pub const fn new(rows: u64) -> Self {
        Self(rows)
    }

    /// The plain number.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Rows {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&super::number::grouped(self.0))
    }
}
