//! One seed, a stream for every purpose, and draws that are addressed instead of consumed.

use rand::TryRng;
use serde::{Deserialize, Serialize};

/// The one number that reproduces a study.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Seed(pub u64);

/// What a stream is for. The numbers are part of every published result: add, never renumber.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Purpose {
    /// How much longer or shorter than its mean one task takes.
    TaskTime = 1,
    /// Whether a task is a straggler.
    Straggler = 2,
    /// How much longer or shorter than expected a whole run takes.
    RunTime = 3,
    /// Which rows or files a sample takes.
    Sample = 4,
    /// Random cases for tests and comparisons.
    Cases = 5,
}

/// A stream of independent uniform 64-bit words; word `i` is a hash of (key, i).
///
/// It also is a [`rand::Rng`], which reads the words in order from the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    key: u64,
    next: u64,
}

/// The odd constant nearest to 2^64 divided by the golden ratio, the step of `SplitMix64`
/// (Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014).
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// The finishing hash of `SplitMix64` (Stafford's variant 13).
const fn mixed(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// Takes one more number into a key.
const fn folded(key: u64, word: u64) -> u64 {
    mixed(mixed(key.wrapping_add(STEP)) ^ word.wrapping_mul(STEP))
}

impl Seed {
    /// The stream of one purpose in one replication, the same however many others there are.
    pub fn stream(self, purpose: Purpose, replication: u32) -> Stream {
        let purpose = match purpose {
            Purpose::TaskTime => 1,
            Purpose::Straggler => 2,
            Purpose::RunTime => 3,
            Purpose::Sample => 4,
            Purpose::Cases => 5,
        };
        let key = folded(self.0, purpose);
        Stream { key: folded(key, u64::from(replication)), next: 0 }
    }
}

impl Stream {
    /// A stream of its own for one part, such as a stage.
    #[must_use]
    pub fn part(&self, part: u64) -> Self {
        Self { key: folded(self.key, part), next: 0 }
    }

    /// Word `index`: uniform over all 64-bit numbers.
    #[inline]
    pub fn word(&self, index: u64) -> u64 {
        mixed(self.key.wrapping_add(index.wrapping_add(1).wrapping_mul(STEP)))
    }

    /// Draw `index` as a number strictly between 0 and 1, on a grid of 2^52.
    #[inline]
    pub fn unit(&self, index: u64) -> f64 {
        unit(self.word(index))
    }
}

/// A word as a number strictly between 0 and 1: the middle of its cell of 2^-52.
#[inline]
pub(super) fn unit(word: u64) -> f64 {
    (crate::units::number::float(word >> 12) + 0.5) / 4_503_599_627_370_496.0
}

impl TryRng for Stream {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        self.try_next_u64().map(|word| u32::try_from(word >> 32).unwrap_or(u32::MAX))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let word = self.word(self.next);
        self.next = self.next.wrapping_add(1);
        Ok(word)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        for piece in bytes.chunks_mut(8) {
            let word = self.try_next_u64()?.to_le_bytes();
            piece.copy_from_slice(&word[..piece.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use rand::Rng;

    use super::*;

    #[test]
    fn the_numbers_of_a_seed_are_published_and_never_change() {
        let stream = Seed(42).stream(Purpose::TaskTime, 7);
        let words = [0, 1, u64::MAX].map(|index| stream.word(index));
        assert_eq!(words, PUBLISHED, "{words:#018x?}");
    }

    const PUBLISHED: [u64; 3] =
        [0x38b8_c77a_3539_b96d, 0xca70_94b4_e7e7_cf83, 0x83e5_0521_b11b_690a];

    #[test]
    fn the_hash_is_splitmix64() {
        // The reference generator seeded with 1234567 begins so (Vigna's splitmix64.c).
        let stream = Stream { key: 1_234_567, next: 0 };
        assert_eq!(
            [0, 1, 2].map(|index| stream.word(index)),
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn reading_in_order_equals_reading_by_address() {
        let stream = Seed(1).stream(Purpose::Sample, 0);
        let mut reader = stream.clone();
        for index in 0..10 {
            assert_eq!(reader.next_u64(), stream.word(index));
        }
        let mut bytes = [0; 11];
        reader.fill_bytes(&mut bytes);
        assert_eq!(bytes[..8], stream.word(10).to_le_bytes());
    }

    #[test]
    fn streams_differ_in_every_part_of_their_address() {
        let mut firsts: Vec<u64> = Vec::new();
        for seed in 0..8 {
            for run in 0..8 {
                for purpose in [Purpose::TaskTime, Purpose::Straggler, Purpose::RunTime] {
                    let stream = Seed(seed).stream(purpose, run);
                    firsts.extend((0..8).map(|part| stream.part(part).word(0)));
                }
            }
        }
        let drawn = firsts.len();
        firsts.sort_unstable();
        firsts.dedup();
        assert_eq!(firsts.len(), drawn);
    }

    #[test]
    fn units_stay_strictly_between_zero_and_one() {
        assert!(unit(0) > 0.0);
        assert!(unit(u64::MAX) < 1.0);
        let stream = Seed(3).stream(Purpose::Cases, 0);
        let mean = (0..100_000).map(|index| stream.unit(index)).sum::<f64>() / 1e5;
        assert!((mean - 0.5).abs() < 4.0 * 0.2887 / 316.0, "{mean}");
    }
}
