//! The slow twin of the engine, and the laws that every schedule obeys.
//!
//! The twin looks at everything at every event: it offers slots the way
//! `TaskSchedulerImpl.resourceOffers` does, pass by pass, with the pools sorted as a whole.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::units::{Moment, Seconds};

/// A running task: when its slot is free again, and its pool.
type Slot = Option<(u64, usize)>;

struct Twin<'a> {
    cluster: &'a Cluster,
    jobs: &'a [Job],
    /// The slots of each executor.
    slots: Vec<Vec<Slot>>,
    driver: u64,
    /// Stages with tasks left: the next task.
    waiting: BTreeMap<(usize, usize), usize>,
    /// When the tasks of a stage arrive, and when a stage ended.
    arrives: BTreeMap<(usize, usize), u64>,
    ended: BTreeMap<(usize, usize), u64>,
    tasks: Vec<TaskRun>,
}

fn times(work: &Work) -> Vec<u64> {
    match work {
        Work::Each(times) => times.iter().map(|it| it.as_micros()).collect(),
        Work::Groups(groups) => groups
            .iter()
            .flat_map(|(time, count)| vec![time.as_micros(); usize::try_from(*count).unwrap()])
            .collect(),
    }
}

impl Twin<'_> {
    fn run(mut self) -> Vec<TaskRun> {
        loop {
            self.find_ready();
            let freed = self.slots.iter().enumerate().flat_map(|(executor, slots)| {
                slots
                    .iter()
                    .enumerate()
                    .filter_map(move |(pass, slot)| slot.map(|(free, _)| (free, 0, pass, executor)))
            });
            let arrivals = self.arrives.iter().map(|((job, stage), at)| (*at, 1, *job, *stage));
            match freed.chain(arrivals).min() {
                None => return self.tasks,
                Some((now, 0, pass, executor)) => {
                    self.slots[executor][pass] = None;
                    self.offer(now, &[executor]);
                }
                Some((now, _, job, stage)) => {
                    self.arrives.remove(&(job, stage));
                    self.waiting.insert((job, stage), 0);
                    if self.slots.iter().flatten().any(Option::is_none) {
                        for slots in &mut self.slots {
                            slots.sort_by_key(|slot| slot.map_or((0, 0), |(free, _)| (1, free)));
                        }
                    }
                    let all: Vec<usize> = (0..self.slots.len()).collect();
                    self.offer(now, &all);
                }
            }
        }
    }

    /// Stages whose parents and jobs before have all ended arrive; empty ones end at once.
    fn find_ready(&mut self) {
        let mut again = true;
        while std::mem::take(&mut again) {
            for (number, job) in self.jobs.iter().enumerate() {
                let Some(begin) = self.begin(number) else { continue };
                for (stage, it) in job.stages.iter().enumerate() {
                    let id = (number, stage);
                    let seen = self.tasks.iter().any(|it| (it.job, it.stage) == id)
                        || self.ended.contains_key(&id)
                        || self.waiting.contains_key(&id)
                        || self.arrives.contains_key(&id);
                    let parents: Option<Vec<u64>> = it
                        .parents
                        .iter()
                        .map(|it| self.ended.get(&(number, *it)).copied())
                        .collect();
                    let Some(parents) = parents.filter(|_| !seen) else { continue };
                    let ready = parents.into_iter().max().unwrap_or(0).max(begin);
                    if it.tasks.count() == 0 {
                        self.ended.insert(id, ready);
                        again = true;
                    } else {
                        let delay = self.cluster.overheads.submit_delay.as_micros();
                        self.arrives.insert(id, ready + delay);
                    }
                }
            }
        }
    }

    fn begin(&self, job: usize) -> Option<u64> {
        let it = &self.jobs[job];
        let before: Option<Vec<u64>> = it.after.iter().map(|it| self.end(*it)).collect();
        let begin = before?.into_iter().max().unwrap_or(0).max(it.submitted.as_micros());
        Some(begin + it.delay.as_micros())
    }

    fn end(&self, job: usize) -> Option<u64> {
        let begin = self.begin(job)?;
        let stages = 0..self.jobs[job].stages.len();
        let ends: Option<Vec<u64>> = stages.map(|it| self.ended.get(&(job, it)).copied()).collect();
        Some(ends?.into_iter().max().unwrap_or(begin).max(begin))
    }

    fn offer(&mut self, now: u64, executors: &[usize]) {
        let mut sets: Vec<(usize, usize)> = self.waiting.keys().copied().collect();
        if let Mode::Fair(pools) = &self.cluster.mode {
            let order = self.sorted(pools);
            sets.sort_by_key(|(job, _)| {
                let pool = self.pool(*job);
                order.iter().position(|it| *it == pool)
            });
        }
        for set in sets {
            let mut launched = true;
            while std::mem::take(&mut launched) {
                for executor in executors {
                    let free = self.slots[*executor].iter().position(Option::is_none);
                    if let Some(slot) = free
                        && self.waiting.contains_key(&set)
                    {
                        self.launch(now, set, *executor, slot);
                        launched = true;
                    }
                }
            }
        }
    }

    fn pool(&self, job: usize) -> usize {
        match &self.cluster.mode {
            Mode::Fifo => 0,
            Mode::Fair(pools) => self.jobs[job].pool.min(pools.len()),
        }
    }

    /// All pools, the one to serve first in front.
    fn sorted(&self, pools: &[Pool]) -> Vec<usize> {
        let mut pools = pools.to_vec();
        pools.push(Pool { name: "default".into(), weight: 1, min_share: 0 });
        let mut order: Vec<usize> = (0..pools.len()).collect();
        order.sort_by(|a, b| {
            let key = |it: usize| {
                let running = self.slots.iter().flatten().flatten().filter(|slot| slot.1 == it);
                let running = f64::from(u32::try_from(running.count()).unwrap());
                let pool = &pools[it];
                let needy = running < f64::from(pool.min_share);
                let of = if needy { pool.min_share } else { pool.weight };
                (!needy, running / f64::from(of.max(1)), pool.name.clone(), it)
            };
            key(*a).partial_cmp(&key(*b)).unwrap()
        });
        order
    }

    fn launch(&mut self, now: u64, set: (usize, usize), executor: usize, slot: usize) {
        let overheads = &self.cluster.overheads;
        let times = times(&self.jobs[set.0].stages[set.1].tasks);
        let next = self.waiting[&set];
        let start = now.max(self.driver);
        self.driver = start + overheads.launch_interval.as_micros();
        let end = start + times[next] + overheads.task_overhead.as_micros();
        self.slots[executor][slot] =
            Some((end + overheads.relaunch_gap.as_micros(), self.pool(set.0)));
        let (job, stage, index) = (set.0, set.1, next as u64);
        let (start, end) = (Moment::micros(start), Moment::micros(end));
        self.tasks.push(TaskRun { job, stage, index, executor, slot: 0, start, end });
        if next + 1 == times.len() {
            self.waiting.remove(&set);
            let ends = self.tasks.iter().filter(|it| (it.job, it.stage) == set);
            let end = ends.map(|it| it.end.as_micros()).max().unwrap();
            self.ended.insert(set, end);
        } else {
            self.waiting.insert(set, next + 1);
        }
    }
}

fn twin(cluster: &Cluster, jobs: &[Job]) -> Vec<TaskRun> {
    let slots = cluster.executors.iter().map(|it| vec![None; it.slots as usize]).collect();
    let (waiting, arrives) = (BTreeMap::new(), BTreeMap::new());
    let (ended, tasks) = (BTreeMap::new(), Vec::new());
    Twin { cluster, jobs, slots, driver: 0, waiting, arrives, ended, tasks }.run()
}

fn work() -> impl Strategy<Value = Work> {
    let time = (1_u64..30).prop_map(Seconds::micros);
    prop_oneof![
        prop::collection::vec((time.clone(), 0_u64..12), 0..3).prop_map(Work::Groups),
        prop::collection::vec(time, 0..15).prop_map(Work::Each),
    ]
}

fn stages() -> impl Strategy<Value = Vec<Stage>> {
    prop::collection::vec((work(), prop::collection::vec(any::<bool>(), 4)), 0..4).prop_map(|all| {
        let stage = |(number, (tasks, waits)): (usize, (Work, Vec<bool>))| Stage {
            parents: (0..number).filter(|it| waits[*it]).collect(),
            tasks,
        };
        all.into_iter().enumerate().map(stage).collect()
    })
}

fn jobs() -> impl Strategy<Value = Vec<Job>> {
    let job = (0_u64..60, prop::bool::weighted(0.3), 0_u64..5, 0_usize..4, stages());
    prop::collection::vec(job, 1..5).prop_map(|all| {
        let job = |(number, (submitted, after, delay, pool, stages))| Job {
            submitted: Moment::micros(submitted),
            after: if after && number > 0 { vec![number - 1] } else { Vec::new() },
            delay: Seconds::micros(delay),
            pool,
            stages,
        };
        all.into_iter().enumerate().map(job).collect()
    })
}

fn cluster() -> impl Strategy<Value = Cluster> {
    let executors = prop::collection::vec(0_u32..4, 1..5).prop_map(|mut all| {
        all[0] += 1;
        all.into_iter().map(|slots| Executor { slots, node: 0 }).collect::<Vec<_>>()
    });
    let pool = (0_u32..3, 1_u32..4, 0_u32..4).prop_map(|(name, weight, min_share)| Pool {
        name: format!("p{name}"),
        weight,
        min_share,
    });
    let mode =
        prop_oneof![Just(Mode::Fifo), prop::collection::vec(pool, 0..4).prop_map(Mode::Fair),];
    let overheads = prop_oneof![Just([0; 4]), [0_u64..6, 0_u64..3, 0_u64..4, 0_u64..8],];
    (executors, mode, overheads).prop_map(|(executors, mode, [submit, launch, task, gap])| {
        let overheads = Overheads {
            submit_delay: Seconds::micros(submit),
            launch_interval: Seconds::micros(launch),
            task_overhead: Seconds::micros(task),
            relaunch_gap: Seconds::micros(gap),
        };
        Cluster { executors, mode, overheads }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_engine_does_what_the_twin_does_task_by_task(cluster in cluster(), jobs in jobs()) {
        let mut seen = Vec::new();
        let run = watch(&cluster, &jobs, None, &mut seen);
        prop_assert_eq!(run.stop, Stop::Finished);
        let order = |it: &TaskRun| (it.job, it.stage, it.index);
        let mut expected = twin(&cluster, &jobs);
        expected.sort_by_key(order);
        let mut slots: Vec<_> = seen.iter().map(|it| (it.slot, it.start, it.end)).collect();
        seen.sort_by_key(order);
        for it in &mut seen {
            it.slot = 0;
        }
        prop_assert_eq!(&seen, &expected);
        // No slot runs two tasks at once.
        slots.sort();
        for pair in slots.windows(2) {
            prop_assert!(pair[0].0 != pair[1].0 || pair[0].2 <= pair[1].1, "{:?}", pair);
        }
    }

    #[test]
    fn the_fast_ways_give_what_the_general_way_gives(cluster in cluster(), jobs in jobs()) {
        let mut seen = Vec::new();
        let slow = watch(&cluster, &jobs, None, &mut seen);
        let fast = simulate(&cluster, &jobs);
        prop_assert_eq!(&slow, &fast);
        for stage in &fast.stages {
            let of = || seen.iter().filter(|it| (it.job, it.stage) == (stage.job, stage.stage));
            let busy: Seconds = of().map(|it| it.end.since(it.start)).sum();
            prop_assert_eq!(stage.busy, busy);
            prop_assert_eq!(stage.tasks, of().count() as u64);
            if stage.tasks > 0 {
                prop_assert_eq!(Some(stage.first_launch), of().map(|it| it.start).min());
                prop_assert_eq!(Some(stage.finished), of().map(|it| it.end).max());
                prop_assert_eq!(Some(stage.longest), of().map(|it| it.end.since(it.start)).max());
                let last = || of().filter(|it| it.index >= stage.tasks - stage.last_wave.tasks);
                let busy: Seconds = last().map(|it| it.end.since(it.start)).sum();
                prop_assert_eq!(stage.last_wave.busy, busy);
                prop_assert_eq!(Some(stage.last_wave.began), last().map(|it| it.start).min());
            }
        }
    }

    #[test]
    fn grahams_bounds_hold(
        times in prop::collection::vec(0_u64..1_000_000, 1..200),
        slots in 1_u32..40,
    ) {
        let (sum, longest) = (times.iter().sum::<u64>(), *times.iter().max().unwrap());
        let each = Work::Each(times.into_iter().map(Seconds::micros).collect());
        let job = Job { stages: vec![Stage { parents: vec![], tasks: each }], ..Job::default() };
        let makespan = simulate(&Cluster::uniform(slots, 1), &[job]).makespan.as_micros();
        let slots = u64::from(slots);
        prop_assert!(makespan >= longest.max(sum.div_ceil(slots)));
        prop_assert!(makespan * slots <= sum + (slots - 1) * longest);
    }

    #[test]
    fn equal_tasks_take_as_many_times_as_there_are_waves(
        tasks in 1_u64..1_000_000_000,
        slots in 1_u32..400,
        time in 0_u64..10_000_000,
    ) {
        let tasks_of = Work::equal(Seconds::micros(time), if time == 0 { tasks % 1000 } else { tasks });
        let tasks = tasks_of.count();
        let job = Job { stages: vec![Stage { parents: vec![], tasks: tasks_of }], ..Job::default() };
        let run = simulate(&Cluster::uniform(slots, 1), &[job]);
        let waves = tasks.div_ceil(u64::from(slots));
        if waves * time >= 1 << 52 {
            prop_assert_eq!(run.stop, Stop::Horizon);
            return Ok(());
        }
        prop_assert_eq!(run.makespan.as_micros(), waves * time);
        prop_assert_eq!(run.busy.as_micros(), tasks * time);
        if tasks > 0 {
            let stage = run.stages[0];
            prop_assert_eq!(stage.waves, waves);
            let idle = (waves * u64::from(slots) - tasks) * time;
            prop_assert_eq!(stage.last_wave.idle.as_micros(), idle);
        }
    }
}

#[test]
fn what_cannot_finish_says_why() {
    let job = |tasks| Job { stages: vec![Stage { parents: vec![], tasks }], ..Job::default() };
    let second = || job(Work::equal(Seconds::new(1), 3));
    let one = Cluster::uniform(1, 1);
    let stop = |cluster: &Cluster, job: Job| simulate(cluster, &[job]).stop;
    assert_eq!(stop(&Cluster::default(), second()), Stop::NoSlots);
    assert_eq!(stop(&Cluster::uniform(u32::from(u16::MAX), 17), second()), Stop::TooManySlots);
    assert_eq!(stop(&one, Job { after: vec![0], ..second() }), Stop::Stuck);
    assert_eq!(stop(&one, Job { after: vec![9], ..second() }), Stop::Stuck);
    assert_eq!(stop(&one, job(Work::equal(Seconds::new(1), u64::MAX))), Stop::Horizon);
    assert_eq!(stop(&one, job(Work::Each(vec![Seconds::micros(u64::MAX)]))), Stop::Horizon);
    let late = Job { submitted: Moment::micros(u64::MAX), delay: Seconds::MAX, ..second() };
    assert_eq!(stop(&one, late), Stop::Horizon);
    let many = vec![(Seconds::MAX, u64::MAX), (Seconds::ZERO, 3)];
    assert_eq!(stop(&one, job(Work::Groups(many))), Stop::Horizon);
    let endless = Seconds::micros(u64::MAX);
    let overheads = Overheads {
        submit_delay: endless,
        launch_interval: endless,
        task_overhead: endless,
        relaunch_gap: endless,
    };
    assert_eq!(stop(&Cluster { overheads, ..one }, second()), Stop::Horizon);
    assert_eq!(simulate(&Cluster::uniform(1, 1), &[]).stop, Stop::Finished);
}
