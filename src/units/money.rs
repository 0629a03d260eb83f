//! Money.

use std::fmt;

use serde::{Deserialize, Serialize};

/// US dollars; finite and not negative.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Usd(f64);

impl Usd {
    /// Free of charge.
    pub const ZERO: Self = Self(0.0);
    /// The highest hourly price that a person may write.
    pub const MAX: Self = Self(1e6);

    /// An amount that is finite and not negative, or nothing.
    pub fn new(dollars: f64) -> Option<Self> {
        (dollars.is_finite() && dollars >= 0.0).then_some(Self(dollars))
    }

    /// The plain number.
    pub const fn get(self) -> f64 {
        self.0
    }

    /// This many times as much.
    #[must_use]
    pub fn scale(self, factor: f64) -> Self {
        Self((self.0 * factor).max(0.0))
    }
}

impl TryFrom<f64> for Usd {
    type Error = String;
    fn try_from(dollars: f64) -> Result<Self, String> {
        Self::new(dollars).ok_or_else(|| format!("{dollars} is not an amount of dollars"))
    }
}

impl From<Usd> for f64 {
    fn from(amount: Usd) -> Self {
        amount.0
    }
}

/// `$1,234.50`; four decimals below a dollar, where a cent says too little.
impl fmt::Display for Usd {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 > 0.0 && self.0 < 0.995 {
            return out.pad(&format!("${:.4}", self.0));
        }
        let cents = (self.0 * 100.0).round() as u64;
        out.pad(&format!("${}.{:02}", super::number::grouped(cents / 100), cents % 100))
    }
}
