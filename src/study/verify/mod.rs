//! Does this planner decide what Spark decided? Recorded answers of real Spark, asked again.

mod ask;
mod order;

use std::fmt::{Debug, Write};

use crate::evidence::answers::{self, Recorded, Row};
use crate::spark::Version;

/// How many disagreements are kept with both answers.
const KEPT: usize = 3;
/// How much of an answer is shown.
const SHOWN: usize = 160;

/// The agreement of all rows that were given, and where they disagree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// Kinds in the order in which they first appeared.
    pub tallies: Vec<Tally>,
    /// The first three rows on which the answers differ, or that cannot be read.
    pub disagreements: Vec<Disagreement>,
    /// Rows of files that agree in another listing order than that of their sizes.
    pub reordered: u64,
}

/// The rows of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// The kind; `malformed` for lines that are no rows.
    pub kind: String,
    /// Rows on which all recorded answers are the same.
    pub agree: u64,
    /// All rows.
    pub total: u64,
    /// Whether rows of this kind are answered at all.
    pub answered: bool,
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
            Ok(Row { recorded: Recorded::Other, kind, .. }) => self.count(&kind, false, false),
            Ok(row) => {
                let (differs, reordered) = difference(&row);
                self.reordered += u64::from(reordered && differs.is_none());
                self.count(&row.kind, differs.is_none(), true);
                self.keep(differs.map(|it| at(&row.kind, it)));
            }
            Err(error) => {
                self.count("malformed", false, true);
                let answered = error.to_string();
                let recorded = Some(line.to_owned());
                self.keep(Some(at("malformed", Compared { answer: "line", recorded, answered })));
            }
        }
    }

    fn count(&mut self, kind: &str, agrees: bool, answered: bool) {
        let place = self.tallies.iter().position(|it| it.kind == kind).unwrap_or_else(|| {
            self.tallies.push(Tally { kind: kind.to_owned(), agree: 0, total: 0, answered });
            self.tallies.len() - 1
        });
        self.tallies[place].agree += u64::from(agrees);
        self.tallies[place].total += 1;
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

    /// All other rows, those that are not answered among them.
    pub fn failed(&self) -> u64 {
        self.tallies.iter().map(|it| it.total - it.agree).sum()
    }

    /// The agreement of each kind, the first disagreements with both answers, and the sum.
    pub fn report(&self) -> String {
        let mut text = String::new();
        let mut line = |it: std::fmt::Arguments| {
            writeln!(text, "{it}").expect("a string takes all that is written");
        };
        for it in &self.tallies {
            line(format_args!("{}: {}/{}", it.kind, it.agree, it.total));
        }
        for it in self.tallies.iter().filter(|it| !it.answered) {
            line(format_args!("  {} is not answered", it.kind));
        }
        if self.reordered > 0 {
            line(format_args!(
                "  {} rows of files agree in the listing order that their splits show",
                self.reordered
            ));
        }
        for it in &self.disagreements {
            line(format_args!("  {}:{}: {} differs in {}", it.source, it.line, it.kind, it.answer));
            line(format_args!("    recorded {}", it.recorded));
            line(format_args!("    answered {}", it.answered));
        }
        line(format_args!("{} passed, {} failed", self.passed(), self.failed()));
        text
    }
}

/// The first answer of a row that differs, and whether its files were put into another order.
fn difference(row: &Row) -> (Option<Compared>, bool) {
    let version = match row.spark.as_deref() {
        None => Some(Version::default()),
        Some(release) => Version::of(release),
    };
    let Some(version) = version else {
        let answered = "this release of Spark is not known".to_owned();
        let compared = Compared { answer: "spark", recorded: row.spark.clone(), answered };
        return (Some(compared), false);
    };
    let compared = match &row.recorded {
        Recorded::Files(it) => ask::files(it, version),
        Recorded::Memory(it) => ask::memory(it, version).map(|it| (it, false)),
        Recorded::Hash(it) => Ok((ask::hash(it), false)),
        Recorded::Coalesce(it) => Ok((ask::coalesce(it), false)),
        Recorded::Other => Ok((vec![], false)),
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
