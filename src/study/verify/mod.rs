//! Does this planner decide what Spark decided? Recorded answers of real Spark, asked again.

mod ask;
mod errors;
mod order;
mod schedule;

use std::fmt::{Debug, Write};

use crate::evidence::answers::{self, Recorded, Row, Schedule};
use crate::spark::Version;

pub use errors::Errors;

/// How many disagreements are kept with both answers.
const KEPT: usize = 3;
/// How much of an answer is shown.
const SHOWN: usize = 160;
/// The largest error of a makespan, given the true times of the tasks.
const MOST_MEASURED: f64 = 0.01;
/// The largest mean of these errors over all rows.
const MEAN_MEASURED: f64 = 0.003;
/// The largest error of a makespan, given only the work of the tasks.
const MOST_ASKED: f64 = 0.05;
/// A mean over fewer schedules says little.
const LEAST_FOR_MEAN: u64 = 20;
/// The kind of rows that tell a schedule.
const SCHEDULE: &str = "schedule";

/// The agreement of all rows that were given, and where they disagree.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verification {
    /// Kinds in the order in which they first appeared.
    pub tallies: Vec<Tally>,
    /// The first three rows on which the answers differ, or that cannot be read.
    pub disagreements: Vec<Disagreement>,
    /// Rows of files that agree in another listing order than that of their sizes.
    pub reordered: u64,
    /// Schedules of first stages, which are not judged: the seconds that each took longer than
    /// the same stage on a warm cluster would.
    pub cold: Vec<f64>,
    /// Schedules that are judged by the true times of their tasks alone.
    pub disturbed: u64,
}

/// The rows of one kind. Schedules are two kinds: `schedule` simulates them with the true times
/// of the tasks, `schedule-asked` with only what the tasks were told to do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// The kind; `malformed` for lines that are no rows.
    pub kind: String,
    /// Rows on which all recorded answers are the same.
    pub agree: u64,
    /// All rows.
    pub total: u64,
    /// Whether rows of this kind are answered at all.
    pub answered: bool,
    /// How far the answers are off, where they are times.
    pub errors: Errors,
}

/// A row on which the answers differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The file.
    pub source: String,
    /// The line in it, counted from 1.
    pub line: u64,
    /// The kind of the row.
    pub kind: String,
    /// The answer in which they differ, such as `partitions`.
    pub answer: String,
    /// What Spark said, shortened.
    pub recorded: String,
    /// What this planner says, shortened.
    pub answered: String,
}

/// One answer of a row, from both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Compared {
    answer: &'static str,
    /// What Spark said; nothing where it was not recorded.
    recorded: Option<String>,
    answered: String,
}

impl Compared {
    fn new<T: Debug>(answer: &'static str, recorded: Option<&T>, answered: &T) -> Self {
        let recorded = recorded.map(|it| format!("{it:?}"));
        Self { answer, recorded, answered: format!("{answered:?}") }
    }

    /// Whether Spark's answer was recorded and is another.
    fn differs(&self) -> bool {
        self.recorded.as_ref().is_some_and(|it| *it != self.answered)
    }
}

impl Verification {
    /// Asks every row of a text, one a line. Empty lines are passed over.
    pub fn add(&mut self, source: &str, text: &str) {
        for (number, line) in (1..).zip(text.lines()) {
            if !line.trim().is_empty() {
                self.add_line(source, number, line);
            }
        }
    }

    fn add_line(&mut self, source: &str, number: u64, line: &str) {
        let at = |kind: &str, it: Compared| Disagreement {
            source: source.to_owned(),
            line: number,
            kind: kind.to_owned(),
            answer: it.answer.to_owned(),
            recorded: shortened(&it.recorded.unwrap_or_default()),
            answered: shortened(&it.answered),
        };
        match answers::parse(line) {
            Ok(Row { recorded: Recorded::Other, kind, .. }) => {
                self.tally(&kind).total += 1;
            }
            Ok(Row { recorded: Recorded::Schedule(row), spark, .. }) => {
                for (kind, differs) in self.add_schedule(&row, spark.as_deref()) {
                    self.count(kind, differs.map(|it| at(kind, it)));
                }
            }
            Ok(row) => {
                let (differs, reordered) = difference(&row);
                self.reordered += u64::from(reordered && differs.is_none());
                self.count(&row.kind, differs.map(|it| at(&row.kind, it)));
            }
            Err(error) => {
                let answered = error.to_string();
                let recorded = Some(line.to_owned());
                let compared = Compared { answer: "line", recorded, answered };
                self.count("malformed", Some(at("malformed", compared)));
            }
        }
    }

    /// Asks both questions of a schedule: the kinds that it counts in, and what differs in each.
    fn add_schedule(
        &mut self,
        row: &Schedule,
        release: Option<&str>,
    ) -> Vec<(&'static str, Option<Compared>)> {
        let made = match version(release).map(|it| schedule::makespans(row, it)) {
            Err(compared) => return vec![(SCHEDULE, Some(compared))],
            Ok(Err(answered)) => {
                let compared = Compared { answer: "question", recorded: None, answered };
                return vec![(SCHEDULE, Some(compared))];
            }
            Ok(Ok(made)) => made,
        };
        if row.cold {
            self.cold.push(made.recorded - made.asked);
            return Vec::new();
        }
        let mut judge = |kind, answered, most| {
            let size = self.tally(kind).errors.add(made.recorded, answered);
            let seconds = |it: f64| format!("{it:.3} s");
            let answered = format!("{}, {:.2} % off", seconds(answered), 100.0 * size);
            let recorded = Some(seconds(made.recorded));
            (kind, (size > most).then_some(Compared { answer: "makespan", recorded, answered }))
        };
        let mut judged = vec![judge(SCHEDULE, made.measured, MOST_MEASURED)];
        if row.disturbed {
            self.disturbed += 1;
        } else {
            judged.push(judge("schedule-asked", made.asked, MOST_ASKED));
        }
        judged
    }

    fn tally(&mut self, kind: &str) -> &mut Tally {
        let place = self.tallies.iter().position(|it| it.kind == kind).unwrap_or_else(|| {
            self.tallies.push(Tally { kind: kind.to_owned(), ..Tally::default() });
            self.tallies.len() - 1
        });
        &mut self.tallies[place]
    }

    /// Counts an answered row, which agrees where nothing differs.
    fn count(&mut self, kind: &str, differs: Option<Disagreement>) {
        let tally = self.tally(kind);
        tally.answered = true;
        tally.agree += u64::from(differs.is_none());
        tally.total += 1;
        self.keep(differs);
    }

    fn keep(&mut self, disagreement: Option<Disagreement>) {
        if self.disagreements.len() < KEPT {
            self.disagreements.extend(disagreement);
        }
    }

    /// Rows on which all recorded answers are the same.
    pub fn passed(&self) -> u64 {
        self.tallies.iter().map(|it| it.agree).sum()
    }

    /// All other rows, those that are not answered among them; one more where the mean error of
    /// the schedules is too large.
    pub fn failed(&self) -> u64 {
        let rows: u64 = self.tallies.iter().map(|it| it.total - it.agree).sum();
        rows + u64::from(self.mean_error_is_too_large())
    }

    fn mean_error_is_too_large(&self) -> bool {
        let schedules = self.tallies.iter().find(|it| it.kind == SCHEDULE);
        let enough = |it: &&Tally| it.errors.rows >= LEAST_FOR_MEAN;
        schedules.filter(enough).is_some_and(|it| it.errors.mean() > MEAN_MEASURED)
    }

    /// The agreement of each kind, the first disagreements with both answers, and the sum.
    pub fn report(&self) -> String {
        let mut text = String::new();
        let mut line = |it: std::fmt::Arguments| {
            writeln!(text, "{it}").expect("a string takes all that is written");
        };
        for it in &self.tallies {
            let errors = (it.errors.rows > 0).then(|| format!(" ({})", it.errors));
            line(format_args!(
                "{}: {}/{}{}",
                it.kind,
                it.agree,
                it.total,
                errors.unwrap_or_default()
            ));
        }
        if self.mean_error_is_too_large() {
            line(format_args!("schedule-mean: 0/1"));
            line(format_args!("  the mean error of schedules is above {MEAN_MEASURED:?}"));
        }
        self.remarks(&mut line);
        for it in &self.disagreements {
            line(format_args!("  {}:{}: {} differs in {}", it.source, it.line, it.kind, it.answer));
            line(format_args!("    recorded {}", it.recorded));
            line(format_args!("    answered {}", it.answered));
        }
        line(format_args!("{} passed, {} failed", self.passed(), self.failed()));
        text
    }

    /// What is neither agreement nor disagreement.
    fn remarks(&self, line: &mut impl FnMut(std::fmt::Arguments)) {
        for it in self.tallies.iter().filter(|it| !it.answered) {
            line(format_args!("  {} is not answered", it.kind));
        }
        if self.reordered > 0 {
            line(format_args!(
                "  {} rows of files agree in the listing order that their splits show",
                self.reordered
            ));
        }
        if self.disturbed > 0 {
            line(format_args!(
                "  {} schedules are not judged by what was asked: other programs had the \
                 processors",
                self.disturbed
            ));
        }
        let least = self.cold.iter().copied().min_by(f64::total_cmp);
        let most = self.cold.iter().copied().max_by(f64::total_cmp);
        if let (Some(least), Some(most)) = (least, most) {
            line(format_args!(
                "  {} first stages are not judged: a cold start of {least:.1} to {most:.1} s",
                self.cold.len()
            ));
        }
    }
}

/// The version that a release is of; a row without one is of the newest.
fn version(release: Option<&str>) -> Result<Version, Compared> {
    release.map_or(Some(Version::default()), Version::of).ok_or_else(|| {
        let answered = "this release of Spark is not known".to_owned();
        Compared { answer: "spark", recorded: release.map(str::to_owned), answered }
    })
}

/// The first answer of a row that differs, and whether its files were put into another order.
fn difference(row: &Row) -> (Option<Compared>, bool) {
    let version = match version(row.spark.as_deref()) {
        Ok(version) => version,
        Err(compared) => return (Some(compared), false),
    };
    let compared = match &row.recorded {
        Recorded::Files(it) => ask::files(it, version),
        Recorded::Memory(it) => ask::memory(it, version).map(|it| (it, false)),
        Recorded::Hash(it) => Ok((ask::hash(it), false)),
        Recorded::Coalesce(it) => Ok((ask::coalesce(it), false)),
        Recorded::Schedule(_) | Recorded::Other => Ok((vec![], false)),
    };
    match compared {
        Ok((all, reordered)) => (all.into_iter().find(Compared::differs), reordered),
        Err(answered) => (Some(Compared { answer: "question", recorded: None, answered }), false),
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
