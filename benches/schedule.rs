//! Tasks onto slots: how fast, and in how many instructions a placement.
//!
//! Times, and ratios to a standard `BinaryHeap` in the same run:
//!
//! ```text
//! cargo bench --bench schedule                     # criterion
//! cargo bench --bench schedule -- ratios           # a table of ratios: processor seconds, best of five
//! ```
//!
//! Instructions, counted by valgrind (the difference of two runs leaves out the start-up):
//!
//! ```text
//! cargo bench --bench schedule --no-run            # prints the path of the program
//! valgrind --tool=callgrind --callgrind-out-file=/dev/null PROGRAM count tree 1000000
//! valgrind --tool=callgrind --callgrind-out-file=/dev/null PROGRAM count none 1000000
//! ```
//!
//! `count` takes one of the names of [`CASES`] or `none`, which only draws the times.
#![expect(clippy::print_stdout, clippy::disallowed_macros, reason = "a bench prints")]
#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput};
use sparkplan::sim::{Cluster, Executor, Job, Mode, Overheads, Pool, Stage, Work, simulate};
use sparkplan::stats::{Luck, Noise, Seed};
use sparkplan::units::Seconds;

/// Independent lognormal tasks, 10 s on average with sigma 0.8.
fn times(tasks: usize) -> Vec<Seconds> {
    let mut times = vec![10_000_000; tasks];
    let noise = Noise { tasks: 0.8, ..Noise::default() };
    Luck::new(&noise, Seed(1)).run(0).stage(0).scale(0, &mut times);
    times.into_iter().map(Seconds::micros).collect()
}

fn job(tasks: Work, pool: usize) -> Job {
    Job { stages: vec![Stage { parents: vec![], tasks }], pool, ..Job::default() }
}

fn pools() -> Mode {
    let pool = |name: &str, weight| Pool { name: name.into(), weight, min_share: 0 };
    Mode::Fair(vec![pool("a", 1), pool("b", 2)])
}

/// A cluster and jobs of so many tasks in all.
fn case(name: &str, times: &[Seconds]) -> (Cluster, Vec<Job>) {
    let one = |times: &[Seconds]| vec![job(Work::Each(times.to_vec()), 0)];
    let slots = |slots: u32| Cluster::uniform(slots, 1);
    match name {
        "array" => (slots(8), one(times)),
        "breadth-first" => {
            let executors = (0..60).map(|it| Executor { slots: 5, node: it / 3 }).collect();
            (Cluster { executors, ..Cluster::default() }, one(times))
        }
        "overheads" => {
            let overheads = Overheads {
                submit_delay: Seconds::millis(20),
                launch_interval: Seconds::micros(300),
                task_overhead: Seconds::millis(5),
                relaunch_gap: Seconds::millis(2),
            };
            (Cluster { overheads, ..slots(300) }, one(times))
        }
        "fair-one" => (Cluster { mode: pools(), ..slots(300) }, one(times)),
        "fair-two" => {
            let (first, second) = times.split_at(times.len() / 3);
            let jobs =
                vec![job(Work::Each(first.to_vec()), 0), job(Work::Each(second.to_vec()), 1)];
            (Cluster { mode: pools(), ..slots(300) }, jobs)
        }
        "wide" => (slots(10_000), one(times)),
        "equal" => (slots(300), vec![job(Work::equal(Seconds::new(10), times.len() as u64), 0)]),
        _ => (slots(300), one(times)),
    }
}

/// What is measured: a name, the slots, and what it is.
const CASES: [(&str, usize, &str); 8] = [
    ("array", 8, "8 slots"),
    ("tree", 300, "300 slots"),
    ("breadth-first", 300, "60 executors of 5 slots, breadth-first"),
    ("overheads", 300, "300 slots with all overheads"),
    ("fair-one", 300, "FAIR, one pool busy"),
    ("fair-two", 300, "FAIR, two pools busy"),
    ("wide", 10_000, "10,000 slots"),
    ("equal", 300, "equal tasks, closed form"),
];

/// The usual way: a heap of (time, slot).
fn heap(times: &[Seconds], slots: usize) -> u64 {
    let mut free: BinaryHeap<Reverse<(u64, u32)>> =
        (0..slots).map(|slot| Reverse((0, u32::try_from(slot).unwrap_or(0)))).collect();
    let mut makespan = 0;
    for time in times {
        let Some(Reverse((begin, slot))) = free.pop() else { return 0 };
        let end = begin + time.as_micros();
        makespan = makespan.max(end);
        free.push(Reverse((end, slot)));
    }
    makespan
}

fn makespan((cluster, jobs): &(Cluster, Vec<Job>)) -> u64 {
    simulate(black_box(cluster), black_box(jobs)).makespan.as_micros()
}

/// The processor time of this thread, which a busy machine does not change as much; where Linux
/// does not tell it, the time of day.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = stat.and_then(|it| it.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| CLOCK.elapsed(), Duration::from_nanos)
}

static CLOCK: LazyLock<Instant> = LazyLock::new(Instant::now);

/// The least time of five.
fn best(mut work: impl FnMut() -> u64) -> f64 {
    let timed = |_| {
        let begin = cpu();
        black_box(work());
        cpu().saturating_sub(begin).as_secs_f64()
    };
    (0..5).map(timed).fold(f64::INFINITY, f64::min)
}

fn ratios(tasks: usize) {
    let times = times(tasks);
    println!("{tasks} tasks            seconds    heap, s   ratio");
    for (name, slots, what) in CASES {
        let case = case(name, &times);
        if !matches!(name, "overheads" | "fair-one" | "fair-two" | "equal") {
            assert_eq!(makespan(&case), heap(&times, slots));
        }
        let (ours, theirs) = (best(|| makespan(&case)), best(|| heap(black_box(&times), slots)));
        println!("{name:14} {ours:13.6} {theirs:10.6} {:7.2}  {what}", theirs / ours);
    }
}

fn count(name: &str, tasks: usize) {
    let times = times(tasks);
    let result = match name {
        "none" => black_box(case("tree", &times)).1.len() as u64,
        "heap" => heap(black_box(&times), 300) + black_box(case("tree", &times)).1.len() as u64,
        name => makespan(&case(name, &times)),
    };
    println!("{name} {tasks}: {result}");
}

fn criterion() {
    let mut criterion = Criterion::default().configure_from_args().sample_size(10);
    let mut group = criterion.benchmark_group("schedule");
    for tasks in [1_000_000, 10_000_000] {
        let times = times(tasks);
        group.throughput(Throughput::Elements(tasks as u64));
        for (name, slots, _) in CASES {
            if tasks > 1_000_000 && !matches!(name, "tree" | "wide" | "equal") {
                continue;
            }
            let case = case(name, &times);
            let id = BenchmarkId::new(name, tasks);
            group.bench_function(id, |bencher| bencher.iter(|| makespan(&case)));
            if matches!(name, "array" | "tree" | "wide") {
                let id = BenchmarkId::new(format!("heap-{slots}"), tasks);
                group.bench_function(id, |bencher| bencher.iter(|| heap(black_box(&times), slots)));
            }
        }
    }
    group.finish();
    criterion.final_summary();
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["ratios"] => ratios(1_000_000),
        ["ratios", tasks] => ratios(tasks.parse().unwrap_or(1_000_000)),
        ["count", name, tasks] => count(name, tasks.parse().unwrap_or(0)),
        _ => criterion(),
    }
}
