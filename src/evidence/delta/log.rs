//! Which files of a `_delta_log` tell the table's newest version.
//!
//! Names as in the Delta protocol (delta-io/delta, PROTOCOL.md, "File Types"): `n.json` is a commit,
//! `n.checkpoint.parquet` a classic checkpoint, `n.checkpoint.o.p.parquet` part o of p, and
//! `n.checkpoint.u.json|parquet` a V2 checkpoint; n has 20 digits. Anything else is passed over.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::evidence::problem::{Kind, Problem};

/// What has to be read, in this order: the commits newest first, then the checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) version: u64,
    pub(super) checkpoint: Option<u64>,
    pub(super) commits: Vec<u64>,
}

/// What a name in the log is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    Commit(u64),
    Checkpoint(u64),
    Other(u64, &'static str),
}

const PARTS: &str = "a checkpoint in several parts";
const V2: &str = "a V2 checkpoint";

fn name(text: &str) -> Option<Name> {
    let (digits, rest) = text.split_once('.')?;
    if digits.len() != 20 || !digits.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    let version = digits.parse().ok()?;
    let fields: Vec<&str> = rest.split('.').collect();
    Some(match fields.as_slice() {
        ["json"] => Name::Commit(version),
        ["checkpoint", "parquet"] => Name::Checkpoint(version),
        ["checkpoint", _, _, "parquet"] => Name::Other(version, PARTS),
        ["checkpoint", _, "parquet" | "json"] => Name::Other(version, V2),
        _ => return None,
    })
}

/// The file name of a commit.
pub(super) fn commit(version: u64) -> String {
    format!("{version:020}.json")
}

/// The file name of a classic checkpoint.
pub(super) fn checkpoint(version: u64) -> String {
    format!("{version:020}.checkpoint.parquet")
}

/// Chooses among the names in the log at `path`.
pub(super) fn segment<'a>(
    path: &Path,
    names: impl IntoIterator<Item = &'a str>,
) -> Result<Segment, Problem> {
    let (mut commits, mut classic) = (BTreeSet::new(), BTreeSet::new());
    let mut others = BTreeMap::new();
    for name in names.into_iter().filter_map(name) {
        match name {
            Name::Commit(version) => drop(commits.insert(version)),
            Name::Checkpoint(version) => drop(classic.insert(version)),
            Name::Other(version, what) => drop(others.insert(version, what)),
        }
    }
    let newest = [commits.last(), classic.last(), others.keys().next_back()];
    let Some(version) = newest.into_iter().flatten().max().copied() else {
        return Err(Problem::new(Kind::NoCommits, "the Delta log has no commit")
            .at(path)
            .or("copy the whole `_delta_log` folder beside the table's files"));
    };
    let checkpoint = classic.last().copied();
    let mut wanted = checkpoint.map_or(Some(0), |it| it.checked_add(1));
    let mut found = Vec::new();
    for commit in commits.range(wanted.unwrap_or(u64::MAX)..) {
        if Some(*commit) != wanted {
            break;
        }
        found.push(*commit);
        wanted = commit.checked_add(1);
    }
    match wanted {
        Some(missing) if missing <= version => Err(gap(path, missing, &others)),
        _ => {
            found.reverse();
            Ok(Segment { version, checkpoint, commits: found })
        }
    }
}

fn gap(path: &Path, missing: u64, others: &BTreeMap<u64, &'static str>) -> Problem {
    let problem = match others.range(missing..).next_back() {
        Some((version, what)) => {
            let what = format!("version {version} of the log is {what}, which is not read here");
            Problem::new(Kind::Checkpoint, what).or(
                "describe the table by `size` and `files` (`DESCRIBE DETAIL` tells both), or write a \
                 checkpoint in one file, as `DeltaTable.create_checkpoint()` of the Python package \
                 `deltalake` does",
            )
        }
        None => Problem::new(
            Kind::MissingVersion,
            format!("version {missing} is missing from the Delta log (`{}`)", commit(missing)),
        )
        .or("copy the whole `_delta_log` folder, checkpoints included, and read again"),
    };
    problem.at(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(names: &[&str]) -> Result<Segment, Problem> {
        let full = |name: &&str| {
            let (version, rest) = name.split_once('.').unwrap();
            format!("{version:0>20}.{rest}")
        };
        let names: Vec<String> = names.iter().map(full).collect();
        segment(Path::new("t/_delta_log"), names.iter().map(String::as_str))
    }

    #[test]
    fn commits_are_read_from_the_newest_checkpoint_on() {
        let segment = of(&["0.json", "1.json", "2.json"]).unwrap();
        assert_eq!((segment.checkpoint, segment.commits), (None, vec![2, 1, 0]));
        let segment = of(&["2.json", "1.checkpoint.parquet", "2.checkpoint.parquet", "3.json"]);
        let segment = segment.unwrap();
        assert_eq!((segment.version, segment.checkpoint, segment.commits), (3, Some(2), vec![3]));
        assert_eq!(of(&["7.checkpoint.parquet"]).unwrap().version, 7);
        assert_eq!(
            of(&["0.json", "0.crc", "0.1.compacted.json", "0.json.tmp"]).unwrap().version,
            0
        );
    }

    #[test]
    fn a_gap_is_named() {
        let missing = of(&["0.json", "2.json"]).unwrap_err();
        assert!(missing.what.contains("version 1 is missing"), "{}", missing.what);
        assert_eq!(of(&["5.json"]).unwrap_err().kind, Kind::MissingVersion);
        assert_eq!(of(&["3.checkpoint.parquet", "5.json"]).unwrap_err().kind, Kind::MissingVersion);
        assert_eq!(of(&["0.crc"]).unwrap_err().kind, Kind::NoCommits);
    }

    #[test]
    fn other_checkpoints_matter_only_where_commits_are_gone() {
        let v2 = "1.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json";
        assert_eq!(of(&["0.json", "1.json", v2]).unwrap().checkpoint, None);
        assert_eq!(of(&[v2, "2.json"]).unwrap_err().kind, Kind::Checkpoint);
        let parts = ["4.checkpoint.0000000001.0000000002.parquet", "5.json"];
        assert!(of(&parts).unwrap_err().what.contains("several parts"));
    }

    #[test]
    fn the_largest_version_there_can_be_is_no_surprise() {
        assert!(of(&["18446744073709551615.json"]).is_err());
        assert!(of(&["18446744073709551615.checkpoint.parquet"]).is_ok());
        assert!(of(&["99999999999999999999.json"]).is_err());
    }
}
