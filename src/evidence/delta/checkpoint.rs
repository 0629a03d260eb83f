//! A classic checkpoint in one Parquet file: the live files, the table and the protocol.
//!
//! Only the columns that matter are read (PROTOCOL.md, "Checkpoint Schema"), in batches. Removed
//! files in a checkpoint are tombstones for VACUUM and change nothing.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use parquet::data_type::{ByteArray, ByteArrayType, Int32Type, Int64Type};
use parquet::errors::{ParquetError, Result as Parquet};
use parquet::file::reader::{FileReader, RowGroupReader};
use parquet::file::serialized_reader::SerializedFileReader;

use super::action::{self, Metadata, Protocol, Values, Vector};
use super::column::{Chunks, Column, Slot, ints, leaves, longs, text, texts};
use super::live::{Added, Live};
use crate::evidence::disk::{Disk, What};
use crate::evidence::problem::{Kind, Problem};
use crate::evidence::progress::Counter;

const BATCH: usize = 8192;

/// Adds a checkpoint to what the commits after it have told.
pub(super) fn read(
    disk: &dyn Disk,
    path: &Path,
    live: &mut Live,
    counter: &mut Counter,
) -> Result<(), Problem> {
    let failed = |error| Problem::io(path, &error);
    let What::File(length) = disk.look(path).map_err(failed)? else {
        return Err(broken(path, "it is no file"));
    };
    let chunks = Chunks::new(disk.open(path).map_err(failed)?, length);
    // The decoder of a damaged file may give up by panicking.
    let read = catch_unwind(AssertUnwindSafe(|| replay(chunks, path, live, counter)));
    read.unwrap_or_else(|_| Err(broken(path, "its pages cannot be decoded")))
}

fn replay(
    chunks: Chunks,
    path: &Path,
    live: &mut Live,
    counter: &mut Counter,
) -> Result<(), Problem> {
    let failed = |error: ParquetError| broken(path, &error.to_string());
    let file = SerializedFileReader::new(chunks).map_err(failed)?;
    for number in 0..file.num_row_groups() {
        let group = file.get_row_group(number).map_err(failed)?;
        let group = group.as_ref();
        if any(group, &["sidecar", "path"]).map_err(failed)? {
            return Err(v2(path));
        }
        about(group, live).map_err(failed)?;
        let mut adds = Adds::open(group).map_err(failed)?;
        while adds.batch(live, counter).map_err(|it| it.into_problem(path))? {}
    }
    Ok(())
}

fn broken(path: &Path, why: &str) -> Problem {
    Problem::new(Kind::Broken, format!("the checkpoint cannot be read: {why}")).at(path).or(
        "copy it again; without it (delete your copy) the commits are read, if all of them are there",
    )
}

fn v2(path: &Path) -> Problem {
    Problem::new(
        Kind::Checkpoint,
        "the checkpoint keeps its files in sidecars, which are not read here",
    )
    .at(path)
    .or("describe the table by `size` and `files`; `DESCRIBE DETAIL` tells both")
}

/// Takes the table's metadata and protocol, where no commit has told them.
fn about(group: &dyn RowGroupReader, live: &mut Live) -> Parquet<()> {
    let one =
        |path: &[&str]| -> Parquet<Option<String>> { Ok(strings(group, path)?.into_iter().next()) };
    let schema = one(&["metaData", "schemaString"])?;
    if let (None, Some(schema_string)) = (&live.metadata, schema) {
        live.metadata = Some(Metadata {
            schema_string,
            name: one(&["metaData", "name"])?,
            partition_columns: strings(group, &["metaData", "partitionColumns"])?,
            configuration: map(group, &["metaData", "configuration"])?,
        });
    }
    let version = |path: &[&str]| -> Parquet<Option<i64>> {
        let Some(leaf) = leaves(group, path).first().copied() else { return Ok(None) };
        let Some(mut column) = ints(group, leaf)? else { return Ok(None) };
        Ok(found(&mut column, records(group))?.into_iter().next().map(i64::from))
    };
    if let (None, Some(min_reader_version)) =
        (&live.protocol, version(&["protocol", "minReaderVersion"])?)
    {
        live.protocol = Some(Protocol {
            min_reader_version,
            min_writer_version: version(&["protocol", "minWriterVersion"])?.unwrap_or_default(),
            reader_features: Some(strings(group, &["protocol", "readerFeatures"])?),
            writer_features: Some(strings(group, &["protocol", "writerFeatures"])?),
        });
    }
    Ok(())
}

fn records(group: &dyn RowGroupReader) -> usize {
    usize::try_from(group.metadata().num_rows()).unwrap_or(0)
}

/// The values of a column that has few.
fn found<T: parquet::data_type::DataType>(
    column: &mut Column<T>,
    records: usize,
) -> Parquet<Vec<T::T>> {
    let mut values = Vec::new();
    let mut read = 0;
    while read < records {
        let slots = column.slots(BATCH.min(records - read))?;
        if slots.is_empty() {
            break;
        }
        read += slots.iter().filter(|slot| slot.first).count();
        values.extend(slots.into_iter().filter_map(|slot| slot.value));
    }
    Ok(values)
}

fn any(group: &dyn RowGroupReader, path: &[&str]) -> Parquet<bool> {
    Ok(!strings(group, path)?.is_empty())
}

fn strings(group: &dyn RowGroupReader, path: &[&str]) -> Parquet<Vec<String>> {
    let Some(leaf) = leaves(group, path).first().copied() else { return Ok(Vec::new()) };
    let Some(mut column) = texts(group, leaf)? else { return Ok(Vec::new()) };
    found(&mut column, records(group))?.iter().map(|it| text(it).map(str::to_owned)).collect()
}

fn map(group: &dyn RowGroupReader, path: &[&str]) -> Parquet<BTreeMap<String, Option<String>>> {
    let mut pairs = BTreeMap::new();
    if let [keys, values] = leaves(group, path)[..]
        && let (Some(mut keys), Some(mut values)) = (texts(group, keys)?, texts(group, values)?)
    {
        let mut read = 0;
        while read < records(group) {
            let (keys, values) = (keys.slots(BATCH)?, values.slots(BATCH)?);
            if keys.is_empty() {
                break;
            }
            read += keys.iter().filter(|slot| slot.first).count();
            for (key, value) in keys.iter().zip(&values) {
                insert(&mut pairs, key, value)?;
            }
        }
    }
    Ok(pairs)
}

fn insert(pairs: &mut Values, key: &Slot<ByteArray>, value: &Slot<ByteArray>) -> Parquet<()> {
    if let Some(key) = &key.value {
        let value = value.value.as_ref().map(|it| text(it).map(str::to_owned)).transpose()?;
        pairs.insert(text(key)?.to_owned(), value);
    }
    Ok(())
}

/// The columns of `add`, side by side.
struct Adds {
    left: usize,
    paths: Option<Column<ByteArrayType>>,
    sizes: Option<Column<Int64Type>>,
    values: Option<(Column<ByteArrayType>, Column<ByteArrayType>)>,
    rows: Option<Column<Int64Type>>,
    stats: Option<Column<ByteArrayType>>,
    vectors: Option<Vectors>,
}

struct Vectors {
    storage: Column<ByteArrayType>,
    path: Column<ByteArrayType>,
    offset: Option<Column<Int32Type>>,
    cardinality: Option<Column<Int64Type>>,
}

enum Stop {
    Parquet(ParquetError),
    Problem(Problem),
}

impl From<ParquetError> for Stop {
    fn from(error: ParquetError) -> Self {
        Self::Parquet(error)
    }
}

impl Stop {
    fn into_problem(self, path: &Path) -> Problem {
        match self {
            Self::Parquet(error) => broken(path, &error.to_string()),
            Self::Problem(problem) => problem,
        }
    }
}

impl Adds {
    fn open(group: &dyn RowGroupReader) -> Parquet<Self> {
        let text = |path: &[&str]| match leaves(group, path)[..] {
            [leaf] => texts(group, leaf),
            _ => Ok(None),
        };
        let long = |path: &[&str]| match leaves(group, path)[..] {
            [leaf] => longs(group, leaf),
            _ => Ok(None),
        };
        let values = match leaves(group, &["add", "partitionValues"])[..] {
            [keys, values] => texts(group, keys)?.zip(texts(group, values)?),
            _ => None,
        };
        let rows = long(&["add", "stats_parsed", "numRecords"])?;
        let stats = if rows.is_some() { None } else { text(&["add", "stats"])? };
        let vector = |name| text(&["add", "deletionVector", name]);
        let vectors = match (vector("storageType")?, vector("pathOrInlineDv")?) {
            (Some(storage), Some(path)) => Some(Vectors {
                storage,
                path,
                offset: match leaves(group, &["add", "deletionVector", "offset"])[..] {
                    [leaf] => ints(group, leaf)?,
                    _ => None,
                },
                cardinality: long(&["add", "deletionVector", "cardinality"])?,
            }),
            _ => None,
        };
        let (paths, sizes) = (text(&["add", "path"])?, long(&["add", "size"])?);
        if paths.is_none() || sizes.is_none() {
            return Err(ParquetError::General(
                "it has no columns `add.path` and `add.size`".into(),
            ));
        }
        Ok(Self { left: records(group), paths, sizes, values, rows, stats, vectors })
    }

    /// Takes one batch; whether there is more.
    fn batch(&mut self, live: &mut Live, counter: &mut Counter) -> Result<bool, Stop> {
        let wanted = BATCH.min(self.left);
        self.left -= wanted;
        let paths = flat(&mut self.paths, wanted)?;
        let sizes = flat(&mut self.sizes, wanted)?;
        let rows = flat(&mut self.rows, wanted)?;
        let stats = flat(&mut self.stats, wanted)?;
        let mut values = Maps::next(&mut self.values, wanted)?;
        let mut vectors = Batch::next(&mut self.vectors, wanted)?;
        for at in 0..wanted {
            let values = values.record()?;
            let Some(path) = paths.get(at).and_then(|it| it.value.as_ref()) else { continue };
            counter.one().map_err(Stop::Problem)?;
            let size = sizes.get(at).and_then(|it| it.value).and_then(|it| u64::try_from(it).ok());
            let Some(size) = size else {
                let text = format!("the size of `{}` is no number of bytes", text(path)?);
                return Err(ParquetError::General(text).into());
            };
            let stats = stats.get(at).and_then(|it| it.value.as_ref());
            let rows = match rows.get(at).and_then(|it| it.value) {
                Some(rows) => u64::try_from(rows).ok(),
                None => stats.and_then(|it| text(it).ok()).and_then(action::rows),
            };
            let vector = vectors.vector(at)?;
            live.add_checkpointed(Added { path: text(path)?, values, size, rows, vector });
        }
        Ok(self.left > 0)
    }
}

fn flat<T: parquet::data_type::DataType>(
    column: &mut Option<Column<T>>,
    records: usize,
) -> Parquet<Vec<Slot<T::T>>> {
    column.as_mut().map_or(Ok(Vec::new()), |column| column.slots(records))
}

/// The maps of a batch, taken one record after another.
struct Maps {
    keys: std::iter::Peekable<std::vec::IntoIter<Slot<ByteArray>>>,
    values: std::vec::IntoIter<Slot<ByteArray>>,
}

impl Maps {
    fn next(
        columns: &mut Option<(Column<ByteArrayType>, Column<ByteArrayType>)>,
        records: usize,
    ) -> Parquet<Self> {
        let (keys, values) = match columns {
            Some((keys, values)) => (keys.slots(records)?, values.slots(records)?),
            None => (Vec::new(), Vec::new()),
        };
        Ok(Self { keys: keys.into_iter().peekable(), values: values.into_iter() })
    }

    fn record(&mut self) -> Parquet<Values> {
        let mut pairs = Values::new();
        let mut first = true;
        while let Some(key) = self.keys.next_if(|key| first || !key.first) {
            first = false;
            let Some(value) = self.values.next() else { break };
            insert(&mut pairs, &key, &value)?;
        }
        Ok(pairs)
    }
}

/// The deletion vectors of a batch.
#[derive(Default)]
struct Batch {
    storage: Vec<Slot<ByteArray>>,
    path: Vec<Slot<ByteArray>>,
    offset: Vec<Slot<i32>>,
    cardinality: Vec<Slot<i64>>,
}

impl Batch {
    fn next(columns: &mut Option<Vectors>, records: usize) -> Parquet<Self> {
        let Some(columns) = columns else { return Ok(Self::default()) };
        Ok(Self {
            storage: columns.storage.slots(records)?,
            path: columns.path.slots(records)?,
            offset: flat(&mut columns.offset, records)?,
            cardinality: flat(&mut columns.cardinality, records)?,
        })
    }

    fn vector(&mut self, at: usize) -> Parquet<Option<Vector>> {
        let at_path = self.path.get(at).and_then(|it| it.value.as_ref());
        let storage = self.storage.get(at).and_then(|it| it.value.as_ref());
        let (Some(storage), Some(path)) = (storage, at_path) else { return Ok(None) };
        let rows = self.cardinality.get(at).and_then(|it| it.value);
        Ok(Some(Vector {
            storage_type: text(storage)?.to_owned(),
            path_or_inline_dv: text(path)?.to_owned(),
            offset: self.offset.get(at).and_then(|it| it.value).map(i64::from),
            cardinality: rows.and_then(|it| u64::try_from(it).ok()).unwrap_or_default(),
        }))
    }
}
