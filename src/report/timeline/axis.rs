//! The time below a drawing.

use super::super::words;
use crate::units::number::{count, float, index, java_long};

/// Columns that a label may take before the next one.
const APART: f64 = 12.0;

/// Steps that people count time in.
const STEPS: [f64; 24] = [
    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0,
    120.0, 300.0, 600.0, 1800.0, 3600.0, 7200.0, 21_600.0, 86_400.0,
];

/// Two lines: a rule with ticks, and their times.
pub(super) fn draw(margin: usize, columns: usize, end: f64) -> String {
    let ticks = ticks(columns, end);
    let rule: String = (0..columns)
        .map(|at| if ticks.iter().any(|(it, _)| *it == at) { '┬' } else { '─' })
        .collect();
    let mut labels = " ".repeat(margin + 2);
    let start = labels.len();
    for (at, label) in ticks {
        let used = labels.chars().count() - start;
        let fits = at + label.chars().count() <= columns;
        if fits && (used == 0 || used < at) {
            labels.push_str(&" ".repeat(at - used));
            labels.push_str(&label);
        }
    }
    let indent = " ".repeat(margin);
    format!("{indent} └{rule}┘\n{}\n", labels.trim_end())
}

/// Columns and times of the ticks, evenly apart.
fn ticks(columns: usize, end: f64) -> Vec<(usize, String)> {
    let scale = float(count(columns)) / end;
    let step = STEPS.into_iter().find(|it| it * scale >= APART);
    let day = 86_400.0;
    let step = step.unwrap_or_else(|| (APART / scale / day).ceil() * day);
    let number = java_long(end / step);
    (0..=u64::try_from(number).unwrap_or(0))
        .map(|it| float(it) * step)
        .map(|at| (column(at * scale), words::seconds(at)))
        .filter(|(at, _)| *at < columns)
        .collect()
}

fn column(at: f64) -> usize {
    index(u64::try_from(java_long(at.round())).unwrap_or(0))
}
