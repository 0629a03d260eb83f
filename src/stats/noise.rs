//! How task times vary: lognormal spread, stragglers, and good and bad days.

use serde::{Deserialize, Serialize};

use super::lognormal::{Factor, LogNormal};
use super::{Purpose, Seed, Stream};
use crate::units::number;

/// How much the time of a task varies around its mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Noise {
    /// Standard deviation of the logarithm of a task's time; the mean stays.
    pub tasks: f64,
    /// Standard deviation of the logarithm of a factor that all tasks of a run share; its mean
    /// is 1.
    pub run: f64,
    /// Tasks that take many times as long, on top of the spread; they raise the mean.
    pub stragglers: Option<Stragglers>,
}

/// A share of the tasks takes a multiple of its time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stragglers {
    /// The probability that a task is one.
    pub probability: f64,
    /// How many times as long it takes.
    pub factor: f64,
}

/// The noise of one study, ready to draw: the same numbers for the same (run, stage, task) in
/// any order and on any thread.
#[derive(Clone, Debug)]
pub struct Luck {
    seed: Seed,
    tasks: Option<LogNormal>,
    run: Option<LogNormal>,
    stragglers: Option<(u64, Factor)>,
}

/// The luck of one run.
#[derive(Clone, Debug)]
pub struct RunLuck<'a> {
    luck: &'a Luck,
    common: Factor,
    tasks: Stream,
    stragglers: Stream,
}

/// The luck of the tasks of one stage in one run.
#[derive(Clone, Debug)]
pub struct StageLuck<'a> {
    luck: &'a Luck,
    common: Factor,
    tasks: Stream,
    stragglers: Stream,
}

impl Luck {
    /// Prepares the tables.
    pub fn new(noise: &Noise, seed: Seed) -> Self {
        let spread = |sigma: f64| (sigma > 0.0).then(|| LogNormal::unit_mean(sigma));
        let stragglers = noise.stragglers.filter(|it| it.probability > 0.0).map(|it| {
            let half = number::java_long(it.probability * 9_223_372_036_854_775_808.0);
            let below = u64::try_from(half).unwrap_or(0).saturating_mul(2).saturating_add(1);
            (below, Factor::of(it.factor))
        });
        Self { seed, tasks: spread(noise.tasks), run: spread(noise.run), stragglers }
    }

    /// The luck of one replication.
    pub fn run(&self, replication: u32) -> RunLuck<'_> {
        let word = self.seed.stream(Purpose::RunTime, replication).word(0);
        RunLuck {
            luck: self,
            common: self.run.as_ref().map_or(Factor::ONE, |it| it.factor(word)),
            tasks: self.seed.stream(Purpose::TaskTime, replication),
            stragglers: self.seed.stream(Purpose::Straggler, replication),
        }
    }
}

impl<'a> RunLuck<'a> {
    /// The luck of one stage, by its number in the study.
    pub fn stage(&self, stage: u64) -> StageLuck<'a> {
        StageLuck {
            luck: self.luck,
            common: self.common,
            tasks: self.tasks.part(stage),
            stragglers: self.stragglers.part(stage),
        }
    }
}

impl StageLuck<'_> {
    /// Turns the mean times of the tasks `first..` of the stage, in microseconds, into the times
    /// of this run.
    #[inline]
    pub fn scale(&self, first: u64, times: &mut [u64]) {
        if let Some(spread) = &self.luck.tasks {
            for (index, time) in (first..).zip(times.iter_mut()) {
                *time = spread.factor(self.tasks.word(index)).of_whole(*time);
            }
        }
        if let Some((below, factor)) = self.luck.stragglers {
            for (index, time) in (first..).zip(times.iter_mut()) {
                if self.stragglers.word(index) < below {
                    *time = factor.of_whole(*time);
                }
            }
        }
        if self.common != Factor::ONE {
            for time in times {
                *time = self.common.of_whole(*time);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOISE: Noise = Noise {
        tasks: 0.4,
        run: 0.1,
        stragglers: Some(Stragglers { probability: 0.02, factor: 5.0 }),
    };

    fn times(noise: &Noise, run: u32, stage: u64) -> Vec<u64> {
        let luck = Luck::new(noise, Seed(5));
        let mut times = vec![1_000_000; 10_000];
        luck.run(run).stage(stage).scale(0, &mut times);
        times
    }

    #[test]
    fn a_task_has_the_same_luck_however_the_stage_is_cut() {
        let whole = times(&NOISE, 3, 1);
        let luck = Luck::new(&NOISE, Seed(5));
        let stage = luck.run(3).stage(1);
        let mut cut = vec![1_000_000; 10_000];
        for (number, piece) in cut.chunks_mut(77).enumerate().rev() {
            stage.scale(77 * number::count(number), piece);
        }
        assert_eq!(whole, cut);
        assert_ne!(whole, times(&NOISE, 4, 1));
        assert_ne!(whole, times(&NOISE, 3, 2));
    }

    #[test]
    fn stragglers_come_as_often_as_asked_and_leave_the_others_alone() {
        let plain = times(&Noise { stragglers: None, ..NOISE }, 0, 0);
        let mixed = times(&NOISE, 0, 0);
        let slow = plain.iter().zip(&mixed).filter(|(plain, mixed)| plain != mixed).count();
        assert!((140..260).contains(&slow), "{slow}");
        for (plain, mixed) in plain.iter().zip(&mixed).filter(|(plain, mixed)| plain != mixed) {
            assert!(mixed.abs_diff(plain * 5) <= 3, "{plain} {mixed}");
        }
        let all = Stragglers { probability: 1.0, factor: 3.0 };
        let all = times(&Noise { stragglers: Some(all), ..Noise::default() }, 0, 0);
        assert!(all.iter().all(|time| *time == 3_000_000));
    }

    #[test]
    fn a_run_has_good_and_bad_days() {
        let days: Vec<u64> =
            (0..400).map(|run| times(&Noise { run: 0.1, ..Noise::default() }, run, 0)[0]).collect();
        let mean = days.iter().sum::<u64>() / 400;
        assert!((980_000..1_020_000).contains(&mean), "{mean}");
        assert!(days.iter().max() > Some(&1_200_000) && days.iter().min() < Some(&850_000));
    }

    #[test]
    fn no_noise_changes_nothing() {
        assert!(times(&Noise::default(), 9, 9).iter().all(|time| *time == 1_000_000));
    }
}
