//! A saved listing of files that lie elsewhere, instead of the files.
//!
//! Which form it has is told from its first lines. A line that cannot be read is kept with its
//! number; it is never left out silently.

mod inventory;
mod line;
mod root;
#[cfg(test)]
mod tests;

use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use self::inventory::Layout;
pub use self::line::Form;
use self::line::Said;
use super::delta::LOG;
use super::directory::placed;
use super::discovery::Gatherer;
use super::disk::Disk;
use super::files::{Files, Why};
use super::lines::Lines;
use super::problem::{Kind, Problem};
use super::progress::{Counter, Step, Watch};
use crate::units::number;

/// What a saved listing tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The table's files.
    pub files: Files,
    /// What made the listing.
    pub form: Form,
    /// The table's root within the listing, without scheme and bucket: the one that was asked for,
    /// else the directory that all files share, up to the first `key=value`.
    pub root: String,
    /// Objects that lie outside of the root that was asked for.
    pub outside: u64,
    /// The lines that cannot be read.
    pub bad: BadLines,
}

/// Lines that cannot be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BadLines {
    /// How many there are.
    pub count: u64,
    /// The first few: the number of the line, from 1, and what is wrong with it.
    pub first: Vec<(u64, &'static str)>,
}

impl BadLines {
    fn add(&mut self, line: u64, why: &'static str) {
        const SHOWN: usize = 5;
        self.count = self.count.saturating_add(1);
        if self.first.len() < SHOWN {
            self.first.push((line, why));
        }
    }
}

/// Reads a listing, plain or gzipped. `prefix` is the table's root inside it, with or without
/// scheme and bucket; `recursive` is Spark's `recursiveFileLookup`.
///
/// # Errors
/// A text that is no listing, rounded sizes, a listing that is cut, a Delta table, and all that
/// [`directory::read`](super::directory::read) refuses.
pub fn read(
    disk: &dyn Disk,
    path: &Path,
    prefix: Option<&str>,
    recursive: bool,
    watch: Watch,
) -> Result<Listing, Problem> {
    let (form, layout) = recognise(disk, path)?;
    let mut reading = Reading::default();
    let wanted = prefix.map(|it| root::bare(it).trim_end_matches('/').to_owned());
    let mut counter = Counter::new(Step::Listing, watch);
    let failed = |error| unreadable(path, &error);
    let mut lines = open(disk, path)?;
    while let Some(line) = lines.next().map_err(failed)? {
        counter.one()?;
        let said = match (line.cut, text(line.number, line.bytes)) {
            (true, _) => Said::Bad("longer than any path"),
            (_, None) => Said::Bad("not UTF-8"),
            (_, Some(text)) => form.read(text, layout.as_ref()),
        };
        if said == Said::Rounded {
            return Err(rounded(form).at_line(path, line.number));
        }
        reading.take(said, line.number, wanted.as_deref());
    }
    reading.whole().map_err(|it| it.at(path))?;
    let root = wanted.unwrap_or_else(|| root::shared(reading.objects.iter().map(|it| &*it.0)));
    let files = reading.files(&root, recursive).map_err(|it| placed(it, path))?;
    let Reading { outside, bad, .. } = reading;
    Ok(Listing { files, form, root, outside, bad })
}

#[derive(Default)]
struct Reading {
    /// Bare keys and bytes.
    objects: Vec<(String, u64)>,
    left_out: Vec<(Why, String, u64)>,
    seen: u64,
    total: Option<u64>,
    outside: u64,
    bad: BadLines,
}

impl Reading {
    fn take(&mut self, said: Said, line: u64, wanted: Option<&str>) {
        let (why, key, bytes) = match said {
            Said::Object(key, bytes) => (None, key, bytes),
            Said::OldVersion(key, bytes) => (Some(Why::OldVersion), key, bytes),
            Said::Deleted(key) => (Some(Why::DeleteMarker), key, 0),
            Said::Total(count) => return self.total = Some(count),
            Said::Bad(why) => return self.bad.add(line, why),
            Said::Nothing | Said::Rounded => return,
        };
        self.seen = self.seen.saturating_add(1);
        let key = root::bare(&key);
        if wanted.is_some_and(|wanted| root::below(key, wanted).is_none()) {
            self.outside = self.outside.saturating_add(1);
            return;
        }
        let marker = key.is_empty() || key.ends_with('/');
        match why.or(marker.then_some(Why::FolderMarker)) {
            Some(why) => self.left_out.push((why, key.to_owned(), bytes)),
            None => self.objects.push((key.to_owned(), bytes)),
        }
    }

    /// `--summarize` tells how many objects there must be.
    fn whole(&self) -> Result<(), Problem> {
        match self.total {
            Some(total) if total != self.seen && self.bad.count == 0 => {
                let what = format!(
                    "the listing has {} objects, and its last lines tell of {}",
                    number::grouped(self.seen),
                    number::grouped(total)
                );
                Err(Problem::new(Kind::CutListing, what)
                    .or("make the listing again, and save all of it"))
            }
            _ => Ok(()),
        }
    }

    fn files(&mut self, root: &str, recursive: bool) -> Result<Files, Problem> {
        let mut gatherer = Gatherer::default();
        for (key, bytes) in std::mem::take(&mut self.objects) {
            let below = root::below(&key, root).unwrap_or(&key);
            if let Some(table) = delta_table(&key, below) {
                return Err(needs_log(table));
            }
            gatherer.file(below, bytes);
        }
        for (why, key, bytes) in &self.left_out {
            gatherer.ignore(*why, key, *bytes);
        }
        gatherer.finish(recursive)
    }
}

/// The Delta table whose log the key lies in.
fn delta_table<'a>(key: &'a str, below: &str) -> Option<&'a str> {
    below.split('/').any(|part| part == LOG).then_some(())?;
    let at = if key.starts_with(LOG) { 0 } else { key.find(&format!("/{LOG}/"))? };
    Some(&key[..at])
}

fn needs_log(table: &str) -> Problem {
    let what = format!(
        "`{table}` is a Delta table: a listing shows dead files too, only its log tells which are live"
    );
    Problem::new(Kind::NeedsLog, what).or(format!(
        "copy the log alone, as with `aws s3 cp --recursive s3://BUCKET/{table}/{LOG} table/{LOG}`, \
         and give the folder `table` as path; or select another table by its prefix"
    ))
}

fn rounded(form: Form) -> Problem {
    let way_out = match form {
        Form::Aws => "list without --human-readable: `aws s3 ls --recursive s3://… > listing.txt`",
        Form::Hdfs => "list without -h: `hdfs dfs -ls -R … > listing.txt`",
        Form::Gcloud | Form::Inventory => {
            "list without --readable-sizes: `gcloud storage ls -l -r gs://… > listing.txt`"
        }
    };
    let what = "the sizes are rounded for people; partitions depend on every byte";
    Problem::new(Kind::RoundedSizes, what).or(way_out)
}

/// The longest line that is read; the longest key of S3 has 1,024 bytes.
const LONGEST: usize = 1 << 16;

fn open(disk: &dyn Disk, path: &Path) -> Result<Lines<Box<dyn BufRead>>, Problem> {
    let failed = |error| Problem::io(path, &error);
    let mut start = Vec::new();
    disk.open(path).map_err(failed)?.take(2).read_to_end(&mut start).map_err(failed)?;
    let source = BufReader::with_capacity(1 << 16, disk.open(path).map_err(failed)?);
    let reader: Box<dyn BufRead> = match start.as_slice() {
        [0x1f, 0x8b] => Box::new(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(source))),
        [0xff, 0xfe] | [0xfe, 0xff] => {
            return Err(Problem::new(
                Kind::NotText,
                "the listing is UTF-16, as PowerShell writes it",
            )
            .at(path)
            .or("save it as UTF-8: `… | Out-File -Encoding utf8 listing.txt`"));
        }
        _ => Box::new(source),
    };
    Ok(Lines::new(reader, LONGEST))
}

fn text(number: u64, bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    Some(if number == 1 { text.trim_start_matches('\u{feff}') } else { text })
}

fn unreadable(path: &Path, error: &io::Error) -> Problem {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof => {
            Problem::new(Kind::CutListing, format!("its gzip cannot be unpacked: {error}"))
                .at(path)
                .or("copy the file again")
        }
        _ => Problem::io(path, error),
    }
}

/// Tells the form from the first lines: the one that most of them have.
fn recognise(disk: &dyn Disk, path: &Path) -> Result<(Form, Option<Layout>), Problem> {
    const LOOKED_AT: u64 = 50;
    let forms = [Form::Aws, Form::Hdfs, Form::Gcloud, Form::Inventory];
    let mut layout = None;
    let mut fits = [0_u32; 4];
    let mut lines = open(disk, path)?;
    while let Some(line) = lines.next().map_err(|error| unreadable(path, &error))? {
        if line.number > LOOKED_AT {
            break;
        }
        let Some(text) = text(line.number, line.bytes).filter(|_| !line.cut) else { continue };
        if layout.is_none() {
            layout = Layout::of(text);
        }
        for (form, fits) in forms.iter().zip(&mut fits) {
            let said = form.read(text, layout.as_ref());
            *fits += u32::from(!matches!(said, Said::Bad(_) | Said::Nothing));
        }
    }
    let (most, form) =
        fits.into_iter().zip(forms).rev().max_by_key(|it| it.0).unwrap_or((0, Form::Aws));
    if most > 0 {
        return Ok((form, layout));
    }
    Err(Problem::new(Kind::NotAListing, "this is no listing that is known here, or an empty one")
        .at(path)
        .or("save one with `aws s3 ls --recursive`, `hdfs dfs -ls -R` or `gcloud storage ls -l -r`, \
             or give a CSV file of an S3 inventory that has the size"))
}
