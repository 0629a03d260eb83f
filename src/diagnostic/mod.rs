//! What can be wrong with what a person wrote: code, place, reason, way out.
//!
//! Diagnostics are data. Only the roof turns them into text for a terminal.

mod code;
mod nearest;

use std::fmt;

pub use code::{Code, Severity};
pub use nearest::nearest;

/// A text that a person wrote: a file, or a value on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// A path, or a flag such as `--conf`.
    pub name: String,
    /// All of it.
    pub text: String,
    /// Where its lines end.
    breaks: Vec<usize>,
}

/// An index into [`Sources`], made only by [`Sources::add`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(usize);

/// Everything that was read, so that a place can be shown.
#[derive(Clone, Debug, Default)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// Keeps a text and gives it a name to point at.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        let text = text.into();
        let breaks = text.match_indices('\n').map(|(at, _)| at).collect();
        self.0.push(Source { name: name.into(), text, breaks });
        SourceId(self.0.len() - 1)
    }

    /// The text behind an id.
    pub fn get(&self, id: SourceId) -> &Source {
        &self.0[id.0]
    }

    /// The line of a place, counted from 1.
    pub fn line(&self, place: Place) -> usize {
        self.get(place.source).breaks.partition_point(|it| *it < place.start) + 1
    }

    /// `scenario.toml:12`, or `--conf` for what stands on the command line.
    pub fn describe(&self, place: Place) -> String {
        let source = self.get(place.source);
        if source.name.starts_with('-') {
            return source.name.clone();
        }
        format!("{}:{}", source.name, self.line(place))
    }
}

/// Where something stands: a range of bytes in a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Which text.
    pub source: SourceId,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// One thing that is wrong, or worth knowing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Diagnostic {
    /// What kind of thing.
    pub code: Code,
    /// The reason, as a lower-case fragment.
    pub message: String,
    /// Where it stands; nothing when it is about a whole file or about nothing that was written.
    pub place: Option<Place>,
    /// Said under the words that are underlined.
    pub label: String,
    /// Ways out, in the order in which to try them.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// A diagnostic without a place.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), place: None, label: String::new(), help: Vec::new() }
    }

    /// Where it stands, and what to say there.
    pub fn at(mut self, place: Place, label: impl Into<String>) -> Self {
        self.place = Some(place);
        self.label = label.into();
        self
    }

    /// A way out.
    pub fn help(mut self, way_out: impl Into<String>) -> Self {
        self.help.push(way_out.into());
        self
    }

    /// A did-you-mean, where something is near.
    pub fn suggest<'a>(self, written: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match nearest(written, known) {
            Some(near) => self.help(format!("did you mean `{near}`?")),
            None => self,
        }
    }

    /// Whether it stops the run.
    pub fn is_error(&self) -> bool {
        self.code.severity() == Severity::Error
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.is_error() { "error" } else { "warning" };
        write!(out, "{kind}[{}]: {}", self.code.as_str(), self.message)
    }
}

/// Sorts by place, so that problems are read in the order of the text; those without a place last.
pub fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by_key(|it| (it.place.is_none(), it.place));
}
