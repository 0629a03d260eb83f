//! The worked example that started this project: twenty machines, three executors each, one file.

use sparkplan::diagnostic::{Code, Diagnostic};
use sparkplan::report::{self, Report};
use sparkplan::scenario::Overrides;

use crate::support;

const GIB: u64 = 1 << 30;
const MIB: u64 = 1 << 20;

fn example(set: &[&str], conf: &[&str]) -> (Report, Vec<Diagnostic>) {
    let text = support::text(&support::root().join("scenarios/twenty-nodes.toml"));
    let owned = |it: &[&str]| it.iter().map(|it| (*it).to_owned()).collect();
    support::simulate(&text, &Overrides { properties: None, set: owned(set), conf: owned(conf) })
}

fn close(value: f64, expected: f64, within: f64) -> bool {
    (value - expected).abs() <= within
}

#[test]
fn sixty_executors_run_three_hundred_tasks() {
    let (report, warnings) = example(&[], &[]);
    assert_eq!(warnings, []);
    let capacity = &report.capacity;
    assert_eq!((capacity.executors_per_node, capacity.executors), (3, 60));
    assert_eq!((capacity.cores, capacity.slots), (300, 300));
    assert_eq!(capacity.heap, 1_260 * GIB);
    assert_eq!((capacity.unused_cores, capacity.unused_memory), (1, 0), "16 cores, 64 GiB − 1 GiB");
    assert_eq!(report.answer.tasks, 300);
    assert_eq!(report.stages.len(), 1);
    assert_eq!(report.stages[0].run.waves, 1);
}

#[test]
fn the_report_says_why_three_hundred_tasks_and_not_eighty_one() {
    let (report, _) = example(&[], &[]);
    let split = report.stages[0].split.as_ref().expect("a file is split");
    assert_eq!(split.bound_by, "bytes per core");
    assert!(split.because.contains("300"), "{}", split.because);
    // 10.1 GiB and one open cost, over 300 cores, rounded down.
    let total = 10_844_792_423 + 4 * MIB;
    assert_eq!(split.bytes, total / 300);
}

#[test]
fn with_four_executors_there_are_twenty_slots_and_five_waves() {
    let (report, warnings) = example(&[], &["spark.cores.max=20"]);
    assert_eq!(warnings, []);
    let capacity = &report.capacity;
    assert_eq!((capacity.executors, capacity.slots, capacity.heap), (4, 20, 84 * GIB));
    assert!(capacity.why.iter().any(|it| it.contains("spark.cores.max")), "{:?}", capacity.why);
    assert_eq!(report.answer.tasks, 81);
    let stage = &report.stages[0];
    assert_eq!((stage.run.waves, stage.run.last_wave_tasks), (5, 1));
    let split = stage.split.as_ref().expect("a file is split");
    assert_eq!(split.bound_by, "spark.sql.files.maxPartitionBytes");
    assert_eq!(split.bytes, 128 * MIB);
    // 80 full tasks of ten seconds on 20 slots, and the rest of the file.
    let rest = 10_844_792_423 % (128 * MIB);
    let expected = 40.0 + 10.0 * f64::from(u32::try_from(rest).unwrap()) / 134_217_728.0;
    assert!(close(expected, 48.0, 0.05), "{expected}");
    let seconds = report.schedule.seconds_without_noise;
    assert!(close(seconds, expected, 0.05 * expected), "{seconds} is not near {expected}");
    assert!(close(seconds, 48.0, 0.05), "{seconds} is not 48.0");
    assert_eq!(report.answer.seconds.typical.to_bits(), seconds.to_bits(), "no luck was asked for");
}

#[test]
fn memory_is_what_spark_says_and_the_rule_of_thumb_stands_beside_it() {
    let (report, _) = example(&[], &[]);
    let memory = &report.memory;
    assert_eq!(memory.collector, "G1");
    assert!(memory.usable_heap_exact);
    assert_eq!(memory.usable_heap, 21 * GIB);
    assert_eq!(memory.unified, 13_340_403_302);
    assert_eq!((memory.tasks, memory.task_share), (5, 2_668_080_660));
    // (21 GiB − 300 MiB) × 0.6 × 0.5 ÷ 5 = 1.24 GiB.
    let thumb = (21 * GIB - 300 * MIB) * 6 / 100;
    assert!(memory.rule_of_thumb.abs_diff(thumb) <= 1, "{} is not {thumb}", memory.rule_of_thumb);
    assert_eq!(thumb * 100 / GIB, 124);
    let regions: u64 = memory.regions.iter().map(|it| it.bytes).sum();
    assert_eq!(regions, memory.usable_heap);
    let text = report::format("text").expect("there is text");
    let text = (text.write)(&report, report::Options::default());
    for number in ["60, each with 5 cores", "on 300 slots", "on 300 cores", "2.48 GiB", "1.24 GiB"]
    {
        assert!(text.contains(number), "{number} is not in\n{text}");
    }
}

#[test]
fn yarn_and_kubernetes_grant_two_executors_a_node_and_say_why() {
    for manager in ["yarn", "kubernetes"] {
        let (report, warnings) = example(&[&format!("cluster.manager={manager}")], &[]);
        let capacity = &report.capacity;
        assert_eq!(capacity.manager, manager);
        assert_eq!((capacity.executors_per_node, capacity.executors), (2, 40), "{manager}");
        assert_eq!((capacity.executors_asked, capacity.slots), (Some(60), 200), "{manager}");
        let overhead = capacity.container.iter().find(|it| it.name == "overhead");
        assert!(overhead.is_some_and(|it| it.bytes == 2150 * MIB), "{:?}", capacity.container);
        let why = capacity.why.join("\n");
        for words in ["2 × ", "one more executor needs 2", "executors a node, not 3"] {
            assert!(why.contains(words), "{manager}: {words:?} is not in {why:?}");
        }
        let codes: Vec<Code> = warnings.iter().map(|it| it.code).collect();
        assert_eq!(codes, [Code::FewerExecutors], "{manager}");
    }
}
