//! `plan verify`.

use crate::study::verify::Verification;

use super::findings::{BadInput, Findings};
use super::{Ending, input, output};

/// Compare the planner with recorded answers of real Spark
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Recordings, one JSON object a line
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
}

pub(super) fn main(args: &Args, findings: &mut Findings) -> Result<Ending, BadInput> {
    let mut verification = Verification::default();
    let mut complete = true;
    for path in &args.files {
        match input::text(path, input::RECORDINGS, findings) {
            Ok(source) => verification.add(path, &findings.sources.get(source).text),
            Err(BadInput) => complete = false,
        }
    }
    if !complete {
        return Err(BadInput);
    }
    output::data(&verification.report(), None, findings)?;
    Ok(if verification.failed() == 0 { Ending::Fine } else { Ending::No })
}
