//! Writes: data to standard output or a file, everything else to standard error.

use std::io::{self, Write, stderr, stdout};
use std::path::Path;

use crate::diagnostic::{Code, Diagnostic};

use super::findings::{BadInput, Findings};
use super::snippets;
use super::terminal::Terminal;

/// Writes data to a file, or to standard output. A reader who has seen enough is no error.
pub(super) fn data(
    text: &str,
    file: Option<&Path>,
    findings: &mut Findings,
) -> Result<(), BadInput> {
    let (written, place) = match file {
        Some(path) => (std::fs::write(path, text), format!("`{}`", path.display())),
        None => (to_stdout(text), "standard output".to_owned()),
    };
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let message = format!("cannot write to {place}: {error}");
            findings.fail(Diagnostic::new(Code::Unwritable, message))
        }
        _ => Ok(()),
    }
}

fn to_stdout(text: &str) -> io::Result<()> {
    let mut out = stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Prints what was found wrong, in the order of the text.
pub(super) fn diagnostics(findings: &mut Findings, terminal: &Terminal) {
    crate::diagnostic::sort(&mut findings.diagnostics);
    complain(&snippets::render(findings, terminal.width, terminal.error_style));
}

/// Says something on standard error; when that is closed, nobody wants to hear it.
pub(super) fn complain(text: &str) {
    let _ = stderr().lock().write_all(text.as_bytes());
}
