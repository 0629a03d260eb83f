//! `plan explain`.

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::report::prose;

use super::findings::{BadInput, Findings};
use super::terminal::Terminal;
use super::{Ending, output};

/// Explain a kind of error or warning; list all of them without a code
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What stands in brackets after `error` or `warning`
    code: Option<String>,
}

pub(super) fn main(
    args: &Args,
    terminal: &Terminal,
    findings: &mut Findings,
) -> Result<Ending, BadInput> {
    let text = match &args.code {
        None => list(),
        Some(name) => page(named(name, findings)?, terminal.width),
    };
    output::data(&text, None, findings)?;
    Ok(Ending::Fine)
}

fn named(name: &str, findings: &mut Findings) -> Result<Code, BadInput> {
    let Some(code) = Code::named(name) else {
        let unknown = Diagnostic::new(Code::UnknownName, format!("there is no code `{name}`"))
            .suggest(name, Code::all().map(Code::as_str))
            .help("`plan explain` lists all of them");
        return findings.fail(unknown);
    };
    Ok(code)
}

fn page(code: Code, width: usize) -> String {
    format!("{}[{}]\n\n{}", severity(code), code.as_str(), prose(code.page(), width))
}

fn list() -> String {
    let line = |code: Code| format!("{:<9}{}\n", severity(code), code.as_str());
    Code::all().map(line).collect()
}

fn severity(code: Code) -> &'static str {
    match code.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}
