//! Tables: the files that jobs read, taken from a disk, from a listing, or from a description.

mod described;
mod kind;

use std::path::Path;

use super::conf::Origin;
use super::meaning::Meaning;
use super::shape::TableFile;
use crate::diagnostic::{Code, Diagnostic};
use crate::evidence::{self, Disk, Files, Kind, Problem, Watch, Why, listing};
use crate::models::format as rates;
use crate::spark::Version;
use crate::spark::format::Format;
use crate::stats::Seed;
use crate::units::{Bytes, number};

/// A table and its files.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name in the scenario.
    pub name: String,
    /// The format of its files.
    pub format: Format,
    /// The compression of most of its bytes, by the catalog's name for it.
    pub codec: String,
    /// Bytes in Spark's row form for each byte of file.
    pub expansion: f64,
    /// Whether a reader option keeps every file whole.
    pub whole_files: bool,
    /// Its files, in listing order.
    pub files: Vec<DataFile>,
    /// The partition columns.
    pub partition_columns: Vec<String>,
    /// The values of each partition, one for each column; nothing is null.
    pub partitions: Vec<Vec<Option<String>>>,
    /// Directories that Spark lists to find the files, and the most in one directory.
    pub directories: (u64, u64),
    /// Where the files are known from, for people.
    pub from: String,
}

/// A file of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataFile {
    /// Its size.
    pub bytes: u64,
    /// Its partition, an index into [`Table::partitions`].
    pub partition: u32,
    /// Whether Spark may cut it.
    pub splittable: bool,
}

impl Table {
    /// All bytes of all files.
    pub fn bytes(&self) -> Bytes {
        self.files.iter().map(|it| Bytes::new(it.bytes)).sum()
    }

    /// The files whose partition has all of these values.
    pub(super) fn files_in(&self, wanted: &[(&str, &str)]) -> Vec<u32> {
        let column = |name: &str| self.partition_columns.iter().position(|it| it == name);
        let matches: Vec<bool> = self
            .partitions
            .iter()
            .map(|values| {
                wanted.iter().all(|(name, value)| {
                    column(name).and_then(|it| values.get(it)?.as_deref()) == Some(*value)
                })
            })
            .collect();
        let files = (0u32..).zip(&self.files);
        let found = files.filter(|(_, file)| {
            matches.get(number::index(u64::from(file.partition))).copied().unwrap_or(false)
        });
        found.map(|(index, _)| index).collect()
    }
}

/// What reading tables needs from outside.
pub(super) struct World<'a, 'w> {
    pub(super) disk: &'a dyn Disk,
    pub(super) base: &'a Path,
    pub(super) version: Version,
    pub(super) seed: Seed,
    pub(super) watch: Watch<'w>,
}

/// Gives a table its meaning; nothing where something is wrong with it.
pub(super) fn read(
    meaning: &mut Meaning<'_>,
    world: &mut World<'_, '_>,
    name: &str,
    file: &TableFile,
) -> Option<Table> {
    let source = source(meaning, name, file)?;
    let found = match source {
        Source::Path(path) => from_disk(meaning, world, name, path)?,
        Source::Listing(path) => from_listing(meaning, world, name, path, file.prefix.as_deref())?,
        Source::Described => described::described(meaning, world, name, file)?,
    };
    finish(meaning, world, name, file, found)
}

enum Source<'a> {
    Path(&'a str),
    Listing(&'a str),
    Described,
}

/// Files from somewhere: with sizes, partitions and the part of their names that matters.
struct Found {
    files: Vec<(u64, u32)>,
    /// The end of each file's name, or one for all.
    names: Names,
    partition_columns: Vec<String>,
    partitions: Vec<Vec<Option<String>>>,
    directories: (u64, u64),
    told_format: Option<&'static str>,
    from: String,
}

enum Names {
    Each(Vec<String>),
    All(String),
}

fn source<'a>(meaning: &mut Meaning<'_>, name: &str, file: &'a TableFile) -> Option<Source<'a>> {
    let sized = [
        ("size", file.size.is_some()),
        ("files", file.files.is_some()),
        ("file_size", file.file_size.is_some()),
        ("spread", file.spread.is_some()),
    ];
    let sizes: Vec<&str> = sized.iter().filter(|it| it.1).map(|it| it.0).collect();
    match (&file.path, &file.listing, sizes.as_slice()) {
        (Some(path), None, []) => Some(Source::Path(path)),
        (None, Some(listing), []) => Some(Source::Listing(listing)),
        (None, None, [_, ..]) => Some(Source::Described),
        (None, None, []) => {
            let message = format!("table `{name}` has no files");
            let problem =
                meaning.about(Code::MissingField, &["tables", name], message, "described here");
            let problem = problem
                .help("`path = \"…\"` reads a directory or a Delta table")
                .help("`listing = \"…\"` reads a saved listing of an object store")
                .help("`size = \"10g\"` (with `files` or `file_size`) describes it");
            meaning.problems.push(problem);
            None
        }
        (path, listing, sizes) => {
            let mut given: Vec<&str> = Vec::new();
            given.extend(path.as_ref().map(|_| "path"));
            given.extend(listing.as_ref().map(|_| "listing"));
            given.extend(sizes);
            let message = format!("table `{name}` has its files from {}", given.join(" and "));
            let label = "keep one: a path, a listing, or sizes";
            meaning.problem(Code::Conflict, &["tables", name, given[1]], message, label);
            None
        }
    }
}

fn from_disk(
    meaning: &mut Meaning<'_>,
    world: &mut World<'_, '_>,
    name: &str,
    path: &str,
) -> Option<Found> {
    let place = ["tables", name, "path"];
    match evidence::read(world.disk, &located(world.base, path), false, &mut *world.watch) {
        Ok(table) => {
            let from = match &table.delta {
                Some(delta) => format!("version {} of the Delta log in {path}", delta.version),
                None => format!("the directory {path}"),
            };
            left_out(meaning, &place, &table.files);
            usable(meaning, &place, found(table.files, from))
        }
        Err(problem) => {
            let problem = diagnostic(meaning, &place, &problem);
            meaning.problems.push(problem);
            None
        }
    }
}

fn from_listing(
    meaning: &mut Meaning<'_>,
    world: &mut World<'_, '_>,
    name: &str,
    path: &str,
    prefix: Option<&str>,
) -> Option<Found> {
    let place = ["tables", name, "listing"];
    let located = located(world.base, path);
    let located = Path::new(&located);
    match listing::read(world.disk, located, prefix, false, &mut *world.watch) {
        Ok(listing) => {
            let bad = &listing.bad;
            if bad.count > 0 {
                let first: Vec<String> =
                    bad.first.iter().map(|(line, why)| format!("line {line}: {why}")).collect();
                let message = format!("{} lines of {path} cannot be read", bad.count);
                let problem = meaning.about(Code::PassedOver, &place, message, "read from here");
                meaning.problems.push(problem.help(first.join("; ")));
            }
            left_out(meaning, &place, &listing.files);
            usable(meaning, &place, found(listing.files, format!("the listing {path}")))
        }
        Err(problem) => {
            let problem = diagnostic(meaning, &place, &problem);
            meaning.problems.push(problem);
            None
        }
    }
}

/// Says what was found beside the files and not read, where a person may not expect it.
fn left_out(meaning: &mut Meaning<'_>, place: &[&str], files: &Files) {
    let surprising = |why: &Why| {
        matches!(why, Why::OutsidePartitions | Why::Nested | Why::BrokenLink | Why::OldVersion)
    };
    for (why, tally) in files.ignored.iter().filter(|(why, _)| surprising(why)) {
        let count = number::grouped(tally.count);
        let message = format!("{count} {} are not read, as in Spark", why.name());
        let problem = meaning.about(Code::PassedOver, place, message, "read from here");
        meaning.problems.push(problem.help(format!("one of them: {}", tally.example)));
    }
}

/// Refuses tables without a byte.
fn usable(meaning: &mut Meaning<'_>, place: &[&str], found: Found) -> Option<Found> {
    if found.files.iter().any(|(bytes, _)| *bytes > 0) {
        return Some(found);
    }
    let message = format!("there is no byte to read in {}", found.from);
    meaning.problem(Code::EmptyTable, place, message, "Spark plans no task for it");
    None
}

/// Paths are taken relative to the scenario file; addresses of other machines stay as they are.
fn located(base: &Path, path: &str) -> String {
    if path.contains(":/") { path.to_owned() } else { base.join(path).display().to_string() }
}

fn found(files: Files, from: String) -> Found {
    let format = files.format();
    Found {
        files: files
            .files
            .iter()
            .map(|it| (it.bytes.get(), u32::try_from(it.partition).unwrap_or(u32::MAX)))
            .collect(),
        directories: (files.directories, files.widest),
        told_format: format,
        partitions: files.partitions.into_iter().map(|it| it.values).collect(),
        partition_columns: files.partition_columns,
        names: Names::Each(files.files.into_iter().map(|it| it.path).collect()),
        from,
    }
}

/// A problem of evidence, said to the person who wrote the scenario.
fn diagnostic(meaning: &Meaning<'_>, place: &[&str], problem: &Problem) -> Diagnostic {
    let code = problem.kind.code();
    let message = match &problem.place {
        Some(place) => format!("{place}: {}", problem.what),
        None => problem.what.clone(),
    };
    let diagnostic = meaning.about(code, place, message, "read from here");
    match &problem.way_out {
        Some(_) if problem.kind == Kind::Missing => diagnostic
            .help("check the path; it is taken from the directory that the scenario file is in"),
        Some(way_out) => diagnostic.help(way_out.clone()),
        None => diagnostic,
    }
}

fn finish(
    meaning: &mut Meaning<'_>,
    world: &World<'_, '_>,
    name: &str,
    file: &TableFile,
    found: Found,
) -> Option<Table> {
    let format = kind::format(meaning, world.version, name, file, found.told_format)?;
    let options = file.options.unwrap_or_default();
    let whole_files = format.whole_file_option().is_some_and(|option| {
        let written =
            if option.name == "multiLine" { options.multi_line } else { options.wholetext };
        written.unwrap_or(option.default)
    });
    let splittable = |end: &str| format.splittable(end, whole_files, world.version);
    let files: Vec<DataFile> = match &found.names {
        Names::All(end) => {
            let splittable = splittable(end);
            let file = |(bytes, partition)| DataFile { bytes, partition, splittable };
            found.files.into_iter().map(file).collect()
        }
        Names::Each(names) => found
            .files
            .into_iter()
            .zip(names)
            .map(|((bytes, partition), path)| {
                let end = path.rsplit('/').next().unwrap_or(path);
                DataFile { bytes, partition, splittable: splittable(end) }
            })
            .collect(),
    };
    let end = match &found.names {
        Names::All(end) => end.clone(),
        Names::Each(names) => names.first().cloned().unwrap_or_default(),
    };
    let codec = kind::codec(meaning, name, file, format, &end)?;
    let rate = rates::find(format.name()).and_then(|it| it.codec(&codec));
    let expansion = rate.map_or(1.0, |it| it.row_bytes_per_file_byte.typical);
    let source = rates::find(format.name()).map_or("", |it| it.source.as_str());
    let default = || (expansion, Origin::Default(source.to_owned()));
    let expansion = meaning.pick(&["tables", name, "expansion"], file.expansion, default);
    Some(Table {
        name: name.to_owned(),
        format,
        codec,
        expansion,
        whole_files,
        files,
        partition_columns: found.partition_columns,
        partitions: found.partitions,
        directories: found.directories,
        from: found.from,
    })
}
