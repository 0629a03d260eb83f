//! Who waits for whom: the stages of all jobs, and when each becomes ready.

use super::job::Job;
use crate::units::Moment;

/// A stage's number among all stages, in the order of jobs and of stages in a job.
pub(super) type StageId = usize;

/// What has to happen before the stages and jobs that are left.
#[derive(Clone, Debug)]
pub(super) struct Graph {
    stages: Vec<StageNode>,
    jobs: Vec<JobNode>,
}

#[derive(Clone, Debug, Default)]
struct StageNode {
    job: usize,
    waits: usize,
    ready: u64,
    children: Vec<StageId>,
}

#[derive(Clone, Debug, Default)]
struct JobNode {
    stages: std::ops::Range<StageId>,
    left: usize,
    waits: usize,
    ready: u64,
    delay: u64,
    children: Vec<usize>,
}

impl Graph {
    /// The graph of some jobs. What waits for something that does not exist waits forever.
    pub(super) fn new(jobs: &[Job]) -> Self {
        let mut graph = Self { stages: Vec::new(), jobs: vec![JobNode::default(); jobs.len()] };
        for (number, job) in jobs.iter().enumerate() {
            let first = graph.stages.len();
            let node = StageNode { job: number, ..StageNode::default() };
            graph.stages.resize(first + job.stages.len(), node);
            for (stage, parent) in edges(job.stages.iter().map(|it| &it.parents)) {
                graph.stages[first + stage].waits += 1;
                if parent < job.stages.len() {
                    graph.stages[first + parent].children.push(first + stage);
                }
            }
            let node = &mut graph.jobs[number];
            node.stages = first..graph.stages.len();
            node.left = job.stages.len();
            node.ready = job.submitted.as_micros();
            node.delay = job.delay.as_micros();
        }
        for (job, before) in edges(jobs.iter().map(|it| &it.after)) {
            graph.jobs[job].waits += 1;
            if before < jobs.len() {
                graph.jobs[before].children.push(job);
            }
        }
        graph
    }

    /// How many stages there are.
    pub(super) fn len(&self) -> usize {
        self.stages.len()
    }

    /// The job of a stage and the stage's number in it.
    pub(super) fn place(&self, stage: StageId) -> (usize, usize) {
        let job = self.stages[stage].job;
        (job, stage - self.jobs[job].stages.start)
    }

    /// The stages that are ready without anything having happened, each with its time.
    pub(super) fn begin(&mut self) -> Vec<(Moment, StageId)> {
        let mut ready = Vec::new();
        let free = (0..self.jobs.len()).filter(|job| self.jobs[*job].waits == 0).collect();
        self.start(free, &mut ready);
        ready
    }

    /// A stage is complete: the stages that are ready now, each with its time.
    pub(super) fn complete(&mut self, stage: StageId, finished: Moment) -> Vec<(Moment, StageId)> {
        let mut ready = Vec::new();
        let finished = finished.as_micros();
        for child in std::mem::take(&mut self.stages[stage].children) {
            let node = &mut self.stages[child];
            node.waits -= 1;
            node.ready = node.ready.max(finished);
            if node.waits == 0 {
                ready.push((Moment::micros(node.ready), child));
            }
        }
        let number = self.stages[stage].job;
        let job = &mut self.jobs[number];
        job.left -= 1;
        job.ready = job.ready.max(finished);
        if job.left == 0 {
            let next = self.finish(number);
            self.start(next, &mut ready);
        }
        ready
    }

    /// Starts jobs; a job without stages is complete at once.
    fn start(&mut self, mut free: Vec<usize>, ready: &mut Vec<(Moment, StageId)>) {
        while let Some(number) = free.pop() {
            let job = &mut self.jobs[number];
            job.ready = job.ready.saturating_add(job.delay);
            if job.left == 0 {
                free.extend(self.finish(number));
                continue;
            }
            let begin = job.ready;
            for stage in job.stages.clone() {
                let node = &mut self.stages[stage];
                node.ready = begin;
                if node.waits == 0 {
                    ready.push((Moment::micros(begin), stage));
                }
            }
        }
    }

    /// A job is complete: the jobs that are free now.
    fn finish(&mut self, number: usize) -> Vec<usize> {
        let finished = self.jobs[number].ready;
        let mut free = std::mem::take(&mut self.jobs[number].children);
        free.retain(|child| {
            let node = &mut self.jobs[*child];
            node.waits -= 1;
            node.ready = node.ready.max(finished);
            node.waits == 0
        });
        free
    }

    /// The stages in the only order in which they can run, where each has to wait for the one
    /// before; nothing where two could run at once or some cannot run.
    pub(super) fn chain(mut self) -> Option<Vec<StageId>> {
        let mut order = Vec::new();
        let mut ready = self.begin();
        while let [(_, stage)] = ready[..] {
            order.push(stage);
            ready = self.complete(stage, Moment::START);
        }
        (order.len() == self.len()).then_some(order)
    }
}

/// Pairs of a node and one that it waits for.
fn edges<'a>(nodes: impl Iterator<Item = &'a Vec<usize>>) -> impl Iterator<Item = (usize, usize)> {
    nodes.enumerate().flat_map(|(node, waits)| waits.iter().map(move |other| (node, *other)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{Stage, Work};
    use crate::units::Seconds;

    fn job(parents: &[&[usize]], after: &[usize]) -> Job {
        let stage = |it: &&[usize]| Stage { parents: it.to_vec(), tasks: Work::default() };
        Job { stages: parents.iter().map(stage).collect(), after: after.to_vec(), ..Job::default() }
    }

    #[test]
    fn a_stage_is_ready_when_its_last_parent_is_complete() {
        let mut jobs = vec![job(&[&[], &[], &[0, 1]], &[]), job(&[&[]], &[0])];
        jobs[0].submitted = Moment::micros(5);
        jobs[1].delay = Seconds::micros(100);
        let mut graph = Graph::new(&jobs);
        let at = Moment::micros;
        assert_eq!(graph.begin(), [(at(5), 0), (at(5), 1)]);
        assert_eq!(graph.complete(1, at(40)), []);
        assert_eq!(graph.complete(0, at(30)), [(at(40), 2)]);
        assert_eq!(graph.complete(2, at(60)), [(at(160), 3)]);
        assert_eq!((graph.place(2), graph.place(3)), ((0, 2), (1, 0)));
    }

    #[test]
    fn only_a_row_of_stages_is_a_chain() {
        let chain = |jobs: &[Job]| Graph::new(jobs).chain();
        let row = job(&[&[], &[0], &[1, 0]], &[]);
        assert_eq!(
            chain(&[row.clone(), job(&[], &[0]), job(&[&[]], &[1])]),
            Some(vec![0, 1, 2, 3])
        );
        assert_eq!(chain(&[row.clone(), job(&[&[]], &[])]), None);
        assert_eq!(chain(&[job(&[&[1], &[0]], &[])]), None);
        assert_eq!(chain(&[job(&[&[], &[7]], &[])]), None);
        assert_eq!(chain(&[job(&[&[]], &[0])]), None);
        assert_eq!(chain(&[]), Some(vec![]));
    }
}
