//! Which slots share a row of the drawing.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Capacity, TaskRun, words};
use crate::units::number::{count, index};

/// Rows that fit on a screen.
pub(super) const MOST: usize = 40;

/// One row.
pub(super) struct Row {
    /// What stands before it.
    pub(super) name: String,
    /// Slots that it stands for.
    pub(super) slots: u64,
}

/// All rows, and the way from a task to its row.
pub(super) struct Rows {
    all: Vec<Row>,
    /// Each executor's slots that ran a task, in order.
    seen: BTreeMap<u64, Vec<u64>>,
    shape: Shape,
}

/// How slots are folded into rows.
#[derive(Clone, Copy)]
struct Shape {
    executors: u64,
    /// Slots of an executor.
    slots: u64,
    /// Executors that share a row; 1 unless there are very many.
    executors_a_row: u64,
    /// Slots of one executor that share a row.
    slots_a_row: u64,
}

impl Shape {
    fn of(executors: u64, slots: u64) -> Self {
        let most = count(MOST);
        let base = Self { executors, slots, executors_a_row: 1, slots_a_row: slots };
        if executors > most {
            return Self { executors_a_row: executors.div_ceil(most), ..base };
        }
        let rows = most / executors;
        if slots <= rows {
            return Self { slots_a_row: 1, ..base };
        }
        // From eight executors on, one row each tells more than an executor cut in odd pieces.
        if executors >= 8 { base } else { Self { slots_a_row: slots.div_ceil(rows), ..base } }
    }

    fn rows_an_executor(self) -> u64 {
        self.slots.div_ceil(self.slots_a_row)
    }

    fn row(self, executor: u64, rank: u64) -> u64 {
        if self.executors_a_row > 1 {
            return executor / self.executors_a_row;
        }
        let rows = self.rows_an_executor();
        executor.saturating_mul(rows).saturating_add((rank / self.slots_a_row).min(rows - 1))
    }

    fn rows(self) -> Vec<Row> {
        if self.executors_a_row > 1 {
            let blocks = self.executors.div_ceil(self.executors_a_row);
            return (0..blocks).map(|it| self.block(it)).collect();
        }
        let executors = 0..self.executors;
        executors
            .flat_map(|it| (0..self.rows_an_executor()).map(move |row| self.slice(it, row)))
            .collect()
    }

    fn block(self, block: u64) -> Row {
        let first = block * self.executors_a_row;
        let last = (first + self.executors_a_row).min(self.executors) - 1;
        Row { name: range("executor", first, last), slots: (last - first + 1) * self.slots }
    }

    fn slice(self, executor: u64, row: u64) -> Row {
        let first = row * self.slots_a_row;
        let last = (first + self.slots_a_row).min(self.slots) - 1;
        let slots = last - first + 1;
        let name = match (self.executors, self.rows_an_executor()) {
            (1, _) => range("slot", first, last),
            (_, 1) => format!("executor {executor}"),
            _ if row == 0 => format!("executor {executor} {}", range("slot", first, last)),
            _ => range("slot", first, last),
        };
        Row { name, slots }
    }
}

impl Rows {
    pub(super) fn of(capacity: &Capacity, tasks: &[TaskRun]) -> Self {
        const SANE: u64 = 1 << 20;
        let mut seen: BTreeMap<u64, BTreeSet<u64>> = BTreeMap::new();
        for task in tasks {
            seen.entry(task.executor).or_default().insert(task.slot);
        }
        let busiest = seen.values().map(|it| count(it.len())).max().unwrap_or(1);
        let executors = capacity.executors.clamp(1, SANE);
        let slots = capacity.slots.div_ceil(executors).clamp(1, SANE).max(busiest);
        let shape = Shape::of(executors, slots);
        let seen = seen.into_iter().map(|(it, slots)| (it, slots.into_iter().collect()));
        Self { all: shape.rows(), seen: seen.collect(), shape }
    }

    pub(super) fn all(&self) -> &[Row] {
        &self.all
    }

    /// Columns of the longest name.
    pub(super) fn margin(&self) -> usize {
        self.all.iter().map(|it| it.name.chars().count()).max().unwrap_or(0)
    }

    /// The row of a task. Slots are counted within their executor, however they are numbered; an
    /// executor whose slots did not all run a task is drawn from the first row on.
    pub(super) fn place(&self, task: &TaskRun) -> usize {
        let slots = self.seen.get(&task.executor);
        let rank = slots.and_then(|it| it.binary_search(&task.slot).ok()).unwrap_or(0);
        let row = self.shape.row(task.executor, count(rank));
        index(row).min(self.all.len() - 1)
    }

    /// What a row stands for, in a sentence; nothing where that is plain.
    pub(super) fn story(&self) -> String {
        let shape = self.shape;
        match (shape.executors_a_row, shape.slots_a_row) {
            (1, 1) => String::new(),
            (1, slots) => format!("A row stands for {}.", words::counted(slots, "slot")),
            (executors, _) => format!(
                "A row stands for {} of {} each.",
                words::counted(executors, "executor"),
                words::counted(shape.slots, "slot"),
            ),
        }
    }
}

fn range(noun: &str, first: u64, last: u64) -> String {
    if first == last { format!("{noun} {first}") } else { format!("{noun}s {first}–{last}") }
}
