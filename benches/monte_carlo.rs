//! Many runs of one job under noise: against the naive way, and on threads.
//!
//! ```text
//! cargo bench --bench monte_carlo                  # criterion
//! cargo bench --bench monte_carlo -- ratios        # a table of ratios: best of five
//! ```
//!
//! The naive way draws from rand's `StdRng`, takes `exp` of a normal variable (Marsaglia's polar
//! method) for each task and keeps a `BinaryHeap` of (time, slot). Both sample every task anew.
#![expect(clippy::print_stdout, clippy::disallowed_macros, reason = "a bench prints")]
#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use rayon::prelude::*;
use sparkplan::sim::{Cluster, Job, Stage, Work, replicate};
use sparkplan::stats::{Luck, Noise, Seed};
use sparkplan::units::{Moment, Seconds};

const SIGMA: f64 = 0.8;
const SLOTS: u32 = 300;
const MEAN: Seconds = Seconds::new(10);

fn job(tasks: u64) -> Vec<Job> {
    let stage = Stage { parents: vec![], tasks: Work::equal(MEAN, tasks) };
    vec![Job { stages: vec![stage], ..Job::default() }]
}

/// The noise of the task times, and nothing else.
fn luck() -> Luck {
    Luck::new(&Noise { tasks: SIGMA, ..Noise::default() }, Seed(7))
}

/// Runs in pieces of eight, on the threads of the pool that this is called in.
fn ours(tasks: u64, runs: u32, luck: &Luck) -> Vec<Moment> {
    let (cluster, jobs) = (Cluster::uniform(SLOTS, 1), job(tasks));
    let piece = |it: u32| {
        let range = 8 * it..runs.min(8 * it + 8);
        replicate(&cluster, &jobs, luck, range).unwrap_or_default()
    };
    (0..runs.div_ceil(8)).into_par_iter().flat_map_iter(piece).collect()
}

/// Two normal variables by the polar method; one is kept for the next call.
struct Normal {
    random: StdRng,
    kept: Option<f64>,
}

impl Normal {
    fn draw(&mut self) -> f64 {
        if let Some(kept) = self.kept.take() {
            return kept;
        }
        loop {
            let [x, y] = [0; 2].map(|_| self.random.random::<f64>() * 2.0 - 1.0);
            let square = x * x + y * y;
            if square > 0.0 && square < 1.0 {
                let scale = (-2.0 * square.ln() / square).sqrt();
                self.kept = Some(y * scale);
                return x * scale;
            }
        }
    }
}

fn naive(tasks: u64, runs: u32) -> Vec<f64> {
    let mut normal = Normal { random: StdRng::seed_from_u64(7), kept: None };
    (0..runs).map(|_| naive_run(tasks, &mut normal)).collect()
}

fn naive_run(tasks: u64, normal: &mut Normal) -> f64 {
    let mut free: BinaryHeap<Reverse<(u64, u32)>> = (0..SLOTS).map(|it| Reverse((0, it))).collect();
    let mut makespan = 0;
    for _ in 0..tasks {
        let factor = (SIGMA * normal.draw() - SIGMA * SIGMA / 2.0).exp();
        let Some(Reverse((begin, slot))) = free.pop() else { break };
        let end = begin + MEAN.scale(factor).as_micros();
        makespan = makespan.max(end);
        free.push(Reverse((end, slot)));
    }
    Moment::micros(makespan).since(Moment::START).as_f64()
}

fn pool(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started")
}

fn mean(samples: &[f64]) -> f64 {
    samples.iter().sum::<f64>() / f64::from(u32::try_from(samples.len()).unwrap_or(u32::MAX))
}

/// The processor time of this thread, which a busy machine does not change as much; where Linux
/// does not tell it, the time of day.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = stat.and_then(|it| it.split(' ').next()?.parse().ok());
    nanos.map_or_else(wall, Duration::from_nanos)
}

fn wall() -> Duration {
    static CLOCK: LazyLock<Instant> = LazyLock::new(Instant::now);
    CLOCK.elapsed()
}

/// The least time of five by a clock, and the last result.
fn best<T>(clock: fn() -> Duration, mut work: impl FnMut() -> T) -> (f64, T) {
    let mut least = f64::INFINITY;
    let mut result = work();
    for _ in 0..5 {
        let begin = clock();
        result = black_box(work());
        least = least.min(clock().saturating_sub(begin).as_secs_f64());
    }
    (least, result)
}

fn ratios() {
    let luck = luck();
    let (one, two) = (pool(1), pool(2));
    for (tasks, runs) in [(2_000, 2_000), (10_000, 1_000)] {
        let (cluster, jobs) = (Cluster::uniform(SLOTS, 1), job(tasks));
        let (fast, plain) = best(cpu, || replicate(&cluster, &jobs, &luck, 0..runs));
        let (slow, theirs) = best(cpu, || naive(tasks, runs));
        let (serial, first) = best(wall, || one.install(|| ours(tasks, runs, &luck)));
        let (parallel, second) = best(wall, || two.install(|| ours(tasks, runs, &luck)));
        assert_eq!(plain.as_ref(), Ok(&first), "pieces change nothing");
        assert_eq!(first, second, "threads change nothing");
        let seconds: Vec<f64> = first.iter().map(|it| it.since(Moment::START).as_f64()).collect();
        println!("{runs} runs of {tasks} tasks on {SLOTS} slots");
        println!("  naive        {slow:9.4} processor s, mean makespan {:.2} s", mean(&theirs));
        println!("  replicate    {fast:9.4} processor s, mean makespan {:.2} s", mean(&seconds));
        println!("  one thread   {serial:9.4} s by the clock");
        println!("  two threads  {parallel:9.4} s by the clock, the same makespans");
        println!("  {:.2} x naive; two threads are {:.2} x one", slow / fast, serial / parallel);
    }
}

fn criterion() {
    let mut criterion = Criterion::default().configure_from_args().sample_size(10);
    let mut group = criterion.benchmark_group("monte-carlo");
    let luck = luck();
    group.throughput(Throughput::Elements(10_000_000));
    group.bench_function("naive", |bencher| bencher.iter(|| naive(10_000, 1_000)));
    for threads in [1, 2] {
        let pool = pool(threads);
        group.bench_function(format!("threads-{threads}"), |bencher| {
            bencher.iter(|| pool.install(|| ours(10_000, 1_000, &luck)));
        });
    }
    group.finish();
    criterion.final_summary();
}

fn count(tasks: u64, runs: u32) {
    let luck = luck();
    let (cluster, jobs) = (Cluster::uniform(SLOTS, 1), job(tasks));
    let makespans = replicate(&cluster, &jobs, &luck, 0..runs).unwrap_or_default();
    println!("{runs} runs: {:?}", makespans.last());
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["ratios"] => ratios(),
        ["count", tasks, runs] => count(tasks.parse().unwrap_or(0), runs.parse().unwrap_or(0)),
        _ => criterion(),
    }
}
