//! The discrete-event engine: submissions in the order of time, and slots filled in between.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::cluster::Cluster;
use super::equal;
use super::fair::Shares;
use super::graph::{Graph, StageId};
use super::job::Job;
use super::run::{Observer, Run, Stop, TaskRun};
use super::slots::Slots;
use super::taskset::{Costs, TaskSet};
use crate::stats::Luck;
use crate::units::{Moment, Seconds};

/// Runs jobs on a cluster.
pub fn simulate(cluster: &Cluster, jobs: &[Job]) -> Run {
    watch(cluster, jobs, None, &mut ())
}

/// The same with the luck of one replication.
pub fn simulate_noisy(cluster: &Cluster, jobs: &[Job], luck: &Luck, replication: u32) -> Run {
    watch(cluster, jobs, Some((luck, replication)), &mut ())
}

/// Runs jobs on a cluster, with the luck of a replication if one is given, and tells an observer
/// about each task when it is launched.
pub fn watch<O: Observer>(
    cluster: &Cluster,
    jobs: &[Job],
    luck: Option<(&Luck, u32)>,
    observer: &mut O,
) -> Run {
    let mut run = Run { slots: cluster.slots(), ..Run::default() };
    let Some(slots) = Slots::new(cluster) else {
        run.stop = if run.slots == 0 { Stop::NoSlots } else { Stop::TooManySlots };
        return run;
    };
    let shares = Shares::new(&cluster.mode);
    let mut engine = Engine {
        jobs,
        costs: Costs::new(cluster, slots.horizon(), luck.map(|(luck, run)| luck.run(run))),
        graph: Graph::new(jobs),
        arrivals: BinaryHeap::new(),
        waiting: vec![Vec::new(); shares.len()],
        finished: 0,
        slots,
        shares,
        run,
        observer,
    };
    engine.all();
    engine.run
}

struct Engine<'a, O> {
    jobs: &'a [Job],
    costs: Costs<'a>,
    graph: Graph,
    /// Stages by the time at which their tasks arrive, and when they were ready.
    arrivals: BinaryHeap<Reverse<(u64, StageId, Moment)>>,
    /// By pool, the stages that have tasks left to launch, in the order of their numbers.
    waiting: Vec<Vec<TaskSet<'a>>>,
    finished: usize,
    slots: Slots,
    shares: Shares,
    run: Run,
    observer: &'a mut O,
}

impl<O: Observer> Engine<'_, O> {
    fn all(&mut self) {
        self.run.stages = (0..self.graph.len())
            .map(|stage| TaskSet::new(self.jobs, self.graph.place(stage), stage, &self.slots).run)
            .collect();
        let ready = self.graph.begin();
        self.arrive(ready);
        while self.run.stop == Stop::Finished {
            let next = self.arrivals.peek().map(|Reverse((time, ..))| *time);
            if self.waiting.iter().any(|pool| !pool.is_empty()) {
                let limit = next.unwrap_or(u64::MAX).min(self.slots.horizon() - 1);
                if self.fill(limit) {
                    continue;
                }
            }
            match self.arrivals.pop() {
                Some(Reverse((time, stage, ready))) if time < self.slots.horizon() => {
                    self.submit(stage, time, ready);
                }
                None if self.finished == self.graph.len() => break,
                None if self.waiting.iter().all(Vec::is_empty) => self.run.stop = Stop::Stuck,
                _ => self.run.stop = Stop::Horizon,
            }
        }
        let busy =
            self.run.stages.iter().fold(0_u64, |sum, it| sum.saturating_add(it.busy.as_micros()));
        self.run.busy = Seconds::micros(busy);
    }

    /// Stages became ready; one without tasks is complete at once.
    fn arrive(&mut self, mut ready: Vec<(Moment, StageId)>) {
        while let Some((moment, stage)) = ready.pop() {
            let run = &mut self.run.stages[stage];
            run.submitted = moment;
            if run.tasks > 0 {
                let time = moment.as_micros().saturating_add(self.costs.submit_delay);
                self.arrivals.push(Reverse((time, stage, moment)));
                continue;
            }
            (run.first_launch, run.finished, run.last_wave.began) = (moment, moment, moment);
            self.finished += 1;
            self.run.makespan = self.run.makespan.max(moment);
            ready.extend(self.graph.complete(stage, moment));
        }
    }

    /// The tasks of a stage are offered to the slots from `now` on.
    fn submit(&mut self, stage: StageId, now: u64, ready: Moment) {
        self.slots.open(now);
        let place = self.graph.place(stage);
        let mut set = TaskSet::new(self.jobs, place, stage, &self.slots);
        set.run.submitted = ready;
        let pool = self.shares.pool_of(self.jobs[place.0].pool);
        let pool = if self.shares.fair() { pool } else { 0 };
        let queue = &mut self.waiting[pool];
        let position = queue.partition_point(|other| other.stage < stage);
        queue.insert(position, set);
        if self.shares.fair() {
            self.shares.count(self.slots.tags());
        }
    }

    /// Launches waiting tasks in slots that are free at `limit` or before, until a stage has none
    /// left (true) or no slot is free (false).
    fn fill(&mut self, limit: u64) -> bool {
        let mut pools = (0..self.waiting.len()).filter(|it| !self.waiting[*it].is_empty());
        let (Some(pool), other) = (pools.next(), pools.next()) else { return false };
        if O::LISTENS || other.is_some() {
            return self.fill_one_by_one(limit);
        }
        if !self.shares.fair() {
            return self.fill_from(pool, limit);
        }
        let before = self.slots.keys().to_vec();
        let done = self.fill_from(pool, limit);
        self.slots.tag_changed(&before, pool + 1);
        done
    }

    /// The fast way, where only the first stage of one pool is asked.
    fn fill_from(&mut self, pool: usize, limit: u64) -> bool {
        loop {
            let set = &mut self.waiting[pool][0];
            if set.left() == 0 {
                self.exhausted(pool);
                return true;
            }
            if self.slots.next().0 > limit {
                return false;
            }
            set.launching(self.slots.next_launch());
            if set.prepared().is_empty() {
                if let Some((cost, count)) = set.equal(&self.costs, self.slots.len()) {
                    let rounds = equal::rounds(&mut self.slots, cost, count, limit);
                    if rounds > 0 {
                        let latest = self.slots.times().max().unwrap_or(0);
                        set.skip(&self.costs, rounds, self.slots.len(), latest);
                        continue;
                    }
                }
                set.prepare(&self.costs);
            }
            let placed = self.slots.place(set.prepared(), limit);
            set.placed(placed.count, placed.latest);
        }
    }

    /// The general way: every free slot is offered to the pool whose turn it is.
    fn fill_one_by_one(&mut self, limit: u64) -> bool {
        loop {
            let (time, slot) = self.slots.next();
            if time > limit {
                return false;
            }
            self.shares.release(self.slots.tags()[slot]);
            let waiting = (0..self.waiting.len()).filter(|it| !self.waiting[*it].is_empty());
            let pool = self.shares.choose(waiting).expect("the caller saw a waiting stage");
            self.shares.take(pool + 1);
            let set = &mut self.waiting[pool][0];
            set.launching(self.slots.next_launch());
            if set.prepared().is_empty() {
                set.prepare(&self.costs);
            }
            let cost = set.prepared()[0];
            let (launch, free) = self.slots.place_one(cost, pool + 1);
            if O::LISTENS {
                let (slot, executor) = self.slots.place_of(slot);
                let (start, end) = (Moment::micros(launch), self.costs.end(free));
                let (job, stage) = (set.run.job, set.run.stage);
                let index = set.index();
                self.observer.task(&TaskRun { job, stage, index, executor, slot, start, end });
            }
            set.placed(1, free);
            if set.left() == 0 {
                self.exhausted(pool);
                return true;
            }
        }
    }

    /// The first stage of a pool has no task left to launch, so its end is known.
    fn exhausted(&mut self, pool: usize) {
        let set = self.waiting[pool].remove(0);
        let mut run = set.run;
        run.finished = self.costs.end(set.latest);
        let idle = self.slots.idle_until(run.finished.as_micros());
        run.last_wave.idle = Seconds::micros(idle);
        self.run.makespan = self.run.makespan.max(run.finished);
        self.run.stages[set.stage] = run;
        if set.latest >= self.slots.horizon() {
            self.run.stop = Stop::Horizon;
            return;
        }
        self.finished += 1;
        let ready = self.graph.complete(set.stage, run.finished);
        self.arrive(ready);
    }
}
