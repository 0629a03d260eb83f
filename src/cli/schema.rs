//! `plan schema`.

use clap::ValueEnum;

use crate::{report, scenario};

use super::findings::{BadInput, Findings};
use super::{Ending, output};

/// Print the JSON Schema of scenarios or of reports
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Of what
    #[arg(value_enum, default_value_t = Of::Scenario)]
    of: Of,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Of {
    /// What a person writes, so that editors complete it
    Scenario,
    /// What `plan simulate --format json` prints
    Report,
}

pub(super) fn main(args: &Args, findings: &mut Findings) -> Result<Ending, BadInput> {
    let schema = match args.of {
        Of::Scenario => scenario::schema(),
        Of::Report => report::schema(),
    };
    output::data(&report::pretty(&schema), None, findings)?;
    Ok(Ending::Fine)
}
