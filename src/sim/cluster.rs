//! Executors, their slots, and how the driver shares and serves them.

use serde::{Deserialize, Serialize};

use crate::units::{Seconds, number};

/// The machines' side of a simulation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cluster {
    /// All executors, registered from the beginning.
    pub executors: Vec<Executor>,
    /// How stages that are active at once share the slots.
    pub mode: Mode,
    /// What the driver adds to the tasks.
    pub overheads: Overheads,
}

/// One executor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Executor {
    /// How many tasks it runs at once: its cores divided by `spark.task.cpus`, without fraction.
    pub slots: u32,
    /// The machine it is on.
    pub node: u32,
}

/// `spark.scheduler.mode`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// The lower job first, then the lower stage.
    #[default]
    Fifo,
    /// Pools share; inside a pool the lower job comes first. [`Job::pool`](super::Job::pool)
    /// counts in this list; a number beyond it is the pool `default` with weight 1 and no share.
    Fair(Vec<Pool>),
}

/// A pool of `fairscheduler.xml` whose own `schedulingMode` is FIFO.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Its name, which decides between equals.
    pub name: String,
    /// Its share relative to others, 1 if not told; 0 counts as 1.
    pub weight: u32,
    /// Slots that it gets before the others get more, 0 if not told.
    pub min_share: u32,
}

/// What the scheduler costs. All zero is plain list scheduling.
///
/// Each field is kept below [`Seconds::MAX`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Overheads {
    /// From a stage being ready to run to the earliest launch of a task.
    pub submit_delay: Seconds,
    /// The driver launches one task after the other, at most one in such a span.
    pub launch_interval: Seconds,
    /// Added to each task, inside its slot.
    pub task_overhead: Seconds,
    /// From the end of a task to the earliest launch of the next one in the same slot.
    pub relaunch_gap: Seconds,
}

impl Default for Pool {
    fn default() -> Self {
        Self { name: "default".into(), weight: 1, min_share: 0 }
    }
}

impl Cluster {
    /// Executors that are all alike, all on node 0, sharing FIFO without overheads.
    pub fn uniform(executors: u32, slots: u32) -> Self {
        let executors = vec![Executor { slots, node: 0 }; number::index(executors.into())];
        Self { executors, ..Self::default() }
    }

    /// Tasks that run at once.
    pub fn slots(&self) -> u64 {
        self.executors.iter().map(|it| u64::from(it.slots)).sum()
    }

    /// The executor of every slot. Slots are numbered breadth-first: pass `p` takes one slot of
    /// each executor that has more than `p`.
    pub fn breadth_first(&self) -> Vec<usize> {
        let mut order = Vec::new();
        let mut left: Vec<usize> = (0..self.executors.len()).collect();
        for pass in 0.. {
            left.retain(|it| self.executors[*it].slots > pass);
            if left.is_empty() {
                break;
            }
            order.extend_from_slice(&left);
        }
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_numbered_breadth_first() {
        let executors = [2, 0, 3, 1].map(|slots| Executor { slots, node: 0 }).to_vec();
        let cluster = Cluster { executors, ..Cluster::default() };
        assert_eq!(cluster.breadth_first(), [0, 2, 3, 0, 2, 2]);
        assert_eq!(cluster.slots(), 6);
        assert!(Cluster::default().breadth_first().is_empty());
    }
}
