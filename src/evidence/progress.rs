//! How a long read tells where it is, and how it is stopped.

use std::ops::ControlFlow;

use super::problem::{Kind, Problem};

/// What is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Entries of directories.
    Directory,
    /// Lines of a saved listing.
    Listing,
    /// Actions of a Delta log.
    Log,
}

/// How far a read has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being read.
    pub step: Step,
    /// Entries, lines or actions seen so far in this step.
    pub done: u64,
}

/// Called every few thousand things; `Break` ends the read with [`Kind::Stopped`].
pub type Watch<'a> = &'a mut dyn FnMut(Progress) -> ControlFlow<()>;

/// A watch that never stops anything.
pub fn unwatched(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Counts things and calls the watch now and then.
pub(crate) struct Counter<'a> {
    step: Step,
    done: u64,
    watch: Watch<'a>,
}

const EVERY: u64 = 4096;

impl<'a> Counter<'a> {
    pub(crate) fn new(step: Step, watch: Watch<'a>) -> Self {
        Self { step, done: 0, watch }
    }

    /// One more thing.
    pub(crate) fn one(&mut self) -> Result<(), Problem> {
        self.done = self.done.saturating_add(1);
        if self.done.is_multiple_of(EVERY) { self.tell() } else { Ok(()) }
    }

    fn tell(&mut self) -> Result<(), Problem> {
        match (self.watch)(Progress { step: self.step, done: self.done }) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Problem::new(Kind::Stopped, "stopped while reading")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_watch_hears_of_every_few_thousand_things_and_can_stop_them() {
        let mut heard = Vec::new();
        let mut watch = |progress: Progress| {
            heard.push(progress.done);
            if heard.len() == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let mut counter = Counter::new(Step::Log, &mut watch);
        let stopped = (0..10_000).find_map(|_| counter.one().err()).unwrap();
        assert_eq!(stopped.kind, Kind::Stopped);
        assert_eq!(heard, [EVERY, 2 * EVERY]);
    }
}
