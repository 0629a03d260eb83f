//! A scenario for what is there.

use std::fmt::Write;
use std::path::Path;

use crate::evidence::{self, Disk, Files, Kind, Problem, Watch, disk::What, listing};
use crate::units::number::grouped;

/// The most tables that are looked for below one directory.
const MOST_TABLES: usize = 100;

/// A table that was found.
struct Found {
    name: String,
    /// `path` or `listing`.
    field: &'static str,
    path: String,
    files: Files,
    /// What kind of thing it is, for the comment above it.
    what: String,
}

/// Writes a scenario, as TOML, for the tables at a path: a directory of files, a Delta table, a
/// saved listing, or a directory of such directories.
///
/// # Errors
/// What reading the path refuses, where nothing below it can be read either.
pub fn init(disk: &dyn Disk, path: &str, watch: Watch<'_>) -> Result<String, Problem> {
    let tables = match one(disk, path, &mut *watch) {
        Ok(table) => vec![table],
        Err(problem) => match below(disk, path, watch) {
            tables if tables.is_empty() => return Err(problem),
            tables => tables,
        },
    };
    Ok(written(&tables))
}

fn one(disk: &dyn Disk, path: &str, watch: Watch<'_>) -> Result<Found, Problem> {
    let local = Path::new(path);
    if matches!(disk.look(local), Ok(What::File(_))) {
        match listing::read(disk, local, None, false, &mut *watch) {
            Ok(listing) => {
                return Ok(Found {
                    name: name(path),
                    field: "listing",
                    path: path.to_owned(),
                    files: listing.files,
                    what: "a saved listing".to_owned(),
                });
            }
            Err(problem) if problem.kind == Kind::NotAListing => {}
            Err(problem) => return Err(problem),
        }
    }
    let table = evidence::read(disk, path, false, watch)?;
    let what = match &table.delta {
        Some(delta) => format!("a Delta table, version {}", delta.version),
        None => "a directory of files".to_owned(),
    };
    let (files, path) = (table.files, path.to_owned());
    if files.files.is_empty() {
        let problem = Problem::new(Kind::Empty, "the table has no live files");
        return Err(problem.at(local));
    }
    Ok(Found { name: name(&path), field: "path", path, files, what })
}

/// The tables one level below a directory; those that cannot be read are left out.
fn below(disk: &dyn Disk, path: &str, watch: Watch<'_>) -> Vec<Found> {
    let Ok(mut entries) = disk.list(Path::new(path)) else { return Vec::new() };
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    let directories = entries.iter().filter(|it| it.what == What::Directory);
    directories
        .filter_map(|it| it.name.to_str())
        .filter(|name| !name.starts_with(['_', '.']) && !name.contains('='))
        .filter_map(|name| one(disk, &format!("{}/{name}", path.trim_end_matches('/')), watch).ok())
        .take(MOST_TABLES)
        .collect()
}

/// A name for a table: the last part of its path, without what TOML would want quoted.
fn name(path: &str) -> String {
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
    let stem = last.split('.').next().unwrap_or(last);
    let plain = |it: char| if it.is_ascii_alphanumeric() || it == '_' { it } else { '_' };
    let name: String = stem.chars().map(plain).collect();
    if name.trim_matches('_').is_empty() { "table".to_owned() } else { name }
}

fn written(tables: &[Found]) -> String {
    let mut text = String::new();
    let title = if tables.len() == 1 { &tables[0].name } else { "what is there" };
    let _ = write!(
        text,
        "# A scenario for `plan simulate`. `plan schema` prints everything that can be written \
         here.\n{}name = {}\n\n# Your cluster: change this to what you have or want.\n[cluster]\n\
         manager = \"standalone\"\nnodes = 4\ninstance = \"m5.2xlarge\"\nexecutor = {{ cores = 4, \
         memory = \"12g\" }}\n",
        where_it_belongs(tables),
        quoted(title)
    );
    for table in tables {
        let (files, bytes) = (&table.files, table.files.bytes());
        let _ = write!(
            text,
            "\n# {}: {} {} of {bytes} in all{}.\n[tables.{}]\n{} = {}\n",
            table.what,
            grouped(crate::units::number::count(files.files.len())),
            if files.files.len() == 1 { "file" } else { "files" },
            partitions(files),
            table.name,
            table.field,
            quoted(&table.path),
        );
        if files.format().is_none() && table.what.starts_with("a Delta") {
            text.push_str("format = \"parquet\"\n");
        } else if files.format().is_none() {
            text.push_str("format = \"parquet\"  # the names do not tell: check this\n");
        }
    }
    for table in tables {
        let _ = write!(
            text,
            "\n[[jobs]]\nname = \"read {}\"\nsteps = [{{ read = \"{}\" }}, {{ filter = \"…\", keeps \
             = 1.0 }}]\n",
            table.name, table.name
        );
    }
    text
}

/// A scenario finds its tables from where it lies itself.
fn where_it_belongs(tables: &[Found]) -> &'static str {
    if tables.iter().any(|it| Path::new(&it.path).is_relative()) {
        "# Paths are taken from the directory of this file: keep it where `plan init` ran.\n"
    } else {
        ""
    }
}

fn partitions(files: &Files) -> String {
    if files.partition_columns.is_empty() {
        return String::new();
    }
    let count = grouped(crate::units::number::count(files.partitions.len()));
    format!(", {count} partitions by {}", files.partition_columns.join(", "))
}

/// Text as TOML quotes it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            control if control.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(control));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
