//! What a command found wrong, and the texts in which it found it.

use crate::diagnostic::{Diagnostic, Sources};

/// Collected while a command runs, printed when it is over.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// Everything that was read.
    pub(super) sources: Sources,
    /// Errors and warnings.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// The errors stand in [`Findings`]; there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BadInput;

impl Findings {
    /// Keeps an error and gives up.
    pub(super) fn fail<T>(&mut self, error: Diagnostic) -> Result<T, BadInput> {
        self.diagnostics.push(error);
        Err(BadInput)
    }
}
