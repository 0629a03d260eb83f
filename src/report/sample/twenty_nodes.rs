//! The worked example: 20 nodes, 4 executors granted, a CSV file of 10.1 GiB.

use super::super::facts::{
    Answer, Bound, Capacity, Cost, Interval, Memory, Report, Schedule, Split, Spread, Stage,
    StageRun, TaskMemory, TaskRun, VERSION, Verdict,
};
use super::{part, run, slice};

const GIB: u64 = 1 << 30;
const FILE: u64 = 10_844_792_422;
const HEAP: u64 = 21 * GIB;
const UNIFIED: u64 = 13_340_403_302;

/// Twenty nodes of 16 cores and 64 GiB; `spark.cores.max = 20` grants four executors of five cores.
pub(crate) fn twenty_nodes() -> Report {
    Report {
        version: VERSION,
        scenario: "twenty-nodes".to_owned(),
        description: "A CSV file of 10.1 GiB on four executors of a cluster of twenty nodes."
            .to_owned(),
        spark: "3.5".to_owned(),
        seed: 1,
        runs: 200,
        answer: answer(),
        capacity: capacity(),
        stages: vec![stage()],
        memory: memory(),
        schedule: Schedule {
            seconds: Interval { typical: 48.0, low: 46.0, high: 51.0 },
            seconds_without_noise: 48.0,
            lower_bound: 40.4,
            utilisation: 808.0 / 960.0,
            idle_core_seconds: 152.0,
            cold_start: Some(Interval { typical: 12.0, low: 8.0, high: 20.0 }),
        },
        cost: Cost {
            dollars: None,
            lines: Vec::new(),
            note: "The scenario gives no price_per_hour, and its nodes are described rather than \
                   named, so no catalog knows one."
                .to_owned(),
        },
        writes: Vec::new(),
        notes: Vec::new(),
        accepted_without_effect: vec!["spark.app.name".to_owned(), "spark.ui.port".to_owned()],
        resolved: None,
        timeline: None,
    }
}

/// The tasks of the example, wave by wave.
pub(super) fn tasks() -> Vec<TaskRun> {
    let wave = |task: u64| 10.0 * f64::from(u32::try_from(task / 20).unwrap_or(0));
    let seconds = |task: u64| if task == 80 { 8.0 } else { 10.0 };
    (0..81).map(|task| run(0, task, task % 20, wave(task), wave(task) + seconds(task))).collect()
}

fn answer() -> Answer {
    Answer {
        tasks: 81,
        slots: 20,
        seconds: Interval { typical: 48.0, low: 46.0, high: 51.0 },
        dollars: None,
        memory: Verdict::Fits,
        spilled: 0,
        bound: Bound {
            by: "slots".to_owned(),
            because: "81 tasks on 20 slots are four full waves and a fifth with one task, during \
                      which 19 slots idle"
                .to_owned(),
            change: "raise spark.cores.max from 20 to 300, which the cluster can grant".to_owned(),
        },
    }
}

fn capacity() -> Capacity {
    Capacity {
        manager: "standalone".to_owned(),
        nodes: 20,
        node: "16 cores, 64 GiB".to_owned(),
        node_cores: 16,
        node_memory: 64 * GIB,
        offered_cores: 16,
        offered_memory: 63 * GIB,
        executors_per_node: 3,
        executors_asked: None,
        executors: 4,
        executor_cores: 5,
        executor_heap: HEAP,
        container: vec![part("heap", HEAP, "spark.executor.memory = 21g")],
        container_granted: HEAP,
        cores: 20,
        heap: 4 * HEAP,
        slots: 20,
        unused_cores: 1,
        unused_memory: 0,
        why: vec![
            "A fourth executor would need 20 cores and 84 GiB; a worker offers 16 cores and 63 GiB."
                .to_owned(),
            "The nodes could hold 60 executors; spark.cores.max = 20 stops at 4.".to_owned(),
        ],
    }
}

fn stage() -> Stage {
    const SPLIT: f64 = 134_217_728.0;
    Stage {
        id: 0,
        job: "filter".to_owned(),
        what: "read events → filter".to_owned(),
        parents: Vec::new(),
        tasks: 81,
        tasks_because: "one file of 10.1 GiB is cut into 80 splits of 128 MiB and one of 102.4 MiB"
            .to_owned(),
        certainty: "exact".to_owned(),
        input: FILE,
        task_input: Spread { min: 107_374_182.0, median: SPLIT, max: SPLIT },
        split: Some(Split {
            bytes: 134_217_728,
            bound_by: "spark.sql.files.maxPartitionBytes".to_owned(),
            because: "min(128 MiB, max(4 MiB, 517.3 MiB a core))".to_owned(),
            files: 1,
            files_whole: 0,
        }),
        shuffle_write: 0,
        output: 0,
        task_time: vec![
            slice("launch", 0.004, "engines/spark-3.5: launch.seconds"),
            slice("open", 0.03, "storage/local-ssd: open.seconds"),
            slice("read", 1.366, "storage/local-ssd: 300 MiB/s shared by 5 tasks of a node"),
            slice("decode", 8.4, "formats/csv: 15.2 MiB/s on one core"),
            slice("compute", 0.2, "engines/spark-3.5: filter.rows_per_second"),
        ],
        task_seconds: Spread { min: 8.0, median: 10.0, max: 10.0 },
        memory: TaskMemory {
            verdict: Verdict::Fits,
            needed: 1 << 20,
            share: UNIFIED / 5,
            spilled: 0,
            because: "a scan streams its rows: it holds one batch and asks for no execution memory"
                .to_owned(),
        },
        run: StageRun {
            ready: 0.0,
            first: 0.0,
            end: 48.0,
            waves: 5,
            last_wave_tasks: 1,
            last_wave_idle: 152.0,
        },
        seconds: Interval { typical: 48.0, low: 46.0, high: 51.0 },
    }
}

fn memory() -> Memory {
    let storage = UNIFIED / 2;
    Memory {
        collector: "G1".to_owned(),
        usable_heap: HEAP,
        usable_heap_exact: true,
        regions: vec![
            part("reserved", 314_572_800, "300 MiB, fixed in UnifiedMemoryManager"),
            part(
                "user",
                HEAP - 314_572_800 - UNIFIED,
                "(21 GiB − 300 MiB) × (1 − spark.memory.fraction 0.6)",
            ),
            part("storage", storage, "13,340,403,302 × spark.memory.storageFraction 0.5"),
            part("execution", UNIFIED - storage, "the rest; it may push storage out of its half"),
        ],
        unified: UNIFIED,
        off_heap: 0,
        tasks: 5,
        task_share: UNIFIED / 5,
        task_share_least: UNIFIED / 10,
        rule_of_thumb: 1_334_040_330,
        rule_of_thumb_how: "(21 GiB − 300 MiB) × 0.6 × 0.5 / 5".to_owned(),
        page: 64 << 20,
    }
}
