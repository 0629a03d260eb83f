//! How long it takes to cut a million files and to pack the pieces.
//!
//! `cargo bench --bench files`

#![allow(missing_docs, reason = "criterion writes a function without one")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use sparkplan::spark::files::{File, Settings, partitions};

const FILES: u64 = 1_000_000;
const SETTINGS: Settings = Settings {
    max_partition_bytes: 128 << 20,
    open_cost: 4 << 20,
    min_partition_num: 300,
    max_partition_num: None,
};

/// Sizes from nothing to 512 MiB, most of them small, in no order.
fn mixed() -> Vec<File> {
    let mut state = 42_u64;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 34
    };
    (0..FILES)
        .map(|_| File { length: (next() >> (next() % 24)) % (512 << 20), splittable: true })
        .collect()
}

fn equal() -> Vec<File> {
    vec![File { length: 100 << 20, splittable: true }; 1_000_000]
}

fn splitting(criterion: &mut Criterion) {
    for (name, files) in [("1,000,000 mixed files", mixed()), ("1,000,000 equal files", equal())] {
        criterion.bench_function(name, |bench| {
            bench.iter(|| partitions(black_box(&files).iter().copied(), &SETTINGS));
        });
    }
}

criterion_group! {
    name = files;
    config = Criterion::default().sample_size(20);
    targets = splitting
}
criterion_main!(files);
