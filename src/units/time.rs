//! Spans of time and points in time.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Sub};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{ParseError, split};

/// A span of time, exact to the microsecond. Spark's own clock ticks in milliseconds.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(from = "f64", into = "f64")]
pub struct Seconds(u64);

/// A point on the simulated clock, in microseconds since the simulation began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(u64);

impl Seconds {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// The longest span that a person may write: 100 years.
    pub const MAX: Self = Self(100 * 366 * 86_400 * 1_000_000);

    /// Microseconds.
    pub const fn micros(micros: u64) -> Self {
        Self(micros)
    }

    /// Milliseconds.
    pub const fn millis(millis: u64) -> Self {
        Self(millis * 1000)
    }

    /// Whole seconds.
    pub const fn new(seconds: u64) -> Self {
        Self(seconds * 1_000_000)
    }

    /// The one place where floating-point time becomes exact time: to the nearest microsecond,
    /// at most [`Seconds::MAX`]; NaN and negative spans are no time.
    pub fn from_f64(seconds: f64) -> Self {
        Self(((seconds * 1e6).round() as u64).min(Self::MAX.0))
    }

    /// Seconds, for rates and statistics.
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// The plain number of microseconds.
    pub const fn as_micros(self) -> u64 {
        self.0
    }

    /// This many times as long, to the nearest microsecond.
    #[must_use]
    pub fn scale(self, factor: f64) -> Self {
        Self::from_f64(self.as_f64() * factor)
    }

    /// The difference, or no time where `other` is longer.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Moment {
    /// When the simulation begins.
    pub const START: Self = Self(0);

    /// Microseconds since the start.
    pub const fn micros(micros: u64) -> Self {
        Self(micros)
    }

    /// The plain number of microseconds since the start.
    pub const fn as_micros(self) -> u64 {
        self.0
    }

    /// The span since an earlier point; no time where `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Seconds {
        Seconds(self.0.saturating_sub(earlier.0))
    }
}

impl From<f64> for Seconds {
    fn from(seconds: f64) -> Self {
        Self::from_f64(seconds)
    }
}

impl From<Seconds> for f64 {
    fn from(span: Seconds) -> Self {
        span.as_f64()
    }
}

impl Add for Seconds {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Seconds {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for Seconds {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Mul<u64> for Seconds {
    type Output = Self;
    fn mul(self, times: u64) -> Self {
        Self(self.0 * times)
    }
}

impl Sum for Seconds {
    fn sum<I: Iterator<Item = Self>>(spans: I) -> Self {
        spans.fold(Self::ZERO, Add::add)
    }
}

impl Add<Seconds> for Moment {
    type Output = Self;
    fn add(self, span: Seconds) -> Self {
        Self(self.0 + span.0)
    }
}

/// `820 ms`, `48 s`, `3 min 20 s`, `2 h 05 min`, `3 d 04 h`.
impl fmt::Display for Seconds {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.as_f64();
        let whole = seconds.round() as u64;
        let text = match seconds {
            it if it < 0.000_999_5 => format!("{} µs", self.0),
            it if it < 0.999_5 => format!("{} ms", super::number::trimmed(it * 1e3)),
            it if it < 119.95 => format!("{} s", super::number::trimmed(it)),
            it if it < 3_599.5 => format!("{} min {:02} s", whole / 60, whole % 60),
            it if it < 86_399.5 => format!("{} h {:02} min", whole / 3600, whole % 3600 / 60),
            _ => format!("{} d {:02} h", whole / 86_400, whole % 86_400 / 3600),
        };
        out.pad(&text)
    }
}

/// `"90 s"`, `"250ms"`, `"5 min"`, `"2 h"`, `"1.5 d"`; a bare number is seconds.
impl FromStr for Seconds {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let error = || {
            ParseError::new(
                "a duration such as \"90 s\" (us, ms, s, min, h or d; at most 100 years)",
                text,
            )
        };
        let (number, unit) = split(text).ok_or_else(error)?;
        let scale = match unit.as_str() {
            "us" | "µs" => 1e-6,
            "ms" => 1e-3,
            "" | "s" | "sec" => 1.0,
            "m" | "min" => 60.0,
            "h" => 3600.0,
            "d" => 86_400.0,
            _ => return Err(error()),
        };
        let seconds = number * scale;
        if seconds > Self::MAX.as_f64() {
            return Err(error());
        }
        Ok(Self::from_f64(seconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_and_printed() {
        for (text, micros, printed) in [
            ("0", 0, "0 µs"),
            ("250ms", 250_000, "250 ms"),
            ("48 s", 48_000_000, "48 s"),
            ("200", 200_000_000, "3 min 20 s"),
            ("2.5 h", 9_000_000_000, "2 h 30 min"),
            ("3 d", 259_200_000_000, "3 d 00 h"),
        ] {
            let span: Seconds = text.parse().expect(text);
            assert_eq!((span.as_micros(), span.to_string().as_str()), (micros, printed));
        }
        for text in ["", "-1 s", "1 fortnight", "1e400", "101000 d"] {
            assert!(text.parse::<Seconds>().is_err(), "{text}");
        }
    }
}
