//! Any bytes as a saved listing, with and without a prefix.

#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use sparkplan::evidence::disk::Memory;
use sparkplan::evidence::{listing, progress};

fuzz_target!(|bytes: &[u8]| {
    let disk = Memory::new().file("listing", bytes);
    for (prefix, recursive) in [(None, false), (Some("lake/t"), true)] {
        let path = Path::new("listing");
        let read = listing::read(&disk, path, prefix, recursive, &mut progress::unwatched);
        if let Ok(listing) = read {
            let files = &listing.files;
            for file in &files.files {
                let values = files.values(file);
                assert_eq!(values.len(), files.partition_columns.len());
            }
            let _all = files.bytes();
        }
    }
});
