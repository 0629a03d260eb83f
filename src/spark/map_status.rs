//! What a map task tells the driver about the sizes of its output: one byte a block, or an average.
//!
//! Source: `MapStatus`, `CompressedMapStatus`, `HighlyCompressedMapStatus` (core, `scheduler`).

use crate::units::number::{count, float, index, java_long};

/// The settings that decide how exact the reported sizes are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// `spark.shuffle.minNumPartitionsToHighlyCompress`.
    pub highly_compress_above: u64,
    /// `spark.shuffle.accurateBlockThreshold` in bytes.
    pub accurate_threshold: u64,
    /// `spark.shuffle.accurateBlockSkewedFactor`; zero or less is off.
    pub skewed_factor: f64,
    /// `spark.shuffle.maxAccurateSkewedBlockNumber`.
    pub most_skewed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            highly_compress_above: 2000,
            accurate_threshold: 100 << 20,
            skewed_factor: -1.0,
            most_skewed: 100,
        }
    }
}

const BASE: f64 = 1.1;

/// A size in one byte: its logarithm to base 1.1, rounded up (`MapStatus.compressSize`).
pub fn encode(size: u64) -> u8 {
    match size {
        0 => 0,
        1 => 1,
        _ => {
            let power = (float(size).ln() / BASE.ln()).ceil();
            u8::try_from(java_long(power)).unwrap_or(u8::MAX)
        }
    }
}

/// The size that a byte stands for (`MapStatus.decompressSize`).
pub fn decode(byte: u8) -> u64 {
    match byte {
        0 => 0,
        _ => java_long(BASE.powf(f64::from(byte))).unsigned_abs(),
    }
}

/// What the driver is told about the blocks of a map task, one for each reducer.
pub fn reported(sizes: &[u64], settings: &Settings) -> Vec<u64> {
    if count(sizes.len()) <= settings.highly_compress_above {
        return sizes.iter().map(|it| decode(encode(*it))).collect();
    }
    let threshold = threshold(sizes, settings);
    let small = || sizes.iter().filter(|it| **it > 0 && **it < threshold);
    let sum: u128 = small().map(|it| u128::from(*it)).sum();
    let blocks = u128::from(count(small().count()));
    let average = u64::try_from(sum.checked_div(blocks).unwrap_or(0)).unwrap_or(u64::MAX);
    let report = |size: &u64| match *size {
        0 => 0,
        size if size < threshold => average,
        size => decode(encode(size)),
    };
    sizes.iter().map(report).collect()
}

/// From which size on a block is reported by itself.
fn threshold(sizes: &[u64], settings: &Settings) -> u64 {
    if settings.skewed_factor <= 0.0 || sizes.is_empty() {
        return settings.accurate_threshold;
    }
    let mut sorted = sizes.to_vec();
    sorted.sort_unstable();
    let skewed = java_long(float(median(&sorted)) * settings.skewed_factor).unsigned_abs();
    let largest = index(settings.most_skewed).clamp(1, sorted.len());
    settings.accurate_threshold.min(skewed.max(sorted[sorted.len() - largest]))
}

/// The middle of sorted sizes, at least 1 (`Utils.median`).
fn median(sorted: &[u64]) -> u64 {
    let half = sorted.len() / 2;
    let middle = match sorted.len() % 2 {
        0 => sorted[half - 1].midpoint(sorted[half]),
        _ => sorted[half],
    };
    middle.max(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MIB: u64 = 1 << 20;

    #[test]
    fn known_sizes_have_known_bytes() {
        let sizes = [0, 1, 2, 10, 1_000_000, 1_000_000_000, 1_000_000_000_000_000_000];
        assert_eq!(sizes.map(encode), [0, 1, 8, 25, 145, 218, 255]);
        let sizes = [3, 100, 1000, 65_536, MIB, 10 * MIB, 64 * MIB, 128 * MIB, 1024 * MIB];
        assert_eq!(sizes.map(encode), [12, 49, 73, 117, 146, 170, 190, 197, 219]);
        let told = sizes.map(|it| decode(encode(it)));
        let known = [3, 106, 1051, 69_653, 1_104_923, 10_883_196, 73_216_704, 142_678_644];
        assert_eq!((&told[..8], told[8]), (&known[..], 1_161_443_397));
        assert_eq!([1, 2].map(|it| decode(encode(it))), [1, 2]);
        assert_eq!(decode(255), 35_903_328_718);
        assert_eq!(encode(u64::MAX), 255);
    }

    #[test]
    fn many_reducers_hear_an_average() {
        let even = reported(&[150; 2001], &Settings::default());
        assert!(even.iter().all(|it| *it == 150));
        let rising: Vec<u64> = (0..3000).collect();
        let told = reported(&rising, &Settings::default());
        assert_eq!((told[0], told[1], told[2999]), (0, 1500, 1500));
        let mut skewed = vec![10; 2001];
        skewed[7] = 200 * MIB;
        let told = reported(&skewed, &Settings::default());
        assert_eq!((told[0], told[7]), (10, decode(encode(200 * MIB))));
    }

    #[test]
    fn a_factor_lowers_the_threshold() {
        let mut sizes = vec![1000; 3000];
        sizes[5] = 9000;
        let on = Settings { skewed_factor: 5.0, ..Settings::default() };
        assert_eq!(reported(&sizes, &on)[5], decode(encode(9000)));
        assert_eq!(reported(&sizes, &on)[0], 1000);
        assert_eq!(reported(&sizes, &Settings::default())[5], 1002);
    }

    proptest! {
        #[test]
        fn a_byte_tells_a_size_within_a_tenth(size in 11..35_000_000_000_u64) {
            let told = decode(encode(size));
            prop_assert!(told + 1 >= size && told <= size + size / 10 + 1, "{size} {told}");
        }

        #[test]
        fn no_size_makes_it_panic(
            sizes in prop::collection::vec(any::<u64>(), 0..9), above in 0..9_u64,
            accurate_threshold: u64, skewed_factor: f64, most_skewed: u64,
        ) {
            let settings = Settings {
                highly_compress_above: above, accurate_threshold, skewed_factor, most_skewed,
            };
            prop_assert_eq!(reported(&sizes, &settings).len(), sizes.len());
        }
    }
}
