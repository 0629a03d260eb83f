//! Scenarios as text: well-formed, usually sensible, sometimes absurd.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;

/// Most often one of the first, now and then one of the second.
fn usually(
    sane: &'static [&'static str],
    absurd: &'static [&'static str],
) -> impl Strategy<Value = String> {
    prop_oneof![40 => select(sane), 1 => select(absurd)].prop_map(str::to_owned)
}

/// A field that is there one time in `one_in`.
fn field(
    one_in: u32,
    name: &'static str,
    value: impl Strategy<Value = String> + 'static,
) -> BoxedStrategy<Option<String>> {
    let line = value.prop_map(move |it| Some(format!("{name} = {it}")));
    prop_oneof![one_in.saturating_sub(1) => Just(None), 1 => line].boxed()
}

/// Fields between braces.
fn table(fields: Vec<BoxedStrategy<Option<String>>>) -> BoxedStrategy<String> {
    fields
        .prop_map(|it| format!("{{ {} }}", it.into_iter().flatten().collect::<Vec<_>>().join(", ")))
        .boxed()
}

fn size() -> impl Strategy<Value = String> {
    let sane = &["\"1\"", "\"100k\"", "\"5m\"", "\"128m\"", "\"1.5g\"", "\"10.1g\"", "\"2t\""];
    usually(sane, &["0", "\"0.4b\"", "\"1p\"", "\"1024p\"", "\"1025p\"", "9223372036854775807"])
}

fn share() -> impl Strategy<Value = String> {
    usually(&["0", "0.0001", "0.4", "1", "1.0", "1e-300"], &["1.1", "-0.0", "-1", "5e-324"])
}

fn span() -> impl Strategy<Value = String> {
    let sane = &["0", "1", "\"90 s\"", "\"5 min\"", "\"2 h\"", "\"1 us\""];
    usually(sane, &["\"36500 d\"", "\"36600 d\"", "\"36601 d\"", "0.0000001", "-1"])
}

fn number(sane: &'static [&'static str]) -> impl Strategy<Value = String> {
    usually(sane, &["0", "-1", "4096", "100000", "1000000", "10000000", "9223372036854775807"])
}

fn columns() -> impl Strategy<Value = String> {
    usually(&["[]", "[\"a\"]", "[\"a\", \"b\"]"], &["[\"\"]", "\"a\""])
}

fn cluster() -> impl Strategy<Value = String> {
    let managers = &["\"standalone\"", "\"yarn\"", "\"kubernetes\"", "\"local\"", "\"dataproc\""];
    let managers = field(2, "manager", usually(managers, &["\"databricks\"", "\"emr\"", "\"x\""]));
    let memory =
        || usually(&["\"8g\"", "\"64g\"", "\"1t\"", "\"488.28g\""], &["\"1g\"", "\"1024p\"", "0"]);
    let node = table(vec![
        field(1, "cores", number(&["2", "4", "16", "96"])),
        field(1, "memory", memory()),
        field(20, "reserved_cores", number(&["1"])),
        field(20, "reserved_memory", usually(&["0", "\"2g\""], &["\"1024p\""])),
        field(5, "price_per_hour", usually(&["0", "0.768"], &["1e6", "1e-300", "-1"])),
        field(5, "disk_bandwidth", usually(&["\"125 MiB/s\""], &["1", "1e300", "0", "\"1 b/s\""])),
        field(5, "network_bandwidth", usually(&["\"1 GiB/s\""], &["1", "1e300", "0"])),
    ]);
    let executor = table(vec![
        field(1, "cores", number(&["1", "2"])),
        field(
            1,
            "memory",
            usually(&["\"1g\"", "\"2000m\"", "\"4.5g\""], &["\"450m\"", "\"1p\"", "0"]),
        ),
        field(8, "per_node", number(&["1", "2", "3"])),
        field(8, "count", number(&["1", "7", "100"])),
        field(8, "overhead", usually(&["0", "\"500m\""], &["\"1024p\""])),
        field(8, "off_heap", usually(&["\"300m\"", "\"1g\""], &["0", "\"1024p\""])),
        field(8, "collector", usually(&["\"g1\"", "\"parallel\"", "\"serial\""], &["\"zgc\""])),
    ]);
    let yarn = table(vec![
        field(3, "minimum_allocation", usually(&["\"1g\"", "\"512m\""], &["0", "1", "\"1024p\""])),
        field(3, "maximum_allocation", usually(&["\"8g\""], &["0", "\"1024p\""])),
        field(3, "increment", usually(&["\"1g\"", "\"512m\""], &["0", "1", "\"1024p\""])),
        field(3, "scheduler", usually(&["\"fair\"", "\"capacity\""], &["\"x\""])),
        field(3, "count_cores", usually(&["true", "false"], &["1"])),
    ]);
    let charge = "[{ name = \"c\", per_hour = 1.5 }, { name = \"d\", per_node_hour = 1e6 }]";
    table(vec![
        managers,
        field(2, "nodes", number(&["1", "2", "20"])),
        field(10, "instance", usually(&["\"m5.4xlarge\"", "\"n2-standard-8\""], &["\"x\""])),
        field(1, "node", node),
        field(1, "executor", executor),
        field(4, "storage", usually(&["\"s3\"", "\"hdfs\""], &["\"x\""])),
        field(6, "charges", Just(charge.to_owned())),
        field(4, "yarn", yarn),
        field(8, "driver", usually(&["{ cores = 2, memory = \"4g\" }"], &["{ memory = 0 }"])),
    ])
}

fn conf() -> impl Strategy<Value = String> {
    const KEYS: &[&str] = &[
        "spark.sql.files.maxPartitionBytes",
        "spark.sql.files.openCostInBytes",
        "spark.sql.files.minPartitionNum",
        "spark.sql.files.maxPartitionNum",
        "spark.sql.shuffle.partitions",
        "spark.default.parallelism",
        "spark.sql.leafNodeDefaultParallelism",
        "spark.sql.adaptive.advisoryPartitionSizeInBytes",
        "spark.sql.adaptive.coalescePartitions.initialPartitionNum",
        "spark.sql.adaptive.coalescePartitions.minPartitionSize",
        "spark.sql.adaptive.coalescePartitions.minPartitionNum",
        "spark.cores.max",
        "spark.buffer.pageSize",
        "spark.executor.pyspark.memory",
        "spark.executor.minMemoryOverhead",
        "spark.sql.sources.parallelPartitionDiscovery.threshold",
        "spark.sql.sources.parallelPartitionDiscovery.parallelism",
        "spark.unknown.thing",
    ];
    const SHARES: &[&str] = &[
        "spark.memory.fraction",
        "spark.memory.storageFraction",
        "spark.executor.memoryOverheadFactor",
        "spark.kubernetes.memoryOverheadFactor",
    ];
    const SWITCHES: &[&str] = &[
        "spark.sql.adaptive.enabled",
        "spark.sql.adaptive.coalescePartitions.enabled",
        "spark.sql.adaptive.coalescePartitions.parallelismFirst",
    ];
    let numbers = number(&["1", "2", "20", "200", "1000", "4194304", "134217728"]);
    let shares = usually(&["0.1", "0.5", "0.6", "0.9"], &["0", "1", "-1", "\"NaN\"", "1e308"]);
    let one = prop_oneof![
        8 => (select(KEYS), numbers),
        2 => (select(SHARES), shares),
        2 => (select(SWITCHES), usually(&["true", "false", "\"TRUE\""], &["\"x\"", "1"])),
        1 => (Just("spark.task.cpus"), usually(&["1", "2"], &["0", "5000"])),
        1 => (Just("spark.scheduler.mode"), usually(&["\"FAIR\"", "\"fifo\""], &["\"x\""])),
    ];
    proptest::collection::vec(one, 0..5).prop_map(|settings| {
        let settings: BTreeMap<&str, String> = settings.into_iter().collect();
        let lines: Vec<String> = settings.iter().map(|it| format!("{} = {}", it.0, it.1)).collect();
        lines.join("\n")
    })
}

fn tables() -> impl Strategy<Value = String> {
    let formats = &["\"csv\"", "\"json\"", "\"parquet\"", "\"orc\"", "\"text\"", "\"avro\""];
    let format = move || field(1, "format", usually(formats, &["\"xml\"", "\"delta\"", "\"x\""]));
    let more = || {
        vec![
            format(),
            field(6, "expansion", usually(&["0.5", "3", "20.5"], &["0.01", "1000", "1001"])),
            field(6, "suffix", usually(&["\".gz\"", "\".bz2\"", "\"\""], &["\"é/\""])),
            field(9, "codec", usually(&["\"none\"", "\"zstd\"", "\"gzip\""], &["\"x\""])),
            field(9, "options", usually(&["{ multiLine = true }"], &["{ x = 1 }"])),
        ]
    };
    let with = |first: Vec<BoxedStrategy<Option<String>>>| {
        table(first.into_iter().chain(more()).collect())
    };
    let described = with(vec![
        field(1, "size", size()),
        field(2, "files", number(&["1", "7", "100", "5000"])),
        field(5, "spread", usually(&["0.0", "0.5", "2"], &["5.0", "6.0"])),
    ]);
    let counted = with(vec![
        field(1, "file_size", size()),
        field(1, "files", number(&["1", "7", "100", "5000"])),
    ]);
    let folders = &["\"data\"", "\"delta\"", "\"mixed\""];
    let path = usually(folders, &["\"huge\"", "\"empty\"", "\"none\"", "\"s3://b/t\""]);
    let read = path.prop_map(|it| format!("{{ path = {it} }}"));
    let listed = usually(&["{ listing = \"listing.txt\" }"], &["{ listing = \"none\" }", "{ }"]);
    prop_oneof![6 => described, 3 => counted, 1 => read, 1 => listed]
}

fn step() -> impl Strategy<Value = String> {
    let count = || number(&["1", "7", "200", "3000"]);
    let keeps = || field(2, "keeps", share());
    prop_oneof![
        8 => table(vec![field(1, "filter", Just("\"a > 0\"".to_owned())), keeps()]),
        8 => table(vec![field(1, "project", columns()), keeps()]),
        8 => table(vec![field(1, "aggregate", columns()), keeps()]),
        8 => table(vec![field(1, "sort", columns())]),
        8 => table(vec![field(1, "repartition", count()), field(2, "by", columns())]),
        8 => table(vec![field(1, "repartition_by", columns())]),
        8 => table(vec![field(1, "coalesce", count())]),
        1 => usually(&["{ read = \"t0\" }"], &["{ }", "{ nothing = 1 }"]),
    ]
}

fn job(index: usize) -> impl Strategy<Value = String> {
    let read = table(vec![
        field(1, "read", usually(&["\"t0\"", "\"t1\""], &["\"t2\"", "\"\""])),
        field(4, "columns", share()),
        field(30, "partitions", usually(&["[\"day=1\"]", "[]"], &["[\"day\"]"])),
    ]);
    let write = table(vec![
        field(1, "write", Just("\"out\"".to_owned())),
        field(2, "format", usually(&["\"parquet\"", "\"orc\"", "\"csv\""], &["\"x\""])),
        field(9, "codec", usually(&["\"zstd\"", "\"gzip\""], &["\"x\""])),
        field(3, "partition_by", columns()),
        field(3, "values", number(&["1", "30", "1000"])),
    ]);
    let pace = table(vec![field(1, "bytes", size()), field(1, "takes", span())]);
    let after = usually(&["[]", "[\"j0\"]"], &["[\"j1\"]", "[\"j9\"]"]);
    let extra = (
        field(6, "pool", usually(&["\"default\""], &["\"etl\"", "\"x\""])),
        field(5, "at", span()),
        field(if index == 0 { 90 } else { 4 }, "after", after),
        field(3, "pace", pace),
    );
    let steps = (read, proptest::collection::vec(step(), 0..5), proptest::option::of(write));
    (steps, extra).prop_map(move |((read, steps, write), (pool, at, after, pace))| {
        let steps: Vec<String> = std::iter::once(read).chain(steps).chain(write).collect();
        let extra: Vec<String> = [pool, at, after, pace].into_iter().flatten().collect();
        let steps = steps.join(",\n  ");
        format!("[[jobs]]\nname = \"j{index}\"\nsteps = [{steps}]\n{}\n", extra.join("\n"))
    })
}

/// A whole scenario.
pub(super) fn scenario() -> impl Strategy<Value = String> {
    let version = prop_oneof![select(&["3.5", "4.1"][..]), Just("4.1.4")];
    let simulation = table(vec![
        field(1, "runs", usually(&["1", "2", "5"], &["30"])),
        field(3, "seed", usually(&["0", "7"], &["4294967295", "4294967296"])),
        field(3, "noise", usually(&["true", "false"], &["0"])),
        field(3, "spread", usually(&["0", "0.5"], &["3.0", "4"])),
        field(3, "stragglers", share()),
    ]);
    let pools = usually(
        &["", "", "", "[pools.etl]\nweight = 2\n", "[pools.default]\nmin_share = 3\n"],
        &["[pools.etl]\nweight = 1000000\nmin_share = 1000000\n", "[pools.etl]\nweight = 0\n"],
    );
    let jobs = (job(0), proptest::option::of(job(1)), proptest::option::of(job(2)));
    (version, cluster(), conf(), (tables(), tables()), jobs, pools, simulation).prop_map(
        |(version, cluster, conf, (one, two), (first, second, third), pools, simulation)| {
            let more = [second, third].into_iter().flatten().collect::<String>();
            format!(
                "cluster = {cluster}\nsimulation = {simulation}\nengine.spark = \"{version}\"\n\
                 tables.t0 = {one}\ntables.t1 = {two}\n\n[conf]\n{conf}\n{pools}\n{first}{more}"
            )
        },
    )
}
