//! What a set of samples amounts to: an estimate never stands alone.

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::units::number;

/// A mean, what it is worth, and where single samples fall.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// The arithmetic mean.
    pub mean: f64,
    /// The quantile 1/2.
    pub median: f64,
    /// The lower quantile that was asked for, 5 % unless told otherwise.
    pub low: f64,
    /// The upper quantile that was asked for, 95 % unless told otherwise.
    pub high: f64,
    /// How many samples there were.
    pub runs: u64,
    /// Half the width of the 95 % confidence interval of the mean (Student's t); zero for fewer
    /// than two samples, where nothing can be said.
    pub half_width: f64,
}

impl Estimate {
    /// The estimate with the quantiles 5 % and 95 %; nothing for no samples or where one is NaN.
    pub fn of(samples: &[f64]) -> Option<Self> {
        Self::between(samples, 0.05, 0.95)
    }

    /// The estimate with two quantiles of choice.
    pub fn between(samples: &[f64], low: f64, high: f64) -> Option<Self> {
        if samples.is_empty() || samples.iter().any(|it| it.is_nan()) {
            return None;
        }
        let mut sorted = samples.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let at = |p| quantile(&sorted, p).unwrap_or(f64::NAN);
        let runs = number::count(sorted.len());
        // The sum of the sorted samples does not depend on their order.
        let mean = sorted.iter().sum::<f64>() / number::float(runs);
        Some(Self {
            mean,
            median: at(0.5),
            low: at(low),
            high: at(high),
            runs,
            half_width: half_width(&sorted, mean),
        })
    }
}

/// The estimate of the differences `after − before` of paired samples, which were taken under the
/// same luck; nothing where the samples do not pair up.
pub fn paired(before: &[f64], after: &[f64]) -> Option<Estimate> {
    let differences: Vec<f64> =
        after.iter().zip(before).map(|(after, before)| after - before).collect();
    (before.len() == after.len()).then(|| Estimate::of(&differences)).flatten()
}

/// The quantile `p` of sorted samples: with n samples the position is (n − 1)·p counted from 0,
/// and between two samples the straight line is taken. (Definition 7 of Hyndman and Fan, "Sample
/// quantiles in statistical packages", 1996; what `NumPy` and R take by default.) `p` is kept
/// between 0 and 1; nothing for no samples.
pub fn quantile(sorted: &[f64], p: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let position = number::float(number::count(last)) * p.clamp(0.0, 1.0);
    let below = number::index(u64::try_from(number::java_long(position)).unwrap_or(0)).min(last);
    let above = (below + 1).min(last);
    let share = position - number::float(number::count(below));
    Some(sorted[below] + (sorted[above] - sorted[below]) * share)
}

fn half_width(samples: &[f64], mean: f64) -> f64 {
    if samples.len() < 2 {
        return 0.0;
    }
    let runs = number::float(number::count(samples.len()));
    let squares: f64 = samples.iter().map(|it| (it - mean) * (it - mean)).sum();
    let error = (squares / (runs - 1.0) / runs).sqrt();
    StudentsT::new(0.0, 1.0, runs - 1.0).map_or(0.0, |it| it.inverse_cdf(0.975) * error)
}

/// The smallest, the middle and the largest of values that stand for so many equals each; all
/// zero for none. The middle is the lower of two.
pub fn weighted_spread(mut values: Vec<(f64, u64)>) -> (f64, f64, f64) {
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = values.iter().map(|it| it.1).sum::<u64>().div_ceil(2);
    let mut seen = 0;
    let middle = values.iter().find(|(_, count)| {
        seen += count;
        seen >= half
    });
    let value = |it: Option<&(f64, u64)>| it.map_or(0.0, |it| it.0);
    (value(values.first()), value(middle), value(values.last()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_samples_by_hand() {
        let samples = [9.0, 1.0, 8.0, 2.0, 7.0, 3.0, 6.0, 4.0, 5.0, 10.0];
        let it = Estimate::of(&samples).unwrap();
        assert_eq!((it.mean, it.median, it.runs), (5.5, 5.5, 10));
        assert!((it.low - 1.45).abs() < 1e-12 && (it.high - 9.55).abs() < 1e-12);
        // 2.262157 is the table value of t for 9 degrees of freedom, 0.957427 the standard error.
        assert!((it.half_width - 2.262_157 * 0.957_427).abs() < 1e-5, "{}", it.half_width);
        let wide = Estimate::between(&samples, 0.0, 1.0).unwrap();
        assert_eq!((wide.low, wide.high), (1.0, 10.0));
    }

    #[test]
    fn the_order_of_samples_does_not_matter() {
        let samples: Vec<f64> = (0..1000).map(|it| 1.0 / f64::from(it + 1)).collect();
        let reversed: Vec<f64> = samples.iter().rev().copied().collect();
        assert_eq!(Estimate::of(&samples), Estimate::of(&reversed));
    }

    #[test]
    fn few_samples_say_little_and_none_say_nothing() {
        let one = Estimate::of(&[3.0]).unwrap();
        assert_eq!((one.mean, one.low, one.high, one.half_width), (3.0, 3.0, 3.0, 0.0));
        assert_eq!(Estimate::of(&[]), None);
        assert_eq!(Estimate::of(&[1.0, f64::NAN]), None);
        assert_eq!(quantile(&[], 0.5), None);
    }

    #[test]
    fn differences_are_taken_pair_by_pair() {
        let before = [10.0, 20.0, 30.0];
        let it = paired(&before, &[11.0, 21.0, 31.0]).unwrap();
        assert_eq!((it.mean, it.half_width), (1.0, 0.0));
        assert_eq!(paired(&before, &[1.0]), None);
    }

    #[test]
    fn the_interval_covers_the_mean_as_often_as_it_says() {
        let stream = crate::stats::Seed(2).stream(crate::stats::Purpose::Cases, 1);
        let covered = (0..1000)
            .filter(|trial| {
                let samples: Vec<f64> = (0..8).map(|it| stream.unit(trial * 8 + it)).collect();
                let it = Estimate::of(&samples).unwrap();
                (it.mean - 0.5).abs() <= it.half_width
            })
            .count();
        assert!((925..975).contains(&covered), "{covered}");
    }
}
