//! Rates and ratios: the two floats that a model may multiply with.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Bytes, ParseError};

/// Bytes per second; always more than nothing and finite.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Rate(f64);

impl Rate {
    /// The slowest rate there is: one byte a second, so that every transfer ends.
    pub const MIN: Self = Self(1.0);

    /// A rate of at least one byte a second, or nothing.
    pub fn new(bytes_per_second: f64) -> Option<Self> {
        (bytes_per_second.is_finite() && bytes_per_second >= 1.0).then_some(Self(bytes_per_second))
    }

    /// The plain number.
    pub const fn bytes_per_second(self) -> f64 {
        self.0
    }

    /// The slower of the two.
    #[must_use]
    pub fn min(self, other: Self) -> Self {
        Self(self.0.min(other.0))
    }

    /// The share of one of `sharers`, at least one byte a second.
    #[must_use]
    pub fn shared(self, sharers: u64) -> Self {
        Self((self.0 / super::number::float(sharers.max(1))).max(1.0))
    }
}

impl TryFrom<f64> for Rate {
    type Error = String;
    fn try_from(rate: f64) -> Result<Self, String> {
        Self::new(rate).ok_or_else(|| format!("{rate} is not a rate in bytes per second"))
    }
}

impl From<Rate> for f64 {
    fn from(rate: Rate) -> Self {
        rate.0
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&format!("{}/s", Bytes::from_f64(self.0)))
    }
}

/// A size per second: `"90m"`, `"125 MiB/s"`.
impl FromStr for Rate {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let error = || ParseError::new("a rate such as \"90m\" or \"125 MiB/s\"", text);
        let size = text.trim().trim_end_matches("/s");
        let bytes: Bytes = size.parse().map_err(|_| error())?;
        Self::new(bytes.as_f64()).ok_or_else(error)
    }
}

/// A part of a whole, between 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Ratio(f64);

impl Ratio {
    /// Everything.
    pub const ONE: Self = Self(1.0);
    /// Nothing.
    pub const ZERO: Self = Self(0.0);

    /// A number between 0 and 1, or nothing.
    pub fn new(ratio: f64) -> Option<Self> {
        (0.0..=1.0).contains(&ratio).then_some(Self(ratio))
    }

    /// The part that `part` is of `whole`; everything where the whole is nothing.
    pub fn of(part: f64, whole: f64) -> Self {
        if whole > 0.0 { Self((part / whole).clamp(0.0, 1.0)) } else { Self::ONE }
    }

    /// The plain number.
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Ratio {
    type Error = String;
    fn try_from(ratio: f64) -> Result<Self, String> {
        Self::new(ratio).ok_or_else(|| format!("{ratio} does not lie between 0 and 1"))
    }
}

impl From<Ratio> for f64 {
    fn from(ratio: Ratio) -> Self {
        ratio.0
    }
}

/// `40 %`.
impl fmt::Display for Ratio {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&format!("{} %", super::number::trimmed(self.0 * 100.0)))
    }
}
