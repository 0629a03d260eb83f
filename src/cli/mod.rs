//! The roof: arguments, files, terminals, exit codes. All effects and no ideas.
//!
//! Data goes to standard output, everything else to standard error. A command returns an
//! `Ending`; what it found wrong it leaves in `Findings`, and they are printed here, once.

mod explain;
mod findings;
mod init;
mod input;
mod output;
mod progress;
mod schema;
mod simulate;
mod snippets;
mod terminal;
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use findings::{BadInput, Findings};
use terminal::{ColorWish, Terminal};

/// What a run of the command comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// The question was answered.
    Fine,
    /// It was answered, and the answer is no.
    No,
}

/// An offline planner and simulator for Apache Spark and Delta Lake: how many tasks, how long, how
/// much memory, what does it cost, and which setting to change. It needs no cluster and no JVM.
#[derive(Debug, Parser)]
#[command(name = "plan", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Colour what is printed.
    #[arg(long, global = true, value_enum, default_value_t = ColorWish::Auto, value_name = "WHEN")]
    color: ColorWish,
}

#[derive(Debug, Subcommand)]
enum Command {
    Simulate(simulate::Args),
    Verify(verify::Args),
    Init(init::Args),
    Schema(schema::Args),
    Explain(explain::Args),
}

/// Runs the command that the arguments ask for: 0 fine, 1 the answer is no, 2 bad input.
/// A panic, which is our bug, ends with 101.
pub fn main() -> ExitCode {
    own_up_to_panics();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(usage) => {
            let code = u8::try_from(usage.exit_code()).unwrap_or(2);
            // Nobody is left to tell when even this cannot be printed.
            let _ = usage.print();
            return ExitCode::from(code);
        }
    };
    let terminal = Terminal::look(cli.color);
    let mut findings = Findings::default();
    let ending = run(&cli.command, &terminal, &mut findings);
    output::diagnostics(&mut findings, &terminal);
    match ending {
        Ok(Ending::Fine) => ExitCode::SUCCESS,
        Ok(Ending::No) => ExitCode::from(1),
        Err(BadInput) => ExitCode::from(2),
    }
}

fn run(
    command: &Command,
    terminal: &Terminal,
    findings: &mut Findings,
) -> Result<Ending, BadInput> {
    match command {
        Command::Simulate(args) => simulate::main(args, terminal, findings),
        Command::Verify(args) => verify::main(args, findings),
        Command::Init(args) => init::main(args, findings),
        Command::Schema(args) => schema::main(args, findings),
        Command::Explain(args) => explain::main(args, terminal, findings),
    }
}

/// Says after a panic whose fault it is.
fn own_up_to_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        usual(panic);
        output::complain("this is a bug in plan, not in your input; please report it\n");
    }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_do_not_contradict_each_other() {
        Cli::command().debug_assert();
    }
}
