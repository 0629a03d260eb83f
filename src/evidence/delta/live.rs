//! The files that are live at the newest version, found by reading the log backwards.
//!
//! The newest action about a file (its path and its deletion vector) decides (PROTOCOL.md,
//! "Action Reconciliation"). So what was seen once is settled, and only the commits' files are
//! remembered: the checkpoint's go straight to the result.

use std::collections::{BTreeMap, BTreeSet};

use super::Vectors;
use super::action::{Metadata, Protocol, Values, Vector};
use crate::evidence::discovery::in_order;
use crate::evidence::files::{File, Files};
use crate::evidence::names;
use crate::evidence::problem::Problem;
use crate::units::{Bytes, Rows};

/// What is known so far.
#[derive(Default)]
pub(super) struct Live {
    files: Vec<File>,
    seen: BTreeSet<Box<str>>,
    values: BTreeMap<Values, usize>,
    vectors: Vectors,
    pub(super) metadata: Option<Metadata>,
    pub(super) protocol: Option<Protocol>,
}

/// A file that an action adds.
pub(super) struct Added<'a> {
    pub(super) path: &'a str,
    pub(super) values: Values,
    pub(super) size: u64,
    pub(super) rows: Option<u64>,
    pub(super) vector: Option<Vector>,
}

impl Live {
    /// A file of a commit, which nothing older can change.
    pub(super) fn add(&mut self, added: Added) {
        let path = plain(added.path);
        if self.seen.insert(key(&path, added.vector.as_ref())) {
            self.keep(path, added);
        }
    }

    /// A file of the checkpoint, unless a commit has settled it.
    pub(super) fn add_checkpointed(&mut self, added: Added) {
        let path = plain(added.path);
        if self.seen.is_empty() || !self.seen.contains(&key(&path, added.vector.as_ref())) {
            self.keep(path, added);
        }
    }

    /// A file that a commit removes.
    pub(super) fn remove(&mut self, path: &str, vector: Option<&Vector>) {
        self.seen.insert(key(&plain(path), vector));
    }

    fn keep(&mut self, path: String, added: Added) {
        if let Some(vector) = added.vector {
            self.vectors.files = self.vectors.files.saturating_add(1);
            let rows = self.vectors.rows.get().saturating_add(vector.cardinality);
            self.vectors.rows = Rows::new(rows);
        }
        let next = self.values.len();
        let partition = match self.values.get(&added.values) {
            Some(known) => *known,
            None => *self.values.entry(added.values).or_insert(next),
        };
        let (bytes, rows) = (Bytes::new(added.size), added.rows.map(Rows::new));
        self.files.push(File { path, bytes, partition, rows });
    }

    /// The files, with the values of these partition columns, whose names in the log are `physical`.
    pub(super) fn finish(
        self,
        columns: Vec<String>,
        physical: &[String],
    ) -> Result<(Files, Vectors), Problem> {
        let mut known: BTreeMap<Vec<Option<String>>, usize> = BTreeMap::new();
        let mut numbers = vec![0; self.values.len()];
        for (mut values, met) in self.values {
            let mut value = |column: &String| values.remove(column).flatten();
            let row = physical.iter().map(|it| value(it).filter(|it| !it.is_empty())).collect();
            let next = known.len();
            numbers[met] = *known.entry(row).or_insert(next);
        }
        let mut files = self.files;
        for file in &mut files {
            file.partition = numbers[file.partition];
        }
        let partitions = in_order(known, &mut files);
        let files = Files { files, partition_columns: columns, partitions, ..Files::default() };
        Ok((files.settle()?, self.vectors))
    }
}

/// Paths in the log are URIs; what cannot be decoded stays as it is.
fn plain(path: &str) -> String {
    names::decode_uri(path).unwrap_or_else(|| path.to_owned())
}

fn key(path: &str, vector: Option<&Vector>) -> Box<str> {
    match vector {
        None => path.into(),
        Some(vector) => format!("{path}\0{}", vector.id()).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(path: &str, size: u64) -> Added<'_> {
        Added { path, values: Values::new(), size, rows: None, vector: None }
    }

    fn vector(id: &str) -> Vector {
        let (storage_type, path_or_inline_dv) = ("u".to_owned(), id.to_owned());
        Vector { storage_type, path_or_inline_dv, offset: None, cardinality: 5 }
    }

    #[test]
    fn the_newest_action_decides() {
        let mut live = Live::default();
        live.add(added("a%20b", 3));
        live.remove("c", None);
        live.add(added("c", 9));
        live.add_checkpointed(added("a b", 1));
        live.add_checkpointed(added("c", 9));
        live.add_checkpointed(added("d", 4));
        let (files, _) = live.finish(Vec::new(), &[]).unwrap();
        let found: Vec<_> = files.files.iter().map(|it| (&*it.path, it.bytes.get())).collect();
        assert_eq!(found, [("a b", 3), ("d", 4)]);
    }

    #[test]
    fn a_new_deletion_vector_is_another_file_of_the_same_name() {
        let mut live = Live::default();
        live.remove("a", None);
        live.add(Added { vector: Some(vector("1")), ..added("a", 7) });
        live.add_checkpointed(added("a", 7));
        let (files, vectors) = live.finish(Vec::new(), &[]).unwrap();
        assert_eq!((files.files.len(), vectors.files, vectors.rows.get()), (1, 1, 5));
    }

    #[test]
    fn empty_values_are_null_and_columns_keep_their_order() {
        let mut live = Live::default();
        let values = |k: &str, l: Option<&str>| {
            Values::from([
                ("x".to_owned(), Some(k.to_owned())),
                ("y".to_owned(), l.map(str::to_owned)),
            ])
        };
        live.add(Added { values: values("2", Some("")), ..added("a", 1) });
        live.add(Added { values: values("1", None), ..added("b", 1) });
        live.add(Added { values: values("2", None), ..added("c", 1) });
        let columns = ["l".to_owned(), "k".to_owned()];
        let (files, _) = live.finish(columns.to_vec(), &["y".into(), "x".into()]).unwrap();
        assert_eq!(files.partitions.len(), 2);
        assert_eq!(files.values(&files.files[0]), [None, Some("2".to_owned())]);
        assert_eq!(files.files[0].partition, files.files[2].partition);
    }
}
