//! `plan init`.

use std::path::PathBuf;

use crate::diagnostic::Diagnostic;
use crate::evidence::Local;
use crate::study;

use super::findings::{BadInput, Findings};
use super::progress::Progress;
use super::{Ending, output};

/// Write a scenario for the tables found at a path
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A directory of files, a Delta table, or a saved listing
    path: String,
    /// Where to write the scenario; standard output without
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) fn main(args: &Args, findings: &mut Findings) -> Result<Ending, BadInput> {
    let scenario = run(args, findings)?;
    output::data(&scenario, args.out.as_deref(), findings)?;
    Ok(Ending::Fine)
}

/// Looks at the path and writes down what is there, as TOML.
fn run(args: &Args, findings: &mut Findings) -> Result<String, BadInput> {
    let mut progress = Progress::begin();
    let written = study::init(&Local, &path(args), &mut |it| progress.read(it));
    progress.end();
    written.or_else(|problem| {
        let place = problem.place.as_ref().map_or(args.path.clone(), ToString::to_string);
        let diagnostic = Diagnostic::new(problem.kind.code(), format!("{place}: {problem}"));
        findings.fail(match problem.way_out {
            Some(way_out) => diagnostic.help(way_out),
            None => diagnostic,
        })
    })
}

/// How the scenario names the path: as it was given, or from the root where the scenario goes into
/// another directory than this one, because paths are taken from where a scenario lies.
fn path(args: &Args) -> String {
    let elsewhere = args.out.as_ref().and_then(|it| it.parent());
    let elsewhere = elsewhere.is_some_and(|it| !it.as_os_str().is_empty());
    let local = !args.path.contains(":/");
    match std::path::absolute(&args.path) {
        Ok(path) if elsewhere && local => path.display().to_string(),
        _ => args.path.clone(),
    }
}
