//! How long it takes to read a scenario of a thousand tables, and to answer a small one.
//!
//! `cargo bench --bench scenario`

#![allow(missing_docs, reason = "criterion writes a function without one")]

use std::hint::black_box;
use std::ops::ControlFlow;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use sparkplan::diagnostic::{Diagnostic, Sources};
use sparkplan::evidence::disk::Memory;
use sparkplan::report::{self, Options};
use sparkplan::scenario::{Overrides, Scenario, Surroundings};
use sparkplan::study::{Wanted, simulate};

const TABLES: usize = 1000;
const EXAMPLE: &str = include_str!("../scenarios/twenty-nodes.toml");

fn read(text: &str) -> (Scenario, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let id = sources.add("scenario.toml", text);
    let (disk, overrides) = (Memory::new(), Overrides::default());
    let mut watch = |_| ControlFlow::Continue(());
    let base = Path::new("");
    let around = Surroundings { disk: &disk, base, overrides: &overrides, watch: &mut watch };
    Scenario::read(&mut sources, id, around).expect("the scenario is good")
}

/// A thousand tables, a job over each, and twenty settings.
fn thousand() -> String {
    let mut text = String::from(
        "[cluster]\nnodes = 20\nnode = { cores = 16, memory = \"64g\" }\n\
         executor = { cores = 5, memory = \"21g\" }\n\n[conf]\n",
    );
    for key in 0..20 {
        text.push_str(&format!("\"spark.hadoop.key.{key}\" = {key}\n"));
    }
    for table in 0..TABLES {
        text.push_str(&format!(
            "\n[tables.table_{table}]\nformat = \"parquet\"\nsize = \"{}m\"\nfiles = {}\n\
             \n[[jobs]]\nname = \"job {table}\"\nsteps = [\n  \
             {{ read = \"table_{table}\", columns = 0.5 }},\n  \
             {{ filter = \"amount > {table}\", keeps = 0.4 }},\n  {{ write = \"out_{table}\" }},\n]\n",
            100 + table,
            1 + table % 50,
        ));
    }
    text
}

/// The example, with the luck that a scenario has where nobody switches it off.
fn lucky() -> String {
    EXAMPLE.replace("noise = false", "noise = true")
}

fn scenarios(criterion: &mut Criterion) {
    let text = thousand();
    criterion.bench_function("read a scenario of 1,000 tables and 1,000 jobs", |bench| {
        bench.iter(|| read(black_box(&text)));
    });
    criterion.bench_function("read the example", |bench| bench.iter(|| read(black_box(EXAMPLE))));
    for (name, text) in [("without luck", EXAMPLE.to_owned()), ("200 runs", lucky())] {
        let (scenario, warnings) = read(&text);
        criterion.bench_function(&format!("simulate the example, {name}"), |bench| {
            bench.iter(|| simulate(black_box(&scenario), Wanted::default(), &warnings));
        });
    }
    let (scenario, warnings) = read(EXAMPLE);
    let report = simulate(&scenario, Wanted::default(), &warnings).expect("it runs");
    let format = report::format("text").expect("there is text");
    criterion.bench_function("write the example's answer as text", |bench| {
        bench.iter(|| (format.write)(black_box(&report), Options::default()));
    });
}

criterion_group! {
    name = group;
    config = Criterion::default().sample_size(20);
    targets = scenarios
}
criterion_main!(group);
