//! A Delta table, read from its `_delta_log`: JSON commits and classic single-file checkpoints.
//!
//! Only the log is read, never a data file, and only the newest version. What would need more
//! (checkpoints in parts or with sidecars, unknown reader features, a log with holes) is refused.

mod action;
mod checkpoint;
mod column;
mod features;
mod live;
mod log;
#[cfg(test)]
mod tests;

use std::io::BufReader;
use std::path::Path;

use self::action::Line;
use self::live::{Added, Live};
use super::disk::Disk;
use super::files::Files;
use super::lines::Lines;
use super::problem::{Kind, Problem};
use super::progress::{Counter, Step, Watch};
use crate::units::{Bytes, Rows, number};

/// The folder that makes a directory a Delta table.
pub const LOG: &str = "_delta_log";

/// What a Delta log tells beside its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delta {
    /// The newest version.
    pub version: u64,
    /// The version of the checkpoint that was read, if one was.
    pub checkpoint: Option<u64>,
    /// How many commits were read after it.
    pub commits: u64,
    /// The table's name, where it has one.
    pub name: Option<String>,
    /// The schema, as the JSON text that the log has.
    pub schema: String,
    /// The least version of the protocol that a reader must know.
    pub min_reader: i64,
    /// The least version of the protocol that a writer must know.
    pub min_writer: i64,
    /// What else a reader must know.
    pub reader_features: Vec<String>,
    /// What else a writer must know.
    pub writer_features: Vec<String>,
    /// The live files that have a deletion vector.
    pub vectors: Vectors,
}

/// Deletion vectors: rows that are deleted and still in the files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Vectors {
    /// Files that have one.
    pub files: u64,
    /// Rows that they delete.
    pub rows: Rows,
}

/// Reads the newest version of the table at `root`. A table without live files is no error.
///
/// # Errors
/// A log with holes or without commits, checkpoints in parts or with sidecars, unknown reader
/// features, broken files, and sizes that cannot be.
pub fn read(disk: &dyn Disk, root: &Path, watch: Watch) -> Result<(Files, Delta), Problem> {
    let log = root.join(LOG);
    let entries = disk.list(&log).map_err(|error| Problem::io(&log, &error))?;
    let names = entries.iter().filter_map(|entry| entry.name.to_str());
    let segment = log::segment(&log, names)?;
    let mut counter = Counter::new(Step::Log, watch);
    let mut live = Live::default();
    for version in &segment.commits {
        commit(disk, &log.join(log::commit(*version)), &mut live, &mut counter)?;
    }
    if let Some(version) = segment.checkpoint {
        let path = log.join(log::checkpoint(version));
        checkpoint::read(disk, &path, &mut live, &mut counter)?;
    }
    let missing = |what: &str| {
        Problem::new(Kind::Broken, format!("the Delta log does not tell the table's {what}"))
            .at(&log)
            .or("copy the whole `_delta_log` folder again")
    };
    let metadata = live.metadata.take().ok_or_else(|| missing("metadata"))?;
    let protocol = live.protocol.take().ok_or_else(|| missing("protocol"))?;
    features::check(&protocol, &log)?;
    let physical = features::physical_columns(&metadata);
    let (files, vectors) =
        live.finish(metadata.partition_columns, &physical).map_err(|problem| problem.at(&log))?;
    let delta = Delta {
        version: segment.version,
        checkpoint: segment.checkpoint,
        commits: number::count(segment.commits.len()),
        name: metadata.name,
        schema: metadata.schema_string,
        min_reader: protocol.min_reader_version,
        min_writer: protocol.min_writer_version,
        reader_features: protocol.reader_features.unwrap_or_default(),
        writer_features: protocol.writer_features.unwrap_or_default(),
        vectors,
    };
    Ok((files, delta))
}

/// The longest line of a commit that is read: schemas of many thousand columns fit.
const LONGEST: usize = 64 << 20;

/// Adds one commit to what newer ones have told. No commit may both add and remove one file
/// (PROTOCOL.md, "Add File and Remove File"), so the order of its lines does not matter.
fn commit(
    disk: &dyn Disk,
    path: &Path,
    live: &mut Live,
    counter: &mut Counter,
) -> Result<(), Problem> {
    let failed = |error| Problem::io(path, &error);
    let source = disk.open(path).map_err(failed)?;
    let mut lines = Lines::new(BufReader::with_capacity(1 << 16, source), LONGEST);
    let (mut metadata, mut protocol) = (None, None);
    while let Some(line) = lines.next().map_err(failed)? {
        counter.one()?;
        if line.bytes.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let parsed =
            if line.cut { Err("the line is too long".to_owned()) } else { parse(line.bytes) };
        let action = parsed.map_err(|why| broken(path, line.number, &why))?;
        if let Some(add) = action.add {
            let rows = add.stats.as_deref().and_then(action::rows);
            let (values, vector) = (add.partition_values, add.deletion_vector);
            live.add(Added { path: &add.path, values, size: add.size, rows, vector });
        }
        if let Some(remove) = action.remove {
            live.remove(&remove.path, remove.deletion_vector.as_ref());
        }
        metadata = action.metadata.or(metadata);
        protocol = action.protocol.or(protocol);
    }
    live.metadata = live.metadata.take().or(metadata);
    live.protocol = live.protocol.take().or(protocol);
    Ok(())
}

fn parse(bytes: &[u8]) -> Result<Line<'_>, String> {
    let line: Line = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    match &line.add {
        Some(add) if add.size > Bytes::MAX.get() => {
            Err(format!("{} is no size of a file", add.size))
        }
        _ => Ok(line),
    }
}

fn broken(path: &Path, line: u64, why: &str) -> Problem {
    Problem::new(Kind::Broken, format!("this line of the Delta log cannot be read: {why}"))
        .at_line(path, line)
        .or("copy the file again; a commit has one JSON object a line")
}
