"""From the samples of `measure_operators.py` and `measure_files.py` to the contents of `operators.toml`."""

import statistics

from samples import spread

GIB = 1 << 30
WHAT = {
    "filter": "one comparison over two bigint columns; every row is kept",
    "project": "the row made anew with one more bigint column, by integer arithmetic",
    "project_double": "the row made anew with one more double column, by arithmetic on a decimal and an int",
    "project_decimal": "the row made anew with one more decimal column, by decimal arithmetic",
    "project_text": "the row made anew with one more text column, by upper, substring and concat",
    "sort": "sort by one bigint in random order, without spilling",
    "sort_text": "sort by one text column in random order, without spilling",
    "aggregate_few_groups": "partial hash aggregation of four columns into 4 groups",
    "aggregate_many_groups": "partial hash aggregation of four columns into a group for every 4 rows",
    "join_hash_probe": "probe of a broadcast hash table with one match for each row",
    "join_merge": "merge of two sorted sides with one match for each row of the larger",
}
# What each is compared with, and whether the row bytes are that baseline's.
BASELINE = {"aggregate_few_groups": "halves_few", "aggregate_many_groups": "halves_many", "join_merge": "sort"}


def stage(runs, label, place):
    return [run[place] for run in runs[label]]


def shuffled(run):
    """The stage of a repeat that wrote the rows."""
    return max(run, key=lambda one: one["data_size_bytes"])


def row(name, what, seconds, stages):
    """One [[operator]]: CPU seconds against the bytes and rows that entered."""
    size, rows = stages[0]["data_size_bytes"], stages[0]["shuffle_write_records"]
    return {"name": name, "what": what, "rows_measured": rows, "row_bytes_measured": size / rows,
            "seconds_per_gib": spread([max(0.0, s) / size * GIB for s in seconds]),
            "nanoseconds_per_row": spread([max(0.0, s) / rows * 1e9 for s in seconds])}


def less(runs, label, place, baseline, baseline_place):
    """A stage's CPU seconds less the baseline's of the same round."""
    pairs = zip(stage(runs, label, place), stage(runs, baseline, baseline_place))
    return [one["cpu_seconds"] - other["cpu_seconds"] for one, other in pairs]


def operators(runs):
    found = []
    for name, what in WHAT.items():
        baseline = BASELINE.get(name, "moved")
        place = 1 if name.startswith("aggregate") else -1
        seconds = less(runs, name, place, baseline, -1)
        found.append(row(name, what, seconds, [shuffled(run) for run in runs[baseline]]))
    return found


def shuffles(runs):
    written = {name: stage(runs, name, 0) for name in ("moved", "shuffle_100", "shuffle_1000")}
    writes = [
        ("shuffle_write", "shuffle_100", "hash, serialise, compress (lz4) and write rows to 100 partitions"),
        ("shuffle_write_wide", "shuffle_1000", "the same to 1000 partitions, by the sorting writer"),
    ]
    found = [row(name, what, less(runs, label, 0, "scan", 0), written[label]) for name, label, what in writes]
    read = [one["cpu_seconds"] for one in stage(runs, "moved", -1)]
    found.append(row("shuffle_read", "read, decompress and hand on the rows of one large local block", read,
                     written["moved"]))
    return found


def shuffle_ratio(runs):
    samples = [one["shuffle_write_bytes"] / one["data_size_bytes"]
               for name in ("shuffle_100", "shuffle_1000") for one in stage(runs, name, 0)]
    return {"file_bytes_per_row_byte": spread(samples)}


def task_overhead(runs):
    """CPU seconds of one more task that has next to nothing to do."""
    pairs = zip(stage(runs, "shuffle_1000", -1), stage(runs, "shuffle_100", -1))
    samples = [(many["cpu_seconds"] - few["cpu_seconds"]) / (many["tasks"] - few["tasks"]) for many, few in pairs]
    return {"cpu_seconds_per_task": spread(samples)}


def spill(runs, unspilled):
    """Writing and reading back: the CPU of a spilling sort less that of the same sort that had room."""
    calm = statistics.median(less(unspilled, "sort", -1, "moved", -1))
    sorts = stage(runs, "sort", -1)
    memory = statistics.median(one["spill_memory_bytes"] for one in sorts)
    disk = statistics.median(one["spill_disk_bytes"] for one in sorts)
    if not disk:
        raise SystemExit("the spilling sort did not spill: use more rows")
    extra = [max(0.0, s - calm) for s in less(runs, "sort", -1, "moved", -1)]
    return {"seconds_per_gib": spread([one / memory * GIB for one in extra]),
            "disk_bytes_per_spilled_byte": disk / memory}


def listing(samples):
    """Driver CPU seconds for one more file and for one more folder."""
    def costs(folders, files):
        return [s["cpu_seconds"] for s in samples if (s["folders"], s["files"]) == (folders, files)]

    file_pairs = zip(costs(1, 200), costs(1, 4000))
    folder_pairs = zip(costs(50, 1000), costs(1000, 1000))
    return {"cpu_seconds_per_file": spread([(more - few) / 3800 for few, more in file_pairs]),
            "cpu_seconds_per_folder": spread([(more - few) / 950 for few, more in folder_pairs])}


def write(files):
    """One more file in a task that writes many; one more task that writes one; the driver's commit of each."""
    runs, walls = files["runs"], files["commit_walls"]
    few, many = sorted(int(label.split("|")[2]) for label in runs if label.startswith("files|parquet|"))

    def slopes(label, pick):
        pairs = zip(pick(f"{label}|{few}"), pick(f"{label}|{many}"))
        return [max(0.0, more - less) / (many - few) for less, more in pairs]

    def task_cpu(label):
        return [sum(one["cpu_seconds"] for one in run) for run in runs[label]]

    return {"cpu_seconds_per_file": spread(slopes("files|parquet", task_cpu)),
            "cpu_seconds_per_task": spread(slopes("commit|parquet", task_cpu)),
            "commit_seconds_per_file": spread(slopes("commit|parquet", lambda label: walls[label]))}


def contents(found, spilled, files):
    """(arrays, tables) of the file."""
    runs = found["runs"]
    arrays = [("operator", operators(runs) + shuffles(runs))]
    return arrays, [("shuffle", shuffle_ratio(runs)), ("spill", spill(spilled["runs"], runs)),
                    ("task", task_overhead(runs)), ("listing", listing(files["listing"])), ("write", write(files))]
