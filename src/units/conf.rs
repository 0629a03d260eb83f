//! How Spark itself reads the values of its settings.
//!
//! Sizes and times follow `JavaUtils.byteStringAs` and `timeStringAs`
//! (common/utils, `org.apache.spark.network.util`) and `ConfigHelpers` (core,
//! `org.apache.spark.internal.config`): whole numbers, powers of 1024, a bare number in the default
//! unit of that key, and refused where Spark refuses.

use super::ParseError;

/// A unit of size, as large as it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ByteUnit {
    /// 1 byte.
    Byte,
    /// 2^10 bytes.
    Kib,
    /// 2^20 bytes.
    Mib,
    /// 2^30 bytes.
    Gib,
    /// 2^40 bytes.
    Tib,
    /// 2^50 bytes.
    Pib,
}

impl ByteUnit {
    /// How many bytes one of it is.
    pub const fn bytes(self) -> i64 {
        1 << (10 * self as i64)
    }

    /// The unit that Spark spells so, in lower case.
    pub fn named(suffix: &str) -> Option<Self> {
        Some(match suffix {
            "b" => Self::Byte,
            "k" | "kb" => Self::Kib,
            "m" | "mb" => Self::Mib,
            "g" | "gb" => Self::Gib,
            "t" | "tb" => Self::Tib,
            "p" | "pb" => Self::Pib,
            _ => return None,
        })
    }
}

/// A unit of time, in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TimeUnit {
    /// 10^-6 s.
    Micro,
    /// 10^-3 s.
    Milli,
    /// 1 s.
    Second,
    /// 60 s.
    Minute,
    /// 3,600 s.
    Hour,
    /// 86,400 s.
    Day,
}

impl TimeUnit {
    /// How many microseconds one of it is.
    pub const fn micros(self) -> i64 {
        match self {
            Self::Micro => 1,
            Self::Milli => 1_000,
            Self::Second => 1_000_000,
            Self::Minute => 60_000_000,
            Self::Hour => 3_600_000_000,
            Self::Day => 86_400_000_000,
        }
    }

    /// The unit that Spark spells so, in lower case.
    pub fn named(suffix: &str) -> Option<Self> {
        Some(match suffix {
            "us" => Self::Micro,
            "ms" => Self::Milli,
            "s" => Self::Second,
            "m" | "min" => Self::Minute,
            "h" => Self::Hour,
            "d" => Self::Day,
            _ => return None,
        })
    }
}

/// A size setting in bytes. `unit` is what a bare number means for this key, and also the
/// resolution with which Spark keeps it: `spark.executor.memory = "1500k"` is 1 MiB.
///
/// # Errors
/// Fractions, unknown suffixes, and what does not fit in a `long` of that unit, as in Spark; what
/// fits there and not in a `long` of bytes is the largest. A leading minus
/// is taken, as `ConfigHelpers.byteFromString` does.
pub fn bytes(text: &str, unit: ByteUnit) -> Result<i64, ParseError> {
    let error = || {
        ParseError::new(
            "a size as Spark reads it: a whole number and b, k, m, g, t or p (\"512m\", \"4g\")",
            text,
        )
    };
    let (magnitude, negative) = match text.strip_prefix('-') {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let (number, suffix) = digits(magnitude, false).ok_or_else(error)?;
    let written = match suffix.as_str() {
        "" => unit,
        suffix => ByteUnit::named(suffix).ok_or_else(error)?,
    };
    let kept = convert(number, written.bytes(), unit.bytes()).ok_or_else(error)?;
    let bytes = kept.saturating_mul(unit.bytes());
    Ok(if negative { -bytes } else { bytes })
}

/// A time setting in microseconds; `unit` as in [`bytes`].
///
/// # Errors
/// As in [`bytes`].
pub fn micros(text: &str, unit: TimeUnit) -> Result<i64, ParseError> {
    let error = || {
        ParseError::new(
            "a time as Spark reads it: a whole number and us, ms, s, m, min, h or d (\"100ms\")",
            text,
        )
    };
    let (number, suffix) = digits(text, true).ok_or_else(error)?;
    let written = match suffix.as_str() {
        "" => unit,
        suffix => TimeUnit::named(suffix).ok_or_else(error)?,
    };
    let kept = convert(number, written.micros(), unit.micros()).ok_or_else(error)?;
    Ok(kept.saturating_mul(unit.micros()))
}

/// A whole number, as Scala's `toLong` takes it after trimming.
///
/// # Errors
/// Everything that is not a whole number of at most 64 bits.
pub fn long(text: &str) -> Result<i64, ParseError> {
    text.trim().parse().map_err(|_| ParseError::new("a whole number", text))
}

/// A whole number of at most 32 bits, as Scala's `toInt` takes it after trimming.
///
/// # Errors
/// Everything else.
pub fn int(text: &str) -> Result<i32, ParseError> {
    text.trim().parse().map_err(|_| ParseError::new("a whole number below 2147483648", text))
}

/// A number, as Java's `Double.parseDouble` takes it (`"0.6"`, `"1e-3"`, `"0.6d"`).
///
/// # Errors
/// Everything else; also NaN, which no setting can mean.
pub fn double(text: &str) -> Result<f64, ParseError> {
    let error = || ParseError::new("a number such as 0.6", text);
    let number = text.trim();
    let number = match number.strip_suffix(['d', 'D', 'f', 'F']) {
        Some(rest) if rest.ends_with(|it: char| it.is_ascii_digit() || it == '.') => rest,
        _ => number,
    };
    if number.to_ascii_lowercase().contains("inf") {
        return Err(error());
    }
    number.parse().ok().filter(|it: &f64| !it.is_nan()).ok_or_else(error)
}

/// A switch, as Scala's `toBoolean` takes it after trimming: any case of true or false.
///
/// # Errors
/// Everything else.
pub fn boolean(text: &str) -> Result<bool, ParseError> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(ParseError::new("true or false", text)),
    }
}

/// `([0-9]+)([a-z]+)?` on the trimmed, lower-cased text, with a minus where `signed`.
fn digits(text: &str, signed: bool) -> Option<(i64, String)> {
    let text = text.trim().to_lowercase();
    let unsigned = if signed { text.strip_prefix('-').unwrap_or(&text) } else { &text };
    let start = text.len() - unsigned.len();
    let end = unsigned.find(|it: char| !it.is_ascii_digit()).unwrap_or(unsigned.len());
    let suffix = &unsigned[end..];
    let clean = end > 0 && suffix.chars().all(|it| it.is_ascii_lowercase());
    let number = text[..start + end].parse().ok()?;
    clean.then(|| (number, suffix.to_owned()))
}

/// `ByteUnit.convertTo` and `TimeUnit.convert`: division truncates, overflow is refused.
fn convert(number: i64, from: i64, to: i64) -> Option<i64> {
    if from >= to { number.checked_mul(from / to) } else { Some(number / (to / from)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_spark_reads_them() {
        for (text, unit, expected) in [
            ("1g", ByteUnit::Mib, Some(1 << 30)),
            (" 512M ", ByteUnit::Mib, Some(512 << 20)),
            ("1500k", ByteUnit::Mib, Some(1 << 20)),
            ("2048", ByteUnit::Mib, Some(2048 << 20)),
            ("134217728b", ByteUnit::Byte, Some(134_217_728)),
            ("-1", ByteUnit::Byte, Some(-1)),
            ("0.5g", ByteUnit::Byte, None),
            ("1gib", ByteUnit::Byte, None),
            ("5 m", ByteUnit::Byte, None),
            ("9223372036854775807", ByteUnit::Byte, Some(i64::MAX)),
            ("9223372036854775808", ByteUnit::Byte, None),
            ("8192p", ByteUnit::Byte, None),
        ] {
            assert_eq!(bytes(text, unit).ok(), expected, "{text}");
        }
    }

    #[test]
    fn times_are_read_as_spark_reads_them() {
        for (text, unit, expected) in [
            ("3s", TimeUnit::Milli, Some(3_000_000)),
            ("100", TimeUnit::Milli, Some(100_000)),
            ("1min", TimeUnit::Second, Some(60_000_000)),
            ("1500ms", TimeUnit::Second, Some(1_000_000)),
            ("-1", TimeUnit::Second, Some(-1_000_000)),
            ("9223372036854775807ms", TimeUnit::Milli, Some(i64::MAX)),
            ("1.5s", TimeUnit::Second, None),
            ("2 s", TimeUnit::Second, None),
        ] {
            assert_eq!(micros(text, unit).ok(), expected, "{text}");
        }
    }

    #[test]
    fn plain_values_are_read_as_scala_reads_them() {
        assert_eq!(boolean(" TRUE ").ok(), Some(true));
        assert_eq!(boolean("yes").ok(), None);
        assert_eq!(int(" 200 ").ok(), Some(200));
        assert_eq!(int("2147483648").ok(), None);
        assert_eq!(double("0.6").ok(), Some(0.6));
        assert_eq!(double("1e-3d").ok(), Some(0.001));
        assert_eq!(double("NaN").ok(), None);
    }
}
