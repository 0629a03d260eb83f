//! The same jobs many times, each time with other luck.

use std::array::from_fn;
use std::ops::Range;

use super::cluster::Cluster;
use super::engine::simulate_noisy;
use super::graph::{Graph, StageId};
use super::job::{Cursor, Job};
use super::kernel::PIECE;
use super::lanes::{LANES, Lanes};
use super::run::Stop;
use super::slots::Slots;
use super::taskset::Costs;
use crate::stats::Luck;
use crate::units::Moment;

/// The makespan of each run of a range of replications.
///
/// Run `r` is what [`simulate_noisy`] gives for replication `r`, whatever the range, so ranges may
/// be spread over threads. Where only one stage can run at a time, four runs are simulated at
/// once. The error is the reason why one of the runs did not finish.
pub fn replicate(
    cluster: &Cluster,
    jobs: &[Job],
    luck: &Luck,
    runs: Range<u32>,
) -> Result<Vec<Moment>, Stop> {
    let graph = Graph::new(jobs);
    // A stage must not meet slots that are still in their gap: lanes reset all slots.
    let resets = cluster.overheads.relaunch_gap <= cluster.overheads.submit_delay;
    let order = if resets { graph.clone().chain() } else { None };
    let (Some(order), Some(slots)) = (order, Slots::new(cluster)) else {
        return runs.map(|run| alone(cluster, jobs, luck, run)).collect();
    };
    let fours = Fours { cluster, jobs, luck, graph, order, slots };
    let runs: Vec<u32> = runs.collect();
    let mut makespans = Vec::with_capacity(runs.len());
    for group in runs.chunks(LANES) {
        // A last group that is not full repeats its last run.
        let numbers = from_fn(|lane| group[lane.min(group.len() - 1)]);
        makespans.extend_from_slice(&fours.run(numbers)?[..group.len()]);
    }
    Ok(makespans)
}

fn alone(cluster: &Cluster, jobs: &[Job], luck: &Luck, replication: u32) -> Result<Moment, Stop> {
    let run = simulate_noisy(cluster, jobs, luck, replication);
    if run.stop == Stop::Finished { Ok(run.makespan) } else { Err(run.stop) }
}

/// A chain of stages, ready to be run four times at once.
struct Fours<'a> {
    cluster: &'a Cluster,
    jobs: &'a [Job],
    luck: &'a Luck,
    graph: Graph,
    order: Vec<StageId>,
    slots: Slots,
}

impl Fours<'_> {
    fn run(&self, numbers: [u32; LANES]) -> Result<[Moment; LANES], Stop> {
        let horizon = self.slots.horizon();
        let costs = numbers.map(|run| Costs::new(self.cluster, horizon, Some(self.luck.run(run))));
        let mut lanes = Lanes::new(self.slots.len(), self.slots.clock());
        let mut graphs: [Graph; LANES] = from_fn(|_| self.graph.clone());
        let mut ready = graphs.each_mut().map(Graph::begin);
        let mut makespans = [Moment::START; LANES];
        for stage in &self.order {
            let begun: [Moment; LANES] = from_fn(|lane| ready[lane][0].0);
            let finished = self.stage(*stage, begun, &costs, &mut lanes)?;
            for lane in 0..LANES {
                makespans[lane] = makespans[lane].max(finished[lane]);
                ready[lane] = graphs[lane].complete(*stage, finished[lane]);
            }
        }
        Ok(makespans)
    }

    /// Runs one stage that is ready at some time in each lane: when it finished.
    fn stage(
        &self,
        stage: StageId,
        ready: [Moment; LANES],
        costs: &[Costs<'_>; LANES],
        lanes: &mut Lanes,
    ) -> Result<[Moment; LANES], Stop> {
        let (job, number) = self.graph.place(stage);
        let work = &self.jobs[job].stages[number].tasks;
        if work.count() == 0 {
            return Ok(ready);
        }
        let horizon = self.slots.horizon();
        let starts = ready.map(|it| it.as_micros().saturating_add(costs[0].submit_delay));
        if starts.iter().any(|start| *start >= horizon) {
            return Err(Stop::Horizon);
        }
        lanes.open(starts);
        let (mut cursor, mut times) = (Cursor::default(), Vec::with_capacity(PIECE));
        let mut pieces: [Vec<u64>; LANES] = from_fn(|_| Vec::with_capacity(PIECE));
        loop {
            let first = cursor.index;
            cursor.read(work, PIECE, &mut times);
            if times.is_empty() {
                break;
            }
            for (piece, costs) in pieces.iter_mut().zip(costs) {
                piece.clone_from(&times);
                costs.turn(stage, first, piece);
            }
            lanes.place(&pieces);
        }
        let latest = lanes.latest();
        if latest.iter().any(|it| *it >= horizon) {
            return Err(Stop::Horizon);
        }
        Ok(from_fn(|lane| costs[lane].end(latest[lane])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{Overheads, Stage, Work};
    use crate::stats::{Noise, Seed, Stragglers};
    use crate::units::Seconds;

    fn luck() -> Luck {
        let stragglers = Some(Stragglers { probability: 0.01, factor: 4.0 });
        Luck::new(&Noise { tasks: 0.5, run: 0.1, stragglers }, Seed(77))
    }

    fn job(tasks: &[u64], parents: bool) -> Job {
        let stage = |(number, count): (usize, &u64)| Stage {
            parents: (0..number).filter(|_| parents).collect(),
            tasks: Work::equal(Seconds::millis(1500), *count),
        };
        Job { stages: tasks.iter().enumerate().map(stage).collect(), ..Job::default() }
    }

    fn overheads(gap: u64) -> Overheads {
        Overheads {
            submit_delay: Seconds::millis(20),
            launch_interval: Seconds::millis(1),
            task_overhead: Seconds::millis(5),
            relaunch_gap: Seconds::millis(gap),
        }
    }

    #[test]
    fn four_at_once_are_what_each_is_alone() {
        let luck = luck();
        for (gap, parents) in [(3, true), (40, true), (3, false)] {
            let cluster = Cluster { overheads: overheads(gap), ..Cluster::uniform(7, 5) };
            let mut second = job(&[3], false);
            (second.after, second.delay) = (vec![0], Seconds::new(2));
            let jobs = [job(&[500, 0, 1, 36], parents), second];
            let ours = replicate(&cluster, &jobs, &luck, 5..16).unwrap();
            for (run, makespan) in (5..).zip(&ours) {
                assert_eq!(alone(&cluster, &jobs, &luck, run).unwrap(), *makespan, "{run}");
            }
        }
    }

    #[test]
    fn the_cut_into_ranges_does_not_matter() {
        let (cluster, jobs, luck) = (Cluster::uniform(60, 5), [job(&[2000], true)], luck());
        let run = |runs| replicate(&cluster, &jobs, &luck, runs).unwrap();
        let whole = run(0..50);
        for size in [1_u32, 3, 4, 7, 32] {
            let starts = (0..50_u32.div_ceil(size)).map(|it| it * size);
            let cut: Vec<Moment> = starts.flat_map(|it| run(it..50.min(it + size))).collect();
            assert_eq!(whole, cut);
        }
        assert_eq!(run(9..9), []);
    }

    #[test]
    fn runs_that_cannot_finish_are_errors() {
        let (luck, jobs) = (luck(), [job(&[2000], true)]);
        let run = |cluster: &Cluster, jobs: &[Job]| replicate(cluster, jobs, &luck, 0..3);
        assert_eq!(run(&Cluster::default(), &jobs), Err(Stop::NoSlots));
        let mut stuck = job(&[1], true);
        stuck.after = vec![0];
        assert_eq!(run(&Cluster::uniform(1, 1), &[stuck]), Err(Stop::Stuck));
        let mut late = job(&[1], true);
        late.submitted = Moment::micros(u64::MAX);
        assert_eq!(run(&Cluster::uniform(1, 1), &[late]), Err(Stop::Horizon));
        let mut long = job(&[1], true);
        long.stages[0].tasks = Work::equal(Seconds::micros(u64::MAX), 5);
        assert_eq!(run(&Cluster::uniform(1, 1), &[long]), Err(Stop::Horizon));
    }
}
