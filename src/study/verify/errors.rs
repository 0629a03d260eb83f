//! How far answers that are times are from the recorded ones.

use std::fmt;

use crate::units::number;

/// Relative errors of makespans.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Errors {
    /// How many.
    pub rows: u64,
    /// Their sizes, summed: 0.01 is one percent.
    pub sum: f64,
    /// The size of the largest.
    pub most: f64,
}

impl Errors {
    /// Counts one: its size is returned.
    pub(super) fn add(&mut self, recorded: f64, answered: f64) -> f64 {
        let size = (answered / recorded - 1.0).abs();
        self.rows += 1;
        self.sum += size;
        self.most = self.most.max(size);
        size
    }

    /// The mean size, zero where there is none.
    pub fn mean(&self) -> f64 {
        if self.rows == 0 { 0.0 } else { self.sum / number::float(self.rows) }
    }
}

impl fmt::Display for Errors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mean, most) = (100.0 * self.mean(), 100.0 * self.most);
        write!(f, "error of the makespan: mean {mean:.2} %, at most {most:.2} %")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_count_by_their_size() {
        let mut errors = Errors::default();
        assert!(errors.mean().abs() < f64::EPSILON);
        for (recorded, answered) in [(100.0, 101.0), (200.0, 194.0), (50.0, 50.0)] {
            errors.add(recorded, answered);
        }
        assert_eq!(errors.to_string(), "error of the makespan: mean 1.33 %, at most 3.00 %");
        assert_eq!(errors.rows, 3);
    }
}
