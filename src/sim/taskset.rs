//! A stage while its tasks are launched.

use super::cluster::Cluster;
use super::graph::StageId;
use super::job::{Cursor, Job, Work};
use super::kernel::{PIECE, later};
use super::run::{LastWave, StageRun};
use super::slots::Slots;
use crate::stats::RunLuck;
use crate::units::{Moment, Seconds, number};

/// What a task costs its slot: its time, which luck may change, the overhead and the gap.
#[derive(Clone, Debug)]
pub(super) struct Costs<'a> {
    pub(super) submit_delay: u64,
    overhead: u64,
    gap: u64,
    most: u64,
    luck: Option<RunLuck<'a>>,
}

impl<'a> Costs<'a> {
    /// The overheads of a cluster; tasks that would cost more than `most` cost that.
    pub(super) fn new(cluster: &Cluster, most: u64, luck: Option<RunLuck<'a>>) -> Self {
        let bounded = |span: Seconds| span.min(Seconds::MAX).as_micros();
        Self {
            submit_delay: bounded(cluster.overheads.submit_delay),
            overhead: bounded(cluster.overheads.task_overhead),
            gap: bounded(cluster.overheads.relaunch_gap),
            most,
            luck,
        }
    }

    /// When a task ended whose slot was free again at `free`.
    pub(super) fn end(&self, free: u64) -> Moment {
        Moment::micros(free.saturating_sub(self.gap))
    }

    /// Turns a task's time into what it costs its slot, the gap included.
    pub(super) fn of(&self, time: u64) -> u64 {
        time.min(self.most).wrapping_add(self.overhead + self.gap).min(self.most)
    }

    /// Turns the times of the tasks `first..` of a stage into what they cost, with their luck.
    pub(super) fn turn(&self, stage: StageId, first: u64, times: &mut [u64]) {
        if let Some(luck) = &self.luck {
            luck.stage(number::count(stage)).scale(first, times);
        }
        // Most pieces hold no time that has to be cut, and their union of bits shows it.
        let extra = self.overhead + self.gap;
        let uncut = times.iter().fold(0, |bits, time| bits | *time);
        if uncut < self.most.saturating_sub(extra) {
            for time in times {
                *time = time.wrapping_add(extra);
            }
        } else {
            for time in times {
                *time = self.of(*time);
            }
        }
    }
}

/// A stage, how far its tasks are launched, and the costs of the next ones.
#[derive(Clone, Debug)]
pub(super) struct TaskSet<'a> {
    pub(super) stage: StageId,
    pub(super) run: StageRun,
    /// The latest time at which a slot that took a task is free again.
    pub(super) latest: u64,
    work: &'a Work,
    cursor: Cursor,
    /// Where the last wave begins.
    boundary: u64,
    buffer: Vec<u64>,
    at: usize,
    launched: u64,
    /// From where on equal tasks may be tried at once.
    try_equal: u64,
}

impl<'a> TaskSet<'a> {
    /// A stage of which nothing is launched.
    pub(super) fn new(
        jobs: &'a [Job],
        (job, stage): (usize, usize),
        id: StageId,
        slots: &Slots,
    ) -> Self {
        let work = &jobs[job].stages[stage].tasks;
        let slots = number::count(slots.len());
        let tasks = work.count();
        let waves = tasks.div_ceil(slots);
        let boundary = waves.saturating_sub(1) * slots;
        let last_wave = LastWave { tasks: tasks - boundary, ..LastWave::default() };
        let run = StageRun { job, stage, tasks, waves, last_wave, ..StageRun::default() };
        Self {
            stage: id,
            run,
            latest: 0,
            work,
            cursor: Cursor::default(),
            boundary,
            buffer: Vec::new(),
            at: 0,
            launched: 0,
            try_equal: 0,
        }
    }

    /// Tasks that are not launched.
    pub(super) fn left(&self) -> u64 {
        self.run.tasks - self.launched
    }

    /// The number of the next task.
    pub(super) fn index(&self) -> u64 {
        self.launched
    }

    /// The costs of the next tasks, as far as they are prepared.
    pub(super) fn prepared(&self) -> &[u64] {
        &self.buffer[self.at..]
    }

    /// The next task is about to be launched at `launch`.
    pub(super) fn launching(&mut self, launch: u64) {
        if self.launched == 0 {
            self.run.first_launch = Moment::micros(launch);
        }
        if self.launched == self.boundary {
            self.run.last_wave.began = Moment::micros(launch);
        }
    }

    /// Prepares the next piece, which never crosses into the last wave.
    pub(super) fn prepare(&mut self, costs: &Costs<'_>) {
        let first = self.cursor.index;
        let last_wave = first >= self.boundary;
        let most = if last_wave { u64::MAX } else { self.boundary - first };
        self.at = 0;
        self.cursor.read(self.work, number::index(most).min(PIECE), &mut self.buffer);
        costs.turn(self.stage, first, &mut self.buffer);
        let (mut sum, mut longest) = (0_u64, 0);
        for cost in &self.buffer {
            // A piece is at most 2^10 costs below 2^53.
            sum = sum.wrapping_add(*cost);
            longest = later(longest, *cost);
        }
        let gaps = costs.gap.saturating_mul(number::count(self.buffer.len()));
        self.add(sum.saturating_sub(gaps), longest.saturating_sub(costs.gap), last_wave);
    }

    /// `count` prepared tasks were launched, the latest of whose slots is free again at `latest`.
    pub(super) fn placed(&mut self, count: usize, latest: u64) {
        self.at += count;
        self.launched += number::count(count);
        self.latest = self.latest.max(latest);
    }

    /// What the next tasks cost and how many rounds of the slots they fill, where they are equal
    /// and it is worth while.
    pub(super) fn equal(&mut self, costs: &Costs<'_>, slots: usize) -> Option<(u64, u64)> {
        if costs.luck.is_some() || self.launched < self.try_equal {
            return None;
        }
        self.try_equal = self.launched.saturating_add(number::count(slots));
        let (time, count) = self.cursor.equal(self.work)?;
        let rounds = count.min(self.boundary.saturating_sub(self.launched)) / number::count(slots);
        (rounds > 1).then(|| (costs.of(time.as_micros()), rounds))
    }

    /// Whole rounds of equal tasks were launched at once.
    pub(super) fn skip(&mut self, costs: &Costs<'_>, rounds: u64, slots: usize, latest: u64) {
        let count = rounds * number::count(slots);
        let (time, _) = self.cursor.equal(self.work).unwrap_or_default();
        let each = costs.of(time.as_micros()).saturating_sub(costs.gap);
        self.cursor.skip(self.work, count);
        self.add(each.saturating_mul(count), each, false);
        self.launched += count;
        self.latest = self.latest.max(latest);
    }

    fn add(&mut self, busy: u64, longest: u64, last_wave: bool) {
        let plus = |span: Seconds| Seconds::micros(span.as_micros().saturating_add(busy));
        self.run.busy = plus(self.run.busy);
        self.run.longest = self.run.longest.max(Seconds::micros(longest));
        if last_wave {
            self.run.last_wave.busy = plus(self.run.last_wave.busy);
        }
    }
}
