//! Typed values of recorded rows.

use serde_json::Value as Json;

use crate::spark::hashing::Value;

/// A value of a column that owns its text.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// No value.
    Null,
    /// `boolean`.
    Boolean(bool),
    /// `tinyint`.
    Byte(i8),
    /// `smallint`.
    Short(i16),
    /// `int`.
    Int(i32),
    /// `bigint`.
    Long(i64),
    /// `float`.
    Float(f32),
    /// `double`.
    Double(f64),
    /// `date` in days.
    Date(i32),
    /// `timestamp` in microseconds.
    Timestamp(i64),
    /// `string`.
    Text(String),
    /// `binary`.
    Binary(Vec<u8>),
    /// `decimal`.
    Decimal {
        /// Its digits without the point.
        unscaled: i128,
        /// How many digits its type has room for.
        precision: u8,
    },
}

impl Cell {
    /// The value as the hash takes it.
    pub fn value(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Boolean(it) => Value::Boolean(*it),
            Self::Byte(it) => Value::Byte(*it),
            Self::Short(it) => Value::Short(*it),
            Self::Int(it) => Value::Int(*it),
            Self::Long(it) => Value::Long(*it),
            Self::Float(it) => Value::Float(*it),
            Self::Double(it) => Value::Double(*it),
            Self::Date(it) => Value::Date(*it),
            Self::Timestamp(it) => Value::Timestamp(*it),
            Self::Text(it) => Value::String(it),
            Self::Binary(it) => Value::Binary(it),
            Self::Decimal { unscaled, precision } => {
                Value::Decimal { unscaled: *unscaled, precision: *precision }
            }
        }
    }
}

/// The values of a row: one of the only type, or an array with one of each type.
pub(super) fn read(types: &str, value: &Json) -> Result<Vec<Cell>, String> {
    let types = columns(types);
    let one = [value.clone()];
    let values = match value {
        Json::Array(values) if types.len() > 1 => values,
        _ => one.as_slice(),
    };
    if types.len() != values.len() {
        return Err(format!("{} types and {} values", types.len(), values.len()));
    }
    let cell = |(kind, value)| cell(kind, value).ok_or_else(|| format!("{value} is no {kind}"));
    types.into_iter().zip(values).map(cell).collect()
}

/// The types of a list: commas inside of parentheses do not separate.
fn columns(types: &str) -> Vec<&str> {
    let mut inside = false;
    let separates = move |it: char| {
        inside = it == '(' || (inside && it != ')');
        it == ',' && !inside
    };
    types.split(separates).map(str::trim).collect()
}

fn cell(kind: &str, value: &Json) -> Option<Cell> {
    if value.is_null() {
        return Some(Cell::Null);
    }
    let (name, arguments) = kind.split_once('(').unwrap_or((kind, ""));
    Some(match name {
        "boolean" => Cell::Boolean(value.as_bool()?),
        "tinyint" => Cell::Byte(value.as_i64()?.try_into().ok()?),
        "smallint" => Cell::Short(value.as_i64()?.try_into().ok()?),
        "int" => Cell::Int(value.as_i64()?.try_into().ok()?),
        "bigint" => Cell::Long(value.as_i64()?),
        "float" => Cell::Float(narrow(float(value)?)),
        "double" => Cell::Double(float(value)?),
        "date" => Cell::Date(value.as_i64()?.try_into().ok()?),
        "timestamp" => Cell::Timestamp(value.as_i64()?),
        "string" => Cell::Text(value.as_str()?.to_owned()),
        "binary" => Cell::Binary(unhex(value.as_str()?)?),
        "decimal" => decimal(arguments.strip_suffix(')')?, value.as_str()?)?,
        _ => return None,
    })
}

fn float(value: &Json) -> Option<f64> {
    match value.as_str() {
        Some("NaN") => Some(f64::NAN),
        Some("Infinity") => Some(f64::INFINITY),
        Some("-Infinity") => Some(f64::NEG_INFINITY),
        Some(_) => None,
        None => value.as_f64(),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "this is what a cast to float does")]
fn narrow(value: f64) -> f32 {
    value as f32
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |it: u8| u8::try_from(char::from(it).to_digit(16)?).ok();
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let byte = |pair: &[u8; 2]| Some(digit(pair[0])? << 4 | digit(pair[1])?);
    rest.is_empty().then(|| pairs.iter().map(byte).collect())?
}

/// `-12.5` of `decimal(10,2)` is -1250 with room for 10 digits.
fn decimal(arguments: &str, text: &str) -> Option<Cell> {
    const MOST_DIGITS: u8 = 38;
    let (precision, scale) = arguments.split_once(',').unwrap_or((arguments, "0"));
    let precision: u8 = precision.trim().parse().ok().filter(|it| *it <= MOST_DIGITS)?;
    let scale: usize = scale.trim().parse().ok().filter(|it| *it <= precision.into())?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > scale || !fraction.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    let unscaled: i128 = format!("{whole}{fraction:0<scale$}").parse().ok()?;
    let room = 10_u128.checked_pow(precision.into())?;
    (unscaled.unsigned_abs() < room).then_some(Cell::Decimal { unscaled, precision })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_type_reads_its_own_values() {
        let one = |kind, value| read(kind, &value).ok().map(|mut it| it.remove(0));
        assert_eq!(one("tinyint", json!(-128)), Some(Cell::Byte(-128)));
        assert_eq!(one("tinyint", json!(128)), None);
        assert_eq!(one("smallint", json!(-5)), Some(Cell::Short(-5)));
        assert_eq!(one("float", json!(0.1)), Some(Cell::Float(0.1)));
        assert_eq!(one("double", json!("-Infinity")), Some(Cell::Double(f64::NEG_INFINITY)));
        assert_eq!(one("double", json!("1")), None);
        assert_eq!(one("binary", json!("00fF")), Some(Cell::Binary(vec![0, 255])));
        assert_eq!([one("binary", json!("0")), one("binary", json!("0g"))], [None, None]);
        assert_eq!(one("int", json!(null)), Some(Cell::Null));
        assert_eq!(one("uuid", json!("a")), None);
    }

    #[test]
    fn decimals_keep_all_their_digits() {
        let read = |arguments: &str, text: &str| match decimal(arguments, text) {
            Some(Cell::Decimal { unscaled, .. }) => Some(unscaled),
            _ => None,
        };
        assert_eq!(read("38,38", &format!("-0.{}", "9".repeat(38))), Some(1 - 10_i128.pow(38)));
        assert_eq!(read("9,2", "1"), Some(100));
        assert_eq!(read("18,0", "-12"), Some(-12));
        assert_eq!(read("9,2", "-0.05"), Some(-5));
        assert_eq!([read("9,2", "1.234"), read("3,2", "10.00"), read("39,0", "1")], [None; 3]);
    }

    #[test]
    fn commas_inside_of_a_type_do_not_separate() {
        assert_eq!(columns("double,decimal(30,5), date"), ["double", "decimal(30,5)", "date"]);
        assert_eq!(columns("int"), ["int"]);
    }
}
