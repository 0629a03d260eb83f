//! What can be wrong with evidence: a kind, a reason, a place and a way out.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::diagnostic::Code;

/// What sort of thing is wrong; stable, for tests and for whoever turns it into a diagnostic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// There is nothing at the path.
    Missing,
    /// The path is there, but it cannot be read.
    Unreadable,
    /// The path is a remote address; nothing here reads the network.
    Remote,
    /// The path is a pattern.
    Glob,
    /// There is no file that Spark would read.
    Empty,
    /// All files that Spark would read have no bytes.
    ZeroLength,
    /// A name or a text is not UTF-8.
    NotText,
    /// A link leads back to a directory above it.
    LinkLoop,
    /// The `key=value` directories do not fit together.
    Partitions,
    /// Sizes that no file system holds.
    TooLarge,
    /// The text is no listing that is known here.
    NotAListing,
    /// A listing whose sizes are rounded for people.
    RoundedSizes,
    /// A listing that is not whole.
    CutListing,
    /// The files belong to a Delta table, and only its log tells which of them are live.
    NeedsLog,
    /// The path lies inside a Delta table.
    InsideTable,
    /// A Delta log without a commit.
    NoCommits,
    /// A version of a Delta log is not there.
    MissingVersion,
    /// A kind of checkpoint that is not read here.
    Checkpoint,
    /// A Delta table that asks more of its readers than is known here.
    Feature,
    /// A file that is not what its name says: broken JSON, a truncated checkpoint.
    Broken,
    /// The caller asked to stop.
    Stopped,
}

impl Kind {
    /// What a person calls it: the code of the diagnostic that it becomes.
    pub const fn code(self) -> Code {
        match self {
            Self::Missing | Self::Unreadable | Self::Stopped => Code::Unreadable,
            Self::Remote => Code::RemotePath,
            Self::Empty | Self::ZeroLength => Code::EmptyTable,
            Self::NotText => Code::NotUtf8,
            Self::TooLarge => Code::TooMuch,
            Self::Glob
            | Self::Checkpoint
            | Self::Feature
            | Self::RoundedSizes
            | Self::NeedsLog
            | Self::InsideTable => Code::Unsupported,
            Self::LinkLoop
            | Self::Partitions
            | Self::NotAListing
            | Self::CutListing
            | Self::NoCommits
            | Self::MissingVersion
            | Self::Broken => Code::BrokenTable,
        }
    }
}

/// Where something is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file or the directory, as it was reached.
    pub path: PathBuf,
    /// The line, from 1, in files that have lines.
    pub line: Option<u64>,
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(out, "{}:{line}", self.path.display()),
            None => write!(out, "{}", self.path.display()),
        }
    }
}

/// Why evidence could not be read. Prints as the reason alone, a lower-case fragment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct Problem {
    /// The sort of thing.
    pub kind: Kind,
    /// The reason, a fragment that reads after `error: `.
    pub what: String,
    /// Where it is.
    pub place: Option<Place>,
    /// What the person can do about it.
    pub way_out: Option<String>,
}

impl Problem {
    /// A problem without a place and without a way out.
    pub fn new(kind: Kind, what: impl Into<String>) -> Self {
        Self { kind, what: what.into(), place: None, way_out: None }
    }

    /// The problem, at this path.
    #[must_use]
    pub fn at(mut self, path: &Path) -> Self {
        self.place = Some(Place { path: path.to_owned(), line: None });
        self
    }

    /// The problem, at this line of a file; lines count from 1.
    #[must_use]
    pub fn at_line(mut self, path: &Path, line: u64) -> Self {
        self.place = Some(Place { path: path.to_owned(), line: Some(line) });
        self
    }

    /// The problem, with what to do about it.
    #[must_use]
    pub fn or(mut self, way_out: impl Into<String>) -> Self {
        self.way_out = Some(way_out.into());
        self
    }

    /// What the system answered when a path was opened, listed or read.
    pub fn io(path: &Path, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::new(Kind::Missing, "nothing is there")
                .or("check the path; it is taken from the directory the command runs in"),
            io::ErrorKind::PermissionDenied => {
                Self::new(Kind::Unreadable, "it may not be read: permission denied")
                    .or("give the reading user the right to list and read it")
            }
            _ => Self::new(Kind::Unreadable, format!("it cannot be read: {error}")),
        }
        .at(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_prints_its_reason_and_its_place_apart() {
        let problem = Problem::new(Kind::Broken, "no JSON").at_line(Path::new("a/b"), 3);
        assert_eq!(problem.to_string(), "no JSON");
        assert_eq!(problem.place.unwrap().to_string(), "a/b:3");
    }

    #[test]
    fn what_the_system_says_becomes_a_kind() {
        let kind = |kind: io::ErrorKind| Problem::io(Path::new("x"), &kind.into()).kind;
        assert_eq!(kind(io::ErrorKind::NotFound), Kind::Missing);
        assert_eq!(kind(io::ErrorKind::PermissionDenied), Kind::Unreadable);
        assert_eq!(kind(io::ErrorKind::Other), Kind::Unreadable);
    }
}
