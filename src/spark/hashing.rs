//! Murmur3 as Spark computes it: the partition of a row, the bucket of a key, `hash(...)` in SQL.
//!
//! Source: `Murmur3_x86_32` (common/unsafe, `org.apache.spark.unsafe.hash`) and `HashExpression`
//! (catalyst, `expressions/hash.scala`). The same in 3.5, 4.0 and 4.1 for strings of the default
//! collation. All arithmetic wraps at 32 bits, as it does in Java.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "the hash is defined on the bits of its inputs"
)]

/// The seed of every hash that Spark computes for a row.
pub const SEED: i32 = 42;

/// The most digits of a decimal that Spark hashes as a `long`.
const LONG_DIGITS: u8 = 18;

/// A value of a column, as Spark stores it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// No value, of any type.
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
    /// `date`: days since 1970-01-01.
    Date(i32),
    /// `timestamp` and `timestamp_ntz`: microseconds since 1970-01-01.
    Timestamp(i64),
    /// `string`.
    String(&'a str),
    /// `binary`.
    Binary(&'a [u8]),
    /// `decimal(precision, …)`: its digits without the point.
    Decimal {
        /// The number times 10 to the power of its scale.
        unscaled: i128,
        /// How many digits the type has room for, at most 38.
        precision: u8,
    },
}

/// The hash of the values of a row, in order: `hash(a, b, …)`.
pub fn hash(values: &[Value]) -> i32 {
    values.iter().fold(SEED, |seed, value| hash_value(*value, seed))
}

/// The hash of one value on top of another hash. No value leaves the other hash as it is.
pub fn hash_value(value: Value, seed: i32) -> i32 {
    match value {
        Value::Null => seed,
        Value::Boolean(it) => hash_int(i32::from(it), seed),
        Value::Byte(it) => hash_int(i32::from(it), seed),
        Value::Short(it) => hash_int(i32::from(it), seed),
        Value::Int(it) | Value::Date(it) => hash_int(it, seed),
        Value::Long(it) | Value::Timestamp(it) => hash_long(it, seed),
        Value::Float(it) => hash_int(float_bits(it), seed),
        Value::Double(it) => hash_long(double_bits(it), seed),
        Value::String(it) => hash_bytes(it.as_bytes(), seed),
        Value::Binary(it) => hash_bytes(it, seed),
        Value::Decimal { unscaled, precision } if precision <= LONG_DIGITS => {
            hash_long(unscaled as i64, seed)
        }
        Value::Decimal { unscaled, .. } => {
            let bytes = unscaled.to_be_bytes();
            hash_bytes(shortest(&bytes), seed)
        }
    }
}

/// The partition of a row among `partitions`: the hash modulo their number, never negative.
/// Nothing where there are no partitions.
pub fn partition_of(hash: i32, partitions: u32) -> Option<u32> {
    let place = i64::from(hash).checked_rem_euclid(i64::from(partitions))?;
    Some(place as u32)
}

/// The hash of a 32-bit integer.
pub fn hash_int(value: i32, seed: i32) -> i32 {
    finish(mix(seed as u32, value as u32), 4)
}

/// The hash of a 64-bit integer.
pub fn hash_long(value: i64, seed: i32) -> i32 {
    let low = mix(seed as u32, value as u32);
    finish(mix(low, (value >> 32) as u32), 8)
}

/// The hash of bytes. Unlike in other Murmur3s, each byte after the last full word is mixed as a
/// word of its own, with its sign.
pub fn hash_bytes(bytes: &[u8], seed: i32) -> i32 {
    let (words, rest) = bytes.as_chunks::<4>();
    let hash = words.iter().fold(seed as u32, |it, word| mix(it, u32::from_le_bytes(*word)));
    let hash = rest.iter().fold(hash, |it, byte| mix(it, i32::from(*byte as i8) as u32));
    finish(hash, bytes.len() as u32)
}

fn mix(hash: u32, word: u32) -> u32 {
    let word = word.wrapping_mul(0xcc9e_2d51).rotate_left(15).wrapping_mul(0x1b87_3593);
    (hash ^ word).rotate_left(13).wrapping_mul(5).wrapping_add(0xe654_6b64)
}

fn finish(hash: u32, length: u32) -> i32 {
    let hash = hash ^ length;
    let hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    let hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    (hash ^ (hash >> 16)) as i32
}

/// `Float.floatToIntBits`, both zeros the same.
fn float_bits(value: f32) -> i32 {
    match value {
        0.0 => 0,
        it if it.is_nan() => 0x7fc0_0000,
        it => it.to_bits() as i32,
    }
}

/// `Double.doubleToLongBits`, both zeros the same.
fn double_bits(value: f64) -> i64 {
    match value {
        0.0 => 0,
        it if it.is_nan() => 0x7ff8_0000_0000_0000,
        it => it.to_bits() as i64,
    }
}

/// A number in as few bytes as two's complement allows: `BigInteger.toByteArray`.
fn shortest(bytes: &[u8; 16]) -> &[u8] {
    let negative = bytes[0] >= 0x80;
    let filler = if negative { 0xff } else { 0 };
    let needless = bytes
        .windows(2)
        .take_while(|pair| pair[0] == filler && (pair[1] >= 0x80) == negative)
        .count();
    &bytes[needless..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_of_different_width_hash_differently() {
        let ints = [0, 1, 2, 3, -1, 42].map(|it| hash(&[Value::Int(it)]));
        let known = [933_211_791, -559_580_957, 1_765_031_574, -1_823_081_949];
        assert_eq!(ints[..4], known);
        assert_eq!(ints[4..], [-1_604_776_387, 29_417_773]);
        let longs = [0, 1, 2, 3].map(|it| hash(&[Value::Long(it)]));
        assert_eq!(longs, [-1_670_924_195, -1_712_319_331, -797_927_272, 519_220_707]);
        let places = longs.map(|it| partition_of(it, 200).unwrap());
        assert_eq!(places, [5, 69, 128, 107]);
        assert_eq!(ints.map(|it| partition_of(it, 8).unwrap())[..4], [7, 3, 6, 3]);
        assert_eq!(partition_of(1, 0), None);
    }

    #[test]
    fn texts_hash_their_last_bytes_one_by_one() {
        let of = |text| hash(&[Value::String(text)]);
        assert_eq!(["", "a"].map(of), [142_593_372, 1_485_273_170]);
        assert_eq!(["abc", "abcd"].map(of), [1_322_437_556, -396_302_900]);
        assert_eq!(["Spark", "ABC"].map(of), [228_093_765, -757_602_832]);
        assert_eq!(["AAA", "aaa"].map(of), [22_125_783, -1_689_629_761]);
        let pair = [Value::String("ABC"), Value::String("DEF")];
        assert_eq!(hash(&pair), 599_895_104);
        let array = [Value::String("Spark"), Value::Int(123), Value::Int(2)];
        assert_eq!(hash(&array), -1_321_691_492);
        assert_eq!(hash(&[Value::Binary(b"abcd")]), of("abcd"));
    }

    #[test]
    fn other_types_become_one_of_these() {
        let known = [
            (Value::Boolean(true), -559_580_957),
            (Value::Byte(1), -559_580_957),
            (Value::Short(-1), -1_604_776_387),
            (Value::Double(1.0), -460_888_942),
            (Value::Float(1.0), -466_301_895),
            (Value::Decimal { unscaled: 100, precision: 10 }, 1_114_849_490),
            (Value::Date(19_723), -456_589_419),
            (Value::Timestamp(1_704_067_200_000_000), 1_545_358_984),
            (Value::Null, 42),
        ];
        for (value, expected) in known {
            assert_eq!(hash(&[value]), expected, "{value:?}");
        }
        assert_eq!(hash(&[Value::Double(-0.0)]), hash(&[Value::Long(0)]));
        assert_eq!(hash(&[Value::Float(-0.0)]), hash(&[Value::Int(0)]));
        let odd = f64::from_bits(0xfff8_0000_0000_0001);
        assert_eq!(hash(&[Value::Double(odd)]), hash(&[Value::Double(f64::NAN)]));
    }

    #[test]
    fn the_vectors_of_the_murmur3_suite_hold() {
        let ints = [0, -42, 42, i32::MIN, i32::MAX].map(|it| hash_int(it, 0));
        let known = [593_689_054, -189_366_624, -1_134_849_565, -1_718_298_732, -1_653_689_534];
        assert_eq!(ints, known);
        let longs = [0, -42, 42, i64::MIN, i64::MAX].map(|it| hash_long(it, 0));
        let known = [1_669_671_676, -846_261_623, 1_871_679_806, 1_366_273_829, -2_106_506_049];
        assert_eq!(longs, known);
        let intervals = [hash_long(1_237_123_123_000_000, 10), hash_int(1234, 10)];
        assert_eq!(intervals, [-428_664_612, -686_520_021]);
    }

    #[test]
    fn long_decimals_are_as_short_as_java_makes_them() {
        let bytes = |it: i128| shortest(&it.to_be_bytes()).to_vec();
        assert_eq!(bytes(0), [0]);
        assert_eq!(bytes(127), [0x7f]);
        assert_eq!(bytes(128), [0, 0x80]);
        assert_eq!(bytes(-128), [0x80]);
        assert_eq!(bytes(-129), [0xff, 0x7f]);
        assert_eq!(bytes(-1), [0xff]);
        assert_eq!(bytes(i128::MIN).len(), 16);
    }

    #[test]
    fn every_partition_is_one_of_those_there_are() {
        for hash in [i32::MIN, -200, -1, 0, 1, i32::MAX] {
            for partitions in [1, 2, 200, u32::MAX] {
                assert!(partition_of(hash, partitions).unwrap() < partitions);
            }
        }
    }
}
