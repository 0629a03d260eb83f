//! `plan simulate`.

use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;
use clap::value_parser;

use crate::diagnostic::{Code, Diagnostic, Source};
use crate::evidence::Local;
use crate::report::{self, Format, Options, Report, Style};
use crate::scenario::{Overrides, Scenario, Surroundings};
use crate::study::{self, Wanted};

use super::findings::{BadInput, Findings};
use super::progress::Progress;
use super::terminal::Terminal;
use super::{Ending, input, output};

/// Simulate a scenario: tasks, time, memory, dollars, and what bounds them
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The scenario, a TOML file; `-` for standard input
    scenario: String,
    /// How to write the answer
    #[arg(long, default_value = report::FORMATS[0].name, value_parser = formats())]
    format: String,
    /// Where to write it; standard output without
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Set a Spark setting, over what the scenario says; may be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    conf: Vec<String>,
    /// Settings from a file in the form of spark-defaults.conf
    #[arg(long, value_name = "FILE")]
    properties_file: Option<String>,
    /// Set a field of the scenario, such as tables.events.size=64g; may be repeated
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Also list every value that enters the answer, and who set it
    #[arg(long)]
    resolved: bool,
    /// Also draw when each slot is busy
    #[arg(long)]
    timeline: bool,
    /// Runs with different luck that the intervals are made of
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..=1_000_000))]
    runs: Option<u32>,
    /// Equal seeds give equal answers
    #[arg(long, value_name = "N", value_parser = value_parser!(u64).range(0..=9_223_372_036_854_775_807))]
    seed: Option<u64>,
    /// Columns of the text; those of the terminal without
    #[arg(long, value_name = "N", value_parser = value_parser!(u16).range(20..=10_000))]
    width: Option<u16>,
}

fn formats() -> PossibleValuesParser {
    PossibleValuesParser::new(report::FORMATS.iter().map(|it| it.name))
}

pub(super) fn main(
    args: &Args,
    terminal: &Terminal,
    findings: &mut Findings,
) -> Result<Ending, BadInput> {
    let report = run(args, findings)?;
    let text = (chosen(args).write)(&report, options(args, terminal));
    output::data(&text, args.out.as_deref(), findings)?;
    Ok(Ending::Fine)
}

fn chosen(args: &Args) -> Format {
    report::format(&args.format).expect("the arguments admit only names of this table")
}

fn options(args: &Args, terminal: &Terminal) -> Options {
    Options {
        width: args.width.map_or(terminal.width, usize::from),
        style: if args.out.is_some() { Style::Plain } else { terminal.style },
    }
}

/// Reads what the arguments name and asks the study. Warnings stay in the findings.
fn run(args: &Args, findings: &mut Findings) -> Result<Report, BadInput> {
    let scenario = input::text(&args.scenario, input::SCENARIO, findings);
    let properties = args
        .properties_file
        .as_ref()
        .map(|path| input::text(path, input::PROPERTIES, findings))
        .transpose();
    let (source, properties) = (scenario?, properties?);
    let overrides = overrides(args, properties.map(|it| findings.sources.get(it).clone()));
    let base = Path::new(&args.scenario).parent().unwrap_or(Path::new(""));
    let mut progress = Progress::begin();
    let around = Surroundings {
        disk: &Local,
        base,
        overrides: &overrides,
        watch: &mut |it| progress.read(it),
    };
    let (scenario, warnings) = match Scenario::read(&mut findings.sources, source, around) {
        Ok(read) => read,
        Err(problems) => {
            findings.diagnostics.extend(problems);
            return Err(BadInput);
        }
    };
    findings.diagnostics.extend(warnings.iter().cloned());
    progress.simulating();
    let wanted = Wanted { resolved: args.resolved, timeline: args.timeline };
    let answer = study::simulate(&scenario, wanted, &warnings);
    progress.end();
    answer.or_else(|failed| {
        let problem = Diagnostic::new(Code::TooMuch, failed.to_string());
        findings.fail(problem.help("fewer tasks, shorter tasks, or fewer slots"))
    })
}

fn overrides(args: &Args, properties: Option<Source>) -> Overrides {
    let mut set = args.set.clone();
    set.extend(args.runs.map(|it| format!("simulation.runs={it}")));
    set.extend(args.seed.map(|it| format!("simulation.seed={it}")));
    Overrides { properties: properties.map(|it| (it.name, it.text)), set, conf: args.conf.clone() }
}
