//! A number of bytes.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Sub};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{ParseError, Rate, Ratio, Seconds, split};

/// A number of bytes, at most [`Bytes::MAX`].
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Bytes(u64);

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;
const TIB: u64 = 1 << 40;
const PIB: u64 = 1 << 50;

impl Bytes {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The most that a person may write: 1024 PiB. Sums of many of these still fit.
    pub const MAX: Self = Self(PIB * 1024);

    /// A number of bytes.
    pub const fn new(bytes: u64) -> Self {
        Self(bytes)
    }

    /// Mebibytes.
    pub const fn mib(mebibytes: u64) -> Self {
        Self(mebibytes * MIB)
    }

    /// Gibibytes.
    pub const fn gib(gibibytes: u64) -> Self {
        Self(gibibytes * GIB)
    }

    /// The plain number.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The plain number as a float, for ratios and rates.
    pub fn as_f64(self) -> f64 {
        self.0 as f64
    }

    /// Whole mebibytes, rounded down: Spark's own unit for memory settings.
    pub const fn whole_mib(self) -> u64 {
        self.0 / MIB
    }

    /// The nearest whole number of bytes; not a number and negative numbers count as nothing.
    pub fn from_f64(bytes: f64) -> Self {
        Self(bytes.round() as u64)
    }

    /// The difference, or nothing where `other` is more.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// A part of it, to the nearest byte.
    #[must_use]
    pub fn part(self, ratio: Ratio) -> Self {
        Self::from_f64(self.as_f64() * ratio.get())
    }

    /// This many times as much, to the nearest byte.
    #[must_use]
    pub fn scale(self, factor: f64) -> Self {
        Self::from_f64(self.as_f64() * factor)
    }
}

impl Add for Bytes {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Bytes {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for Bytes {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Mul<u64> for Bytes {
    type Output = Self;
    fn mul(self, times: u64) -> Self {
        Self(self.0 * times)
    }
}

impl Div<u64> for Bytes {
    type Output = Self;
    fn div(self, parts: u64) -> Self {
        Self(self.0 / parts)
    }
}

impl Div<Rate> for Bytes {
    type Output = Seconds;
    fn div(self, rate: Rate) -> Seconds {
        Seconds::from_f64(self.as_f64() / rate.bytes_per_second())
    }
}

/// Sums that are too large to count stay at the largest count: sizes come from files of other
/// people.
impl Sum for Bytes {
    fn sum<I: Iterator<Item = Self>>(sizes: I) -> Self {
        sizes.fold(Self::ZERO, |sum, it| Self(sum.0.saturating_add(it.0)))
    }
}

/// `1.5 GiB`: two to four significant digits, powers of 1024, whole bytes below 1 KiB.
impl fmt::Display for Bytes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(u64, &str); 5] =
            [(PIB, "PiB"), (TIB, "TiB"), (GIB, "GiB"), (MIB, "MiB"), (KIB, "KiB")];
        for (index, (scale, unit)) in UNITS.into_iter().enumerate() {
            let value = self.0 as f64 / scale as f64;
            // 1023.97 MiB would print as "1024 MiB"; it reads better as "1 GiB".
            let rounded_up = index > 0 && value >= 1023.95;
            if rounded_up {
                return out.pad(&format!("1 {}", UNITS[index - 1].1));
            }
            if self.0 >= scale {
                return out.pad(&format!("{} {unit}", super::number::trimmed(value)));
            }
        }
        out.pad(&format!("{} B", self.0))
    }
}

/// `"10.1g"`, `"64 GB"`, `"128 MiB"`, `"1024"`: powers of 1024 whatever the spelling.
impl FromStr for Bytes {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let error = || {
            ParseError::new(
                "a size such as \"128m\", \"10.1g\" or \"64 GiB\" (b, k, m, g, t or p in powers of \
                 1024; at most 1024 PiB)",
                text,
            )
        };
        let (number, unit) = split(text).ok_or_else(error)?;
        let scale = match unit.as_str() {
            "" | "b" => 1,
            "k" | "kb" | "kib" => KIB,
            "m" | "mb" | "mib" => MIB,
            "g" | "gb" | "gib" => GIB,
            "t" | "tb" | "tib" => TIB,
            "p" | "pb" | "pib" => PIB,
            _ => return Err(error()),
        };
        let bytes = number * scale as f64;
        if bytes > Self::MAX.0 as f64 {
            return Err(error());
        }
        Ok(Self::from_f64(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_the_way_people_write_them() {
        for (text, bytes) in [
            ("0", 0),
            ("1024", 1024),
            ("128m", 134_217_728),
            ("128MB", 134_217_728),
            ("128 MiB", 134_217_728),
            ("10.1g", 10_844_792_422),
            ("64 GB", 68_719_476_736),
            ("1_000", 1000),
            ("1024p", 1 << 60),
        ] {
            assert_eq!(text.parse(), Ok(Bytes::new(bytes)), "{text}");
        }
        for text in ["", "g", "-1", "1e9", "12 parsecs", "1025p", "1.2.3", "∞"] {
            assert!(text.parse::<Bytes>().is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_are_printed_short() {
        for (bytes, text) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1536, "1.5 KiB"),
            (134_217_728, "128 MiB"),
            (107_374_182, "102.4 MiB"),
            (1_073_741_823, "1 GiB"),
            (2_668_080_660, "2.48 GiB"),
            (1 << 60, "1024 PiB"),
        ] {
            assert_eq!(Bytes::new(bytes).to_string(), text);
        }
    }
}
