//! Lognormal factors with mean 1, by a table of quantiles.
//!
//! A word chooses one of 4096 cells of equal probability and a place in it; between the edges of a
//! cell the quantile function is taken as a straight line. In the outermost cells it is far from
//! straight, and the longest task decides a makespan, so the outer 0.4 % on each side are computed
//! exactly. Everything after the table is integer arithmetic.

use super::{normal, seed};
use crate::units::number;

const CELLS: usize = 4096;
/// Cells on each side whose quantiles are computed: 0.415 % of all draws on each side.
const EXACT: usize = 17;

/// A factor as a whole number of 2^-40.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Factor(u64);

/// A lognormal distribution of factors whose mean is 1.
#[derive(Clone, Debug)]
pub struct LogNormal {
    sigma: f64,
    cells: Box<[Cell; CELLS]>,
}

/// The quantile at the lower edge of a cell and what it gains up to the upper edge.
#[derive(Clone, Copy, Debug)]
struct Cell {
    start: u64,
    rise: u64,
}

impl Factor {
    const BITS: u32 = 40;
    /// No change.
    pub const ONE: Self = Self(1 << Self::BITS);

    /// The nearest factor; at most 2^23, and NaN and negative factors are 0.
    pub fn of(factor: f64) -> Self {
        let scaled = factor.clamp(0.0, 8_388_608.0) * 1_099_511_627_776.0 + 0.5;
        Self(u64::try_from(number::java_long(scaled)).unwrap_or(0))
    }

    /// The factor as a float.
    pub fn as_f64(self) -> f64 {
        number::float(self.0) / 1_099_511_627_776.0
    }

    /// This many times as much, to the nearest whole; saturating.
    #[inline]
    #[must_use]
    pub fn of_whole(self, whole: u64) -> u64 {
        let product = u128::from(whole) * u128::from(self.0);
        u64::try_from((product + (1 << (Self::BITS - 1))) >> Self::BITS).unwrap_or(u64::MAX)
    }
}

impl LogNormal {
    /// The distribution of `exp(sigma·Z − sigma²/2)` with Z standard normal.
    ///
    /// `sigma` is kept between 0 and 4; NaN is 0.
    pub fn unit_mean(sigma: f64) -> Self {
        let sigma = if sigma.is_nan() { 0.0 } else { sigma.clamp(0.0, 4.0) };
        let edges: Vec<u64> = (0..=CELLS)
            .map(|edge| number::float(number::count(edge)) / number::float(number::count(CELLS)))
            .map(|p| Factor::of(exact(sigma, normal::quantile(p))).0)
            .collect();
        let cell = |edge: &[u64]| Cell { start: edge[0], rise: edge[1] - edge[0] };
        let cells: Box<[Cell]> = edges.windows(2).map(cell).collect();
        Self { sigma, cells: cells.try_into().expect("as many cells as were asked for") }
    }

    /// The standard deviation of the factor's logarithm.
    pub fn sigma(&self) -> f64 {
        self.sigma
    }

    /// The factor that a uniform word stands for. A greater word gives no smaller factor.
    #[inline]
    pub fn factor(&self, word: u64) -> Factor {
        let cell = number::index(word >> 52);
        if cell.wrapping_sub(EXACT) >= CELLS - 2 * EXACT {
            return self.tail(word);
        }
        let Cell { start, rise } = self.cells[cell % CELLS];
        let gained = (u128::from(rise) * u128::from(word << 12)) >> 64;
        Factor(start.wrapping_add(u64::try_from(gained).unwrap_or(u64::MAX)))
    }

    #[cold]
    #[inline(never)]
    fn tail(&self, word: u64) -> Factor {
        Factor::of(exact(self.sigma, normal::approximate(seed::unit(word))))
    }
}

fn exact(sigma: f64, z: f64) -> f64 {
    if sigma == 0.0 { 1.0 } else { libm::exp(sigma * z - sigma * sigma / 2.0) }
}

#[cfg(test)]
mod tests {
    use statrs::distribution::{ContinuousCDF, LogNormal as Oracle};

    use super::*;
    use crate::stats::{Purpose, Seed};

    /// The word whose unit is nearest to `p`.
    fn word(p: f64) -> u64 {
        u64::try_from(number::java_long(p * 4_503_599_627_370_496.0)).unwrap() << 12
    }

    #[test]
    fn quantiles_are_right_everywhere_the_far_tails_included() {
        for sigma in [0.1, 0.5, 0.8, 1.5] {
            let table = LogNormal::unit_mean(sigma);
            let oracle = Oracle::new(-sigma * sigma / 2.0, sigma).unwrap();
            for p in [1e-9, 1e-6, 1e-4, 1e-3, 0.0042, 0.01, 0.3, 0.5, 0.77, 0.99, 0.9958] {
                for p in [p, 1.0 - p] {
                    let drawn = table.factor(word(p)).as_f64();
                    let exact = exact(sigma, normal::quantile(p));
                    let other = oracle.inverse_cdf(p);
                    assert!((drawn / exact - 1.0).abs() < 3e-4, "{sigma} {p}: {drawn} {exact}");
                    assert!((drawn / other - 1.0).abs() < 3e-4, "{sigma} {p}: {drawn} {other}");
                }
            }
            for p in [1e-4, 1.0 - 1e-4] {
                let drawn = table.factor(word(p)).as_f64();
                let exact = exact(sigma, normal::quantile(p));
                assert!((drawn / exact - 1.0).abs() < 1e-8, "{sigma} {p}: {drawn} {exact}");
            }
        }
    }

    #[test]
    fn the_mean_is_one_and_the_spread_is_as_asked() {
        let stream = Seed(11).stream(Purpose::Cases, 0);
        for sigma in [0.3, 0.8] {
            let table = LogNormal::unit_mean(sigma);
            let draws: Vec<f64> =
                (0..1 << 18).map(|index| table.factor(stream.word(index)).as_f64()).collect();
            let mean = draws.iter().sum::<f64>() / 262_144.0;
            let deviation = (libm::exp(sigma * sigma) - 1.0).sqrt();
            assert!((mean - 1.0).abs() < 4.0 * deviation / 512.0, "{sigma}: {mean}");
            let logs: Vec<f64> = draws.iter().map(|it| libm::log(*it)).collect();
            let middle = logs.iter().sum::<f64>() / 262_144.0;
            let variance = logs.iter().map(|it| (it - middle).powi(2)).sum::<f64>() / 262_143.0;
            assert!((variance.sqrt() / sigma - 1.0).abs() < 0.006, "{sigma}: {variance}");
        }
    }

    #[test]
    fn factors_grow_with_the_word_across_every_edge() {
        let table = LogNormal::unit_mean(0.8);
        let mut before = table.factor(0);
        for cell in 0..4096_u64 {
            for word in [cell << 52, (cell << 52) + (1 << 51), (cell << 52) | ((1 << 52) - 1)] {
                let now = table.factor(word);
                assert!(now.0 + 8192 >= before.0, "{cell}: {now:?} after {before:?}");
                before = now;
            }
        }
    }

    #[test]
    fn no_spread_is_no_change_and_nonsense_is_harmless() {
        for sigma in [0.0, -1.0, f64::NAN] {
            let table = LogNormal::unit_mean(sigma);
            for word in [0, 1 << 40, 1 << 63, u64::MAX] {
                assert_eq!(table.factor(word).of_whole(123_456_789), 123_456_789);
            }
        }
        let wild = LogNormal::unit_mean(f64::INFINITY);
        assert_eq!(wild.factor(u64::MAX).of_whole(u64::MAX), u64::MAX);
        assert_eq!(Factor::of(2.5).of_whole(3), 8);
    }
}
