//! The one thing that limits the time.

use crate::units::number::{float, grouped};
use crate::units::{Ratio, Seconds};

/// What one stage does with the time.
#[derive(Clone, Debug)]
pub struct StageLoad {
    /// What it is called.
    pub name: String,
    /// From when it may begin to its last task's end.
    pub span: Seconds,
    /// How many tasks.
    pub tasks: u64,
    /// Its longest task.
    pub longest: Seconds,
    /// Its middle task.
    pub median: Seconds,
    /// The largest part of a typical task: a name, its share, and whether it waits for storage or
    /// network rather than for a processor.
    pub part: Option<(&'static str, Ratio, bool)>,
    /// Whether its files could be cut into more tasks by a setting.
    pub whole_files: bool,
    /// Whether it reads files.
    pub reads_files: bool,
}

/// The kind of limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// More slots would help.
    Slots,
    /// Faster storage would help.
    Storage,
    /// One task takes much longer than the others.
    LongestTask,
    /// There are fewer tasks than slots.
    Tasks,
    /// The driver launches tasks one after the other.
    Driver,
    /// Jobs are submitted late.
    Submission,
}

impl Limit {
    /// A stable word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Slots => "slots",
            Self::Storage => "storage",
            Self::LongestTask => "longest-task",
            Self::Tasks => "tasks",
            Self::Driver => "driver",
            Self::Submission => "submission",
        }
    }
}

/// What limits the time, why, and what to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The kind.
    pub limit: Limit,
    /// The numbers.
    pub because: String,
    /// The setting to change.
    pub change: String,
}

/// What limits a run of these stages on so many slots, whose driver needs `launch` for each task.
pub fn bound(loads: &[StageLoad], makespan: Seconds, slots: u64, launch: Seconds) -> Option<Bound> {
    let load = loads.iter().max_by_key(|it| it.span)?;
    let stages: Seconds = loads.iter().map(|it| it.span).sum();
    if stages.as_f64() < 0.5 * makespan.as_f64() {
        return Some(Bound {
            limit: Limit::Submission,
            because: format!("stages are active for {stages} of {makespan}; jobs come late"),
            change: "submit jobs earlier (`at`, `after`)".to_owned(),
        });
    }
    let share = Ratio::of(load.span.as_f64(), stages.as_f64());
    let at = format!("{} ({share} of the time)", load.name);
    Some(limit(load, &at, slots, launch))
}

fn limit(load: &StageLoad, at: &str, slots: u64, launch: Seconds) -> Bound {
    let launching = launch.as_f64() * float(load.tasks);
    if launching > 0.5 * load.span.as_f64() {
        return Bound {
            limit: Limit::Driver,
            because: format!(
                "{at}: the driver needs {} to launch {} tasks one after the other",
                Seconds::from_f64(launching),
                grouped(load.tasks)
            ),
            change: "make fewer, larger tasks (`spark.sql.files.maxPartitionBytes`, \
                     `spark.sql.shuffle.partitions`)"
                .to_owned(),
        };
    }
    if load.longest.as_f64() > 2.0 * load.median.as_f64()
        && load.longest.as_f64() > 0.5 * load.span.as_f64()
    {
        let change = if load.whole_files {
            "write files that can be cut (no gzip for text, no multiLine), or smaller ones"
        } else {
            "spread the bytes more evenly; more slots change nothing"
        };
        return Bound {
            limit: Limit::LongestTask,
            because: format!(
                "{at}: its longest task takes {}, the middle one {}",
                load.longest, load.median
            ),
            change: change.to_owned(),
        };
    }
    if load.tasks < slots {
        return task_bound(load, at, slots);
    }
    if let Some((part, share, true)) = load.part {
        return Bound {
            limit: Limit::Storage,
            because: format!("{at}: {share} of a task's time is `{part}`, not computing"),
            change: "read fewer bytes (columns, partitions, a columnar format), or take faster \
                     storage or more nodes"
                .to_owned(),
        };
    }
    slot_bound(load, at, slots)
}

fn task_bound(load: &StageLoad, at: &str, slots: u64) -> Bound {
    let change = if load.reads_files && !load.whole_files {
        "cut the files smaller (`spark.sql.files.maxPartitionBytes` or \
         `spark.sql.files.minPartitionNum`)"
    } else if load.whole_files {
        "write files that can be cut, or more of them"
    } else {
        "raise `spark.sql.shuffle.partitions`, or lower \
         `spark.sql.adaptive.advisoryPartitionSizeInBytes`"
    };
    Bound {
        limit: Limit::Tasks,
        because: format!(
            "{at}: {} tasks leave {} of {} slots without work",
            grouped(load.tasks),
            grouped(slots - load.tasks),
            grouped(slots)
        ),
        change: change.to_owned(),
    }
}

fn slot_bound(load: &StageLoad, at: &str, slots: u64) -> Bound {
    let waves = load.tasks.div_ceil(slots.max(1));
    let part = load
        .part
        .map_or(String::new(), |(part, share, _)| format!(", of which {share} is `{part}`"));
    let last = load.tasks - waves.saturating_sub(1).saturating_mul(slots.max(1));
    let last = if waves > 1 && last < slots {
        format!(", the last of only {}", grouped(last))
    } else {
        String::new()
    };
    Bound {
        limit: Limit::Slots,
        because: format!(
            "{at}: {} tasks on {} slots make {waves} {} of about {}{last}{part}",
            grouped(load.tasks),
            grouped(slots),
            if waves == 1 { "wave" } else { "waves" },
            load.median,
        ),
        change: "add executors (`cluster.nodes`, `executor.per_node`, `spark.cores.max`)"
            .to_owned(),
    }
}
