//! Two stages with everything in them: a shuffle, a spill, a price, files that are written.

use super::super::facts::{
    Answer, Bound, Capacity, Cost, CostLine, Interval, Memory, Note, Report, Resolved, Schedule,
    Split, Spread, Stage, StageRun, TaskMemory, TaskRun, Timeline, Verdict, Write,
};
use super::{part, resolved, run, same, slice, twenty_nodes};

const GIB: u64 = 1 << 30;
const MIB: u64 = 1 << 20;

/// A daily total over an event table: read and shuffle, then sum up and write.
pub(crate) fn aggregate() -> Report {
    let base = twenty_nodes();
    Report {
        scenario: "daily-totals".to_owned(),
        description: "Sums of every customer and day, written as one partition a day.".to_owned(),
        spark: "4.1".to_owned(),
        seed: 20_261_120,
        answer: answer(),
        stages: vec![reading(), summing()],
        memory: Memory { off_heap: 2 * GIB, usable_heap_exact: false, ..base.memory },
        schedule: Schedule {
            seconds: Interval { typical: 251.3, low: 239.0, high: 287.4 },
            seconds_without_noise: 247.9,
            lower_bound: 214.2,
            utilisation: 0.864,
            idle_core_seconds: 1_698.2,
            cold_start: None,
        },
        cost: cost(),
        writes: vec![Write {
            job: "totals".to_owned(),
            table: "daily_totals".to_owned(),
            files: 1_460,
            file_bytes: 3 * MIB,
            because: "73 tasks each meet 20 of the 365 days, and a task writes one file a day"
                .to_owned(),
        }],
        notes: notes(),
        resolved: Some(values()),
        timeline: Some(Timeline { tasks: tasks() }),
        capacity: Capacity { executors_asked: Some(6), ..yarn(&base.capacity) },
        ..base
    }
}

fn yarn(base: &Capacity) -> Capacity {
    Capacity {
        manager: "yarn".to_owned(),
        node: "m5.4xlarge".to_owned(),
        container: vec![
            part("heap", 21 * GIB, "spark.executor.memory = 21g"),
            part("overhead", 2_254_438_400, "max(384 MiB, 10 % of the heap), whole MiB"),
            part("off-heap", 2 * GIB, "spark.memory.offHeap.size = 2g"),
            part("rounding", 966_787_072, "up to a multiple of 1 GiB, YARN's least allocation"),
        ],
        container_granted: 26 * GIB,
        executors_per_node: 2,
        unused_cores: 6,
        unused_memory: 11 * GIB,
        why: vec![
            "A third executor would need 78 GiB; a node manager offers 63 GiB.".to_owned(),
            "The queue grants 4 of the 6 executors that are asked for.".to_owned(),
        ],
        ..base.clone()
    }
}

fn answer() -> Answer {
    Answer {
        tasks: 393,
        slots: 20,
        seconds: Interval { typical: 251.3, low: 239.0, high: 287.4 },
        dollars: Some(Interval { typical: 1.072, low: 1.02, high: 1.226 }),
        memory: Verdict::Spills,
        spilled: 111 * GIB,
        bound: Bound {
            by: "storage".to_owned(),
            because: "20 tasks share 1.2 GiB/s of the object store and wait for it during 61 % of \
                      their time"
                .to_owned(),
            change: "read fewer bytes: four of the nineteen columns are used".to_owned(),
        },
    }
}

fn reading() -> Stage {
    let base = twenty_nodes().stages.remove(0);
    Stage {
        job: "totals".to_owned(),
        what: "read events → partial sum by customer, day → shuffle write".to_owned(),
        tasks: 320,
        tasks_because: "1,200 files of 34 MiB are packed into 320 tasks of at most 128 MiB"
            .to_owned(),
        input: 40 * GIB,
        task_input: Spread { min: 35_651_584.0, median: 134_217_728.0, max: 134_217_728.0 },
        split: Some(Split {
            bytes: 134_217_728,
            bound_by: "spark.sql.files.maxPartitionBytes".to_owned(),
            because: "min(128 MiB, max(4 MiB, 2.3 GiB a core))".to_owned(),
            files: 1_200,
            files_whole: 17,
        }),
        shuffle_write: 9 * GIB,
        task_time: vec![
            slice("launch", 0.004, "engines/spark-4.1: launch.seconds"),
            slice("open", 0.12, "storage/object-store: open.seconds, 4 files"),
            slice("read", 6.9, "storage/object-store: 1.2 GiB/s shared by 20 tasks"),
            slice("decode", 3.4, "formats/parquet × codecs/snappy: 38 MiB/s on one core"),
            slice("compute", 0.976, "engines/spark-4.1: hash.rows_per_second"),
        ],
        task_seconds: Spread { min: 3.1, median: 11.4, max: 12.0 },
        run: StageRun {
            ready: 0.0,
            first: 0.0,
            end: 182.4,
            waves: 16,
            last_wave_tasks: 20,
            last_wave_idle: 0.0,
        },
        seconds: Interval { typical: 184.0, low: 176.0, high: 205.0 },
        ..base
    }
}

fn summing() -> Stage {
    let base = twenty_nodes().stages.remove(0);
    Stage {
        id: 1,
        job: "totals".to_owned(),
        what: "shuffle read → sum by customer, day → write daily_totals".to_owned(),
        parents: vec![0],
        tasks: 73,
        tasks_because: "adaptive execution merges 200 shuffle partitions of 46 MiB until 128 MiB \
                        would be passed"
            .to_owned(),
        certainty: "estimate".to_owned(),
        input: 9 * GIB,
        task_input: same(132_386_816.0),
        split: None,
        output: 4 * GIB,
        task_time: vec![
            slice("launch", 0.004, "engines/spark-4.1: launch.seconds"),
            slice("shuffle read", 2.1, "storage/local-ssd: 300 MiB/s"),
            slice("compute", 6.2, "engines/spark-4.1: hash.rows_per_second"),
            slice("spill", 3.3, "storage/local-ssd: 300 MiB/s, written and read again"),
            slice("write", 4.4, "formats/parquet × codecs/zstd: 31 MiB/s on one core"),
        ],
        task_seconds: Spread { min: 15.0, median: 16.0, max: 16.9 },
        memory: TaskMemory {
            verdict: Verdict::Spills,
            needed: 4 * GIB,
            share: 2_668_080_660,
            spilled: 111 * GIB,
            because: "the hash map of a task grows to 4 GiB, and a task gets 2.48 GiB with five \
                      running"
                .to_owned(),
        },
        run: StageRun {
            ready: 182.4,
            first: 182.6,
            end: 247.9,
            waves: 4,
            last_wave_tasks: 13,
            last_wave_idle: 116.2,
        },
        seconds: Interval { typical: 66.9, low: 61.0, high: 83.2 },
        ..base
    }
}

fn cost() -> Cost {
    let line = |name: &str, hourly: f64, dollars: Interval, source: &str| CostLine {
        name: name.to_owned(),
        dollars_per_hour: hourly,
        dollars,
        source: source.to_owned(),
    };
    let nodes = Interval { typical: 0.8576, low: 0.816, high: 0.981 };
    let surcharge = Interval { typical: 0.2144, low: 0.204, high: 0.245 };
    Cost {
        dollars: Some(Interval { typical: 1.072, low: 1.02, high: 1.226 }),
        lines: vec![
            line("nodes", 12.288, nodes, "price_per_hour, set in the scenario"),
            line("service surcharge", 3.072, surcharge, "surcharge_per_hour, set in the scenario"),
        ],
        note: "Storage requests and the driver's node are left out.".to_owned(),
    }
}

fn notes() -> Vec<Note> {
    let note = |code: &str, text: &str| Note { code: code.to_owned(), text: text.to_owned() };
    vec![
        note(
            "estimated-bytes",
            "The bytes of the shuffle are estimated from 12 million groups of 96 bytes; column \
             statistics would make them certain.",
        ),
        note("small-files", "1,460 files of 3 MiB are written; a table likes files of 128 MiB."),
    ]
}

fn values() -> Vec<Resolved> {
    vec![
        resolved("tables.events.size", "40 GiB", "scenario.toml:9"),
        resolved("spark.executor.memory", "21g", "--conf"),
        resolved("spark.sql.shuffle.partitions", "200", "default of Spark 4.1"),
        resolved("spark.sql.files.maxPartitionBytes", "134217728b", "default of Spark 4.1"),
        resolved(
            "storage/local-ssd: read",
            "300 MiB/s",
            "models/storage.toml, measured by a script of conformance/ on 2026-11-20",
        ),
    ]
}

/// Reading in 16 waves, then summing in four.
fn tasks() -> Vec<TaskRun> {
    let at = |stage: u64, task: u64, begin: f64, length: f64| {
        let start = begin + length * f64::from(u32::try_from(task / 20).unwrap_or(0));
        run(stage, task, task % 20, start, start + length)
    };
    let reading = (0..320).map(|task| at(0, task, 0.0, 11.4));
    reading.chain((0..73).map(|task| at(1, task, 182.6, 16.3))).collect()
}
