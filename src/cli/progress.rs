//! Shows on a terminal that work goes on, and on what. Elsewhere it is silent.

use std::ops::ControlFlow;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::evidence::{self, Step};
use crate::units::number::grouped;

/// A line on standard error that is there as long as the work is.
#[derive(Debug)]
pub(super) struct Progress(ProgressBar);

/// Work that is over before this is not worth a line.
const REDRAWN_EVERY: Duration = Duration::from_millis(150);

impl Progress {
    /// Nothing is drawn yet.
    pub(super) fn begin() -> Self {
        let bar = ProgressBar::new_spinner();
        let style = ProgressStyle::with_template("{spinner} {msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        Self(bar)
    }

    /// So much of a table was read.
    pub(super) fn read(&mut self, progress: evidence::Progress) -> ControlFlow<()> {
        let what = match progress.step {
            Step::Directory => "files of a directory",
            Step::Listing => "lines of a listing",
            Step::Log => "actions of a Delta log",
        };
        self.0.set_message(format!("{} {what} read", grouped(progress.done)));
        self.0.tick();
        ControlFlow::Continue(())
    }

    /// The simulation begins.
    pub(super) fn simulating(&mut self) {
        self.0.set_message("simulating (Ctrl-C stops)");
        self.0.enable_steady_tick(REDRAWN_EVERY);
    }

    /// The line goes away.
    pub(super) fn end(self) {
        self.0.finish_and_clear();
    }
}
