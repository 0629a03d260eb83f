//! Cutting files into pieces and packing the pieces into partitions.

use super::{Chunk, File, FilesError, MOST_CHUNKS};

/// Cuts the files: `PartitionedFileUtil.splitFiles`.
pub(super) fn cut(
    files: impl Iterator<Item = File> + Clone,
    size: i64,
) -> Result<Vec<Chunk>, FilesError> {
    let mut chunks = Vec::with_capacity(crate::units::number::index(count(files.clone(), size)?));
    for (file, it) in (0_u32..).zip(files) {
        if it.length == 0 {
            continue;
        }
        if !it.splittable {
            chunks.push(Chunk { file, start: 0, len: it.length });
            continue;
        }
        // A negative step makes an empty range in Spark: the file is not read at all.
        let Ok(step) = u64::try_from(size) else { continue };
        let mut start = 0;
        while start < it.length {
            let len = step.min(it.length - start);
            chunks.push(Chunk { file, start, len });
            start += len;
        }
    }
    Ok(chunks)
}

/// How many pieces there will be.
fn count(files: impl Iterator<Item = File>, size: i64) -> Result<u64, FilesError> {
    let mut pieces = 0_u128;
    let mut listed = 0_u128;
    for it in files {
        listed += 1;
        pieces += match (it.length, it.splittable, u64::try_from(size)) {
            (0, ..) | (_, true, Err(_)) => 0,
            (_, false, _) => 1,
            (_, true, Ok(0)) => return Err(FilesError::ZeroSplitSize),
            (length, true, Ok(step)) => u128::from(length.div_ceil(step)),
        };
    }
    match u64::try_from(pieces) {
        Ok(pieces) if pieces <= MOST_CHUNKS && listed <= u128::from(u32::MAX) => Ok(pieces),
        _ => Err(FilesError::TooManyChunks(pieces.max(listed))),
    }
}

/// Packs pieces into partitions, in order, with one partition open at a time
/// (`FilePartition.getFilePartitions`), and tells where each partition ends.
///
/// A partition is closed when the next piece would make it longer than `size`; the open cost of
/// the next piece does not count for that, those of the pieces before it do.
pub(super) fn pack(chunks: &[Chunk], size: i64, open_cost: i64) -> Vec<u32> {
    let size = i128::from(size);
    let open_cost = i128::from(open_cost);
    let mut ends = Vec::new();
    let mut filled = 0_i128;
    for (place, chunk) in (0_u32..).zip(chunks) {
        let len = i128::from(chunk.len);
        if place > 0 && filled + len > size {
            ends.push(place);
            filled = 0;
        }
        filled += len + open_cost;
    }
    if !chunks.is_empty() {
        ends.push(u32::try_from(chunks.len()).expect("at most MOST_CHUNKS pieces"));
    }
    ends
}

/// The size with which the pieces would fit into `most` partitions if they were fluid, rounded up.
pub(super) fn desired_size(chunks: &[Chunk], open_cost: i64, most: i64) -> Result<i64, FilesError> {
    let total: i128 = chunks.iter().map(|it| i128::from(it.len) + i128::from(open_cost)).sum();
    let most = i128::from(most);
    if most == 0 {
        return Err(FilesError::ZeroMinPartitionNum);
    }
    // `RoundingMode.UP` rounds away from zero.
    let (whole, rest) = (total / most, total % most);
    let away = if rest == 0 { 0 } else { total.signum() * most.signum() };
    i64::try_from(whole + away).map_err(|_| FilesError::TooManyBytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fluid_size_is_rounded_away_from_zero() {
        let chunks = [Chunk { file: 0, start: 0, len: 10 }; 3];
        assert_eq!(desired_size(&chunks, 0, 4), Ok(8));
        assert_eq!(desired_size(&chunks, 0, 5), Ok(6));
        assert_eq!(desired_size(&chunks, -20, 4), Ok(-8));
        assert_eq!(desired_size(&[], 1, 4), Ok(0));
    }

    #[test]
    fn nothing_is_cut_by_a_negative_size_and_nothing_can_be_cut_by_zero() {
        let files = |splittable| [File { length: 25, splittable }].into_iter();
        assert_eq!(cut(files(true), -5), Ok(vec![]));
        assert_eq!(cut(files(true), 0), Err(FilesError::ZeroSplitSize));
        let whole = Chunk { file: 0, start: 0, len: 25 };
        assert_eq!(cut(files(false), -5), Ok(vec![whole]));
        assert_eq!(cut(files(false), 0), Ok(vec![whole]));
        let empty = [File { length: 0, splittable: true }].into_iter();
        assert_eq!(cut(empty, 0), Ok(vec![]));
    }

    #[test]
    fn too_many_pieces_are_counted_and_not_made() {
        let one = [File { length: u64::MAX, splittable: true }].into_iter();
        assert_eq!(cut(one, 1), Err(FilesError::TooManyChunks(u128::from(u64::MAX))));
    }
}
