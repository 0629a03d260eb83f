//! Jobs, stages and the times of their tasks.

use crate::units::{Moment, Seconds, number};

/// A graph of stages that is submitted at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Job {
    /// The earliest time at which it is submitted.
    pub submitted: Moment,
    /// Jobs, by number, that must be complete before.
    pub after: Vec<usize>,
    /// The driver's own work between all of `after` being complete, or `submitted`, and the first
    /// stage being ready.
    pub delay: Seconds,
    /// Its pool where the cluster is shared FAIR.
    pub pool: usize,
    /// Its stages, parents before children as Spark numbers them.
    pub stages: Vec<Stage>,
}

/// A row of tasks that may run at the same time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stage {
    /// Stages of the same job, by number, that must be complete before.
    pub parents: Vec<usize>,
    /// Its tasks.
    pub tasks: Work,
}

/// The times of the tasks of a stage, in index order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Work {
    /// Groups of tasks that take equally long: the time of one, and how many.
    Groups(Vec<(Seconds, u64)>),
    /// One time for each task.
    Each(Vec<Seconds>),
}

impl Default for Work {
    fn default() -> Self {
        Self::Groups(Vec::new())
    }
}

impl Work {
    /// Tasks that all take equally long.
    pub fn equal(time: Seconds, tasks: u64) -> Self {
        Self::Groups(vec![(time, tasks)])
    }

    /// How many tasks there are; beyond 2^64 they are not counted.
    pub fn count(&self) -> u64 {
        match self {
            Self::Groups(groups) => {
                groups.iter().fold(0, |sum, (_, count)| sum.saturating_add(*count))
            }
            Self::Each(times) => number::count(times.len()),
        }
    }
}

/// A place in the row of tasks.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cursor {
    /// Tasks before this place.
    pub(super) index: u64,
    group: usize,
    used: u64,
}

impl Cursor {
    /// The time that the next tasks share and how many they are, where tasks come in groups.
    pub(super) fn equal(self, work: &Work) -> Option<(Seconds, u64)> {
        let Work::Groups(groups) = work else { return None };
        groups.get(self.group).map(|(time, count)| (*time, count - self.used))
    }

    /// Writes the times, in microseconds, of up to `most` next tasks, and moves behind them.
    pub(super) fn read(&mut self, work: &Work, most: usize, times: &mut Vec<u64>) {
        times.clear();
        match work {
            Work::Each(all) => {
                let from = number::index(self.index).min(all.len());
                let until = from.saturating_add(most).min(all.len());
                times.extend(all[from..until].iter().map(|it| it.as_micros()));
                self.index += number::count(until - from);
            }
            Work::Groups(_) => {
                while let Some((time, left)) = self.equal(work)
                    && times.len() < most
                {
                    let count = number::index(left).min(most - times.len());
                    times.resize(times.len() + count, time.as_micros());
                    self.skip(work, number::count(count));
                }
            }
        }
    }

    /// Moves behind `count` tasks of the current group.
    pub(super) fn skip(&mut self, work: &Work, count: u64) {
        self.index += count;
        self.used += count;
        if self.equal(work).is_some_and(|(_, left)| left == 0) {
            self.group += 1;
            self.used = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_read_like_the_row_they_stand_for() {
        let s = Seconds::micros;
        let groups = Work::Groups(vec![(s(5), 0), (s(3), 4), (s(9), 0), (s(7), 3)]);
        let row = Work::Each([3, 3, 3, 3, 7, 7, 7].map(s).to_vec());
        assert_eq!((groups.count(), row.count()), (7, 7));
        for step in 1..9 {
            for work in [&groups, &row] {
                let (mut cursor, mut all, mut times) = (Cursor::default(), Vec::new(), Vec::new());
                loop {
                    cursor.read(work, step, &mut times);
                    if times.is_empty() {
                        break;
                    }
                    assert!(times.len() <= step);
                    all.extend_from_slice(&times);
                }
                assert_eq!((all, cursor.index), (vec![3, 3, 3, 3, 7, 7, 7], 7));
            }
        }
    }
}
