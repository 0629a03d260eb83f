//! Reading scenarios and running them, as every test here does it.

use std::ops::ControlFlow;
use std::path::Path;

use sparkplan::diagnostic::{Diagnostic, Sources};
use sparkplan::evidence::Disk;
use sparkplan::evidence::disk::Memory;
use sparkplan::report::Report;
use sparkplan::scenario::{Overrides, Scenario, Surroundings};
use sparkplan::study::{self, Wanted};

/// What came of reading a text: the scenario and its warnings, or the errors.
pub(crate) type Outcome = Result<(Scenario, Vec<Diagnostic>), Vec<Diagnostic>>;

/// The top of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The text of a file of the repository.
#[expect(clippy::disallowed_methods, reason = "tests read the repository")]
pub(crate) fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Reads a scenario that stands on its own.
pub(crate) fn read(sources: &mut Sources, name: &str, text: &str, disk: &dyn Disk) -> Outcome {
    read_with(sources, name, text, disk, &Overrides::default())
}

/// Reads a scenario under a command line.
pub(crate) fn read_with(
    sources: &mut Sources,
    name: &str,
    text: &str,
    disk: &dyn Disk,
    overrides: &Overrides,
) -> Outcome {
    let id = sources.add(name, text);
    let mut watch = |_| ControlFlow::Continue(());
    let around = Surroundings { disk, base: Path::new(""), overrides, watch: &mut watch };
    Scenario::read(sources, id, around)
}

/// Reads a scenario that must be good, runs it, and returns the answer and the warnings.
pub(crate) fn simulate(text: &str, overrides: &Overrides) -> (Report, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let outcome = read_with(&mut sources, "test.toml", text, &Memory::new(), overrides);
    let (scenario, warnings) = outcome.expect("the scenario is good");
    let report = study::simulate(&scenario, Wanted::default(), &warnings).expect("it runs");
    (report, warnings)
}
