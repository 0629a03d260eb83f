//! Any bytes as the log of a Delta table: commits, and now and then a checkpoint.
//!
//! The first byte says how many files there are, the second which of them is a checkpoint; the
//! rest is cut into equal parts.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sparkplan::evidence::disk::Memory;
use sparkplan::evidence::{self, progress};

fuzz_target!(|bytes: &[u8]| {
    let [files, checkpoint, rest @ ..] = bytes else { return };
    let files = usize::from(*files % 4) + 1;
    let checkpoint = usize::from(*checkpoint % 8);
    let mut disk = Memory::new();
    for (version, part) in rest.chunks(rest.len().div_ceil(files).max(1)).enumerate() {
        let end = if version == checkpoint { "checkpoint.parquet" } else { "json" };
        disk = disk.file(&format!("t/_delta_log/{version:020}.{end}"), part);
    }
    if let Ok(table) = evidence::read(&disk, "t", false, &mut progress::unwatched) {
        for file in &table.files.files {
            let _values = table.files.values(file);
        }
        let _all = table.files.bytes();
    }
});
