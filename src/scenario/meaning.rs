//! What validation carries along: where things were written, what is wrong, what was decided.

use std::fmt::Display;

use super::conf::Origin;
use super::tree::{Node, Value};
use crate::diagnostic::{Code, Diagnostic, Place, Sources};

/// A value that enters an answer, and who set it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// What it is: a path in the scenario, a setting, or a constant of a model.
    pub name: String,
    /// The value, printed.
    pub value: String,
    /// Who set it.
    pub origin: Origin,
}

/// The state of validation. It looks at everything before it gives up on anything.
pub(super) struct Meaning<'a> {
    pub(super) tree: &'a Node,
    pub(super) sources: &'a Sources,
    pub(super) problems: Vec<Diagnostic>,
    pub(super) resolved: Vec<Resolved>,
}

impl<'a> Meaning<'a> {
    pub(super) fn new(tree: &'a Node, sources: &'a Sources) -> Self {
        Self { tree, sources, problems: Vec::new(), resolved: Vec::new() }
    }

    /// Where the value at a path such as `tables.events.size` stands, if it was written. Names
    /// with dots in them are given as separate parts.
    pub(super) fn place(&self, path: &[&str]) -> Option<Place> {
        self.tree.find(path).map(|it| it.place)
    }

    /// The keys of a table at the top of the file, whether or not what they hold is good.
    pub(super) fn keys(&self, name: &str) -> impl Iterator<Item = &'a str> {
        let table = match self.tree.find(&[name]).map(|it| &it.value) {
            Some(Value::Table(table)) => Some(table),
            _ => None,
        };
        table.into_iter().flatten().map(|(key, _)| key.as_str())
    }

    /// Who set the value at a path; nothing if nobody did.
    pub(super) fn origin(&self, path: &[&str]) -> Option<Origin> {
        self.place(path).map(|it| Origin::Written(self.sources.describe(it)))
    }

    /// Takes what was written, or a default, and remembers which.
    pub(super) fn pick<T: Display>(
        &mut self,
        path: &[&str],
        written: Option<T>,
        default: impl FnOnce() -> (T, Origin),
    ) -> T {
        let (value, origin) = match (written, self.origin(path)) {
            (Some(value), Some(origin)) => (value, origin),
            (Some(value), None) => (value, Origin::Derived("other fields".to_owned())),
            (None, _) => default(),
        };
        self.note(&path.join("."), &value, origin);
        value
    }

    /// Remembers a value for `--resolved`.
    pub(super) fn note(&mut self, name: &str, value: &dyn Display, origin: Origin) {
        self.resolved.push(Resolved { name: name.to_owned(), value: value.to_string(), origin });
    }

    /// A problem with what was written at a path; without a place where nothing was.
    pub(super) fn problem(&mut self, code: Code, path: &[&str], message: String, label: &str) {
        let problem = self.about(code, path, message, label);
        self.problems.push(problem);
    }

    /// Such a problem, for adding ways out.
    pub(super) fn about(
        &self,
        code: Code,
        path: &[&str],
        message: String,
        label: &str,
    ) -> Diagnostic {
        let problem = Diagnostic::new(code, message);
        let nearest = (1..=path.len()).rev().find_map(|end| self.place(&path[..end]));
        match nearest {
            Some(place) => problem.at(place, label),
            None => problem.help(label.to_owned()),
        }
    }
}
