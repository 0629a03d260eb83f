//! Reading single columns of a Parquet file in batches, flat or repeated.

use std::io::{self, BufReader, Read, SeekFrom};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length, RowGroupReader};

use crate::evidence::disk::Source;
use crate::units::number;

/// A file that Parquet reads from several places.
#[derive(Clone)]
pub(super) struct Chunks {
    source: Arc<Mutex<Box<dyn Source>>>,
    length: u64,
}

impl Chunks {
    pub(super) fn new(source: Box<dyn Source>, length: u64) -> Self {
        Self { source: Arc::new(Mutex::new(source)), length }
    }

    fn at(&self, start: u64) -> io::Result<MutexGuard<'_, Box<dyn Source>>> {
        let mut source = self.source.lock().unwrap_or_else(PoisonError::into_inner);
        source.seek(SeekFrom::Start(start))?;
        Ok(source)
    }
}

impl Length for Chunks {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for Chunks {
    type T = BufReader<Stream>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        Ok(BufReader::new(Stream { chunks: self.clone(), at: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<chunks::Bytes> {
        let end = start.checked_add(number::count(length));
        if end.is_none_or(|end| end > self.length) {
            return Err(ParquetError::EOF("the file ends before its data".into()));
        }
        let mut bytes = vec![0; length];
        self.at(start)?.read_exact(&mut bytes)?;
        Ok(bytes.into())
    }
}

/// The file from some place on.
pub(super) struct Stream {
    chunks: Chunks,
    at: u64,
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.chunks.at(self.at)?.read(buffer)?;
        self.at = self.at.saturating_add(number::count(read));
        Ok(read)
    }
}

/// One place in a column: of a flat column one a record, of a repeated one at least one.
pub(super) struct Slot<T> {
    /// It is the first of its record.
    pub(super) first: bool,
    pub(super) value: Option<T>,
}

/// A column that is read in batches of records.
pub(super) struct Column<T: DataType> {
    reader: ColumnReaderImpl<T>,
    present: i16,
    repeated: bool,
}

impl<T: DataType> Column<T> {
    /// The places of the next records; fewer than asked for only at the end.
    pub(super) fn slots(&mut self, records: usize) -> Result<Vec<Slot<T::T>>> {
        let (mut levels, mut repeats, mut values) = (Vec::new(), Vec::new(), Vec::new());
        let mut read = 0;
        while read < records {
            let want = records - read;
            let got = self.reader.read_records(
                want,
                Some(&mut levels),
                Some(&mut repeats),
                &mut values,
            )?;
            if got.0 == 0 {
                break;
            }
            read += got.0;
        }
        if self.present == 0 {
            levels = vec![0; values.len()];
        }
        let mut values = values.into_iter();
        let slot = |(at, level): (usize, i16)| Slot {
            first: !self.repeated || repeats.get(at).is_none_or(|it| *it == 0),
            value: if level == self.present { values.next() } else { None },
        };
        Ok(levels.into_iter().enumerate().map(slot).collect())
    }
}

/// The leaves below a path such as `["add", "path"]`, in the order of the schema.
pub(super) fn leaves(group: &dyn RowGroupReader, path: &[&str]) -> Vec<usize> {
    let columns = group.metadata().schema_descr().columns();
    let below = |at: &usize| {
        let parts = columns[*at].path().parts();
        parts.len() >= path.len() && parts.iter().zip(path).all(|(a, b)| a == b)
    };
    (0..columns.len()).filter(below).collect()
}

macro_rules! opener {
    ($name:ident, $type:ty, $variant:ident, $kind:literal) => {
        #[doc = concat!("Opens a column of ", $kind, "s; `None` where it is of another type.")]
        pub(super) fn $name(
            group: &dyn RowGroupReader,
            leaf: usize,
        ) -> Result<Option<Column<$type>>> {
            let about = group.metadata().schema_descr().column(leaf);
            let (present, repeated) = (about.max_def_level(), about.max_rep_level() > 0);
            Ok(match group.get_column_reader(leaf)? {
                ColumnReader::$variant(reader) => Some(Column { reader, present, repeated }),
                _ => None,
            })
        }
    };
}

opener!(texts, ByteArrayType, ByteArrayColumnReader, "text");
opener!(longs, Int64Type, Int64ColumnReader, "long");
opener!(ints, Int32Type, Int32ColumnReader, "int");

/// Bytes as text.
pub(super) fn text(bytes: &ByteArray) -> Result<&str> {
    bytes.as_utf8()
}
