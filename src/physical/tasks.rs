//! The tasks of a stage, equal neighbours together.

use crate::stats::weighted_spread;
use crate::units::Bytes;

/// One task: what it reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Task {
    /// Bytes as they are stored.
    pub bytes: u64,
    /// Files (or blocks of other tasks) that it opens.
    pub pieces: u64,
}

/// Tasks in index order, run-length encoded, so that ten million equal tasks are one entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tasks(Vec<(Task, u64)>);

impl Tasks {
    /// So many equal tasks.
    pub fn equal(task: Task, count: u64) -> Self {
        Self(if count > 0 { vec![(task, count)] } else { Vec::new() })
    }

    /// Adds a task at the end.
    pub fn push(&mut self, task: Task) {
        self.append(task, 1);
    }

    /// Adds so many equal tasks at the end.
    pub fn append(&mut self, task: Task, times: u64) {
        match self.0.last_mut() {
            Some((last, count)) if *last == task => *count += times,
            _ if times > 0 => self.0.push((task, times)),
            _ => {}
        }
    }

    /// The runs of equal tasks.
    pub fn runs(&self) -> &[(Task, u64)] {
        &self.0
    }

    /// How many tasks.
    pub fn count(&self) -> u64 {
        self.0.iter().map(|(_, count)| count).sum()
    }

    /// Bytes of all tasks.
    pub fn bytes(&self) -> Bytes {
        self.0.iter().map(|(task, count)| Bytes::new(task.bytes) * *count).sum()
    }

    /// The most bytes that one task reads.
    pub fn largest(&self) -> u64 {
        self.0.iter().map(|(task, _)| task.bytes).max().unwrap_or(0)
    }

    /// Merges neighbours into `into` tasks, as `DefaultPartitionCoalescer` does without locality:
    /// task i gets the parents from `i * P / n` up to `(i + 1) * P / n`
    /// (core, `org.apache.spark.rdd.CoalescedRDD`).
    #[must_use]
    pub fn coalesced(&self, into: u64) -> Self {
        let parents = self.count();
        if into >= parents {
            return self.clone();
        }
        let mut merged = Self::default();
        let mut runs = self.0.iter().copied();
        let (mut task, mut left) = runs.next().unwrap_or_default();
        for index in 0..into {
            let end = |index: u64| {
                let end = u128::from(index) * u128::from(parents) / u128::from(into);
                u64::try_from(end).unwrap_or(u64::MAX)
            };
            let mut wanted = end(index + 1) - end(index);
            let mut sum = Task::default();
            while wanted > 0 {
                let taken = wanted.min(left);
                sum.bytes += task.bytes * taken;
                sum.pieces += task.pieces * taken;
                wanted -= taken;
                left -= taken;
                if left == 0 && wanted > 0 {
                    (task, left) = runs.next().expect("the parents are counted");
                }
            }
            if left == 0 {
                (task, left) = runs.next().unwrap_or_default();
            }
            merged.push(sum);
        }
        merged
    }

    /// The smallest, the middle and the largest of a quantity of the tasks.
    pub fn spread(&self, of: impl Fn(&Task) -> f64) -> (f64, f64, f64) {
        weighted_spread(self.0.iter().map(|(it, n)| (of(it), *n)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tasks(bytes: &[u64]) -> Tasks {
        let mut tasks = Tasks::default();
        for it in bytes {
            tasks.push(Task { bytes: *it, pieces: 1 });
        }
        tasks
    }

    #[test]
    fn neighbours_are_merged_as_spark_merges_partitions() {
        let parents = tasks(&[1, 1, 1, 5, 7, 9, 9]);
        for into in 1..9 {
            let merged = parents.coalesced(into);
            assert_eq!(merged.count(), into.min(7));
            assert_eq!(merged.bytes(), parents.bytes());
        }
        let three = parents.coalesced(3);
        let each = three.runs().iter().flat_map(|(task, n)| (0..*n).map(|_| task.bytes));
        assert_eq!(each.collect::<Vec<u64>>(), [1 + 1, 1 + 5, 7 + 9 + 9]);
    }

    #[test]
    fn the_spread_counts_every_task() {
        assert_eq!(
            tasks(&[9, 1, 1, 1]).spread(|it| Bytes::new(it.bytes).as_f64()),
            (1.0, 1.0, 9.0)
        );
        assert_eq!(Tasks::default().spread(|_| 1.0), (0.0, 0.0, 0.0));
    }
}
