"""How Spark cuts and packs a directory of files into partitions.

Sparse files of the wanted sizes are laid out in a folder of their own, a
one-column DataFrame is read from it, and the planned scan is asked for its
partitions. No byte of the files is ever read.

A local directory is listed in the order in which the file system keeps it (ext4:
by a hash of the names), and the directories of a partitioned table in the order
of a hash map; files of equal length stay in that order. So the scan is planned
twice: first with one byte a file, which shows what Spark sees and in which
order (the field `listing`), then with the sizes.
"""

import json
import os
import random
import re
import shutil
import tempfile
from urllib.parse import unquote

import spark

LIVE_CASES = 40
KIB, MIB, GIB, TIB = 1 << 10, 1 << 20, 1 << 30, 1 << 40
MOST_CHUNKS = 60_000       # of one case: keeps a case under a second or two
MOST_PARTITIONS = 1_200    # above this the answer is only their number
MOST_SPLITS = 400          # above this the cuts are left out

MAX = "spark.sql.files.maxPartitionBytes"
OPEN = "spark.sql.files.openCostInBytes"
MIN_NUM = "spark.sql.files.minPartitionNum"
MAX_NUM = "spark.sql.files.maxPartitionNum"
LEAVES = "spark.sql.leafNodeDefaultParallelism"
ORDER = {MAX: str(GIB), OPEN: "0", MIN_NUM: "1"}  # one byte a file: one partition, in listing order

CODECS = [".gz", ".bz2", ".lz4", ".snappy", ".zst", ".deflate"]
UNKNOWN = [".zstd", ".xz", ".gzip", ".GZ", ".Bz2", ".gz.1", ".zip", ".Z", ".lzo"]
NAMES = {"csv": ".csv", "json": ".json", "text": ".txt"}
OPTIONS = {"csv": "multiLine", "json": "multiLine", "text": "wholetext"}
HIDDEN = ["_SUCCESS", ".part-0.crc", "_temporary/0/part-0", ".hive-staging/part-0",
          "part-0._COPYING_", "_started_17", "_metadata", "_common_metadata"]
FIELD = re.compile(r"path: (\S+), range: (\d+)-(\d+),")


def record(spark_version, seed, cases, out):
    rng = random.Random(seed)
    replay(spark_version, [{"case": i, **draw(rng), "listing": None} for i in range(cases)], out)


def replay(spark_version, rows, out):
    session = spark.session(spark_version)
    for row in rows:
        out.write(json.dumps(answer(session, row)) + "\n")


def answer(session, row):
    folder = tempfile.mkdtemp(prefix="plan-files-")
    try:
        paths = lay_out(folder, row)
        seen = listing(session, row, folder)
        places = numbered(row, paths, seen)
        for path, i in places.items():
            os.truncate(os.path.join(folder, path), row["file_sizes"][i])
        question = {**asked(row, [places[path] for path in seen]), "spark": session.version}
        return {**question, **partitions(session, row, folder, places)}
    finally:
        shutil.rmtree(folder)


def numbered(row, paths, seen):
    """Which file of the row stands at each path, in the order of listing.

    A recorded listing is repeated in whatever order this machine lists files:
    the file listed fifth then is the one listed fifth now.
    """
    own = {path: i for i, path in enumerate(paths)}
    unseen = sorted(set(paths) - set(seen))
    there = row.get("listing")
    if there is None or sorted(there) != sorted(own[path] for path in seen):
        return {path: own[path] for path in seen + unseen}
    return {**dict(zip(seen, there)), **{path: own[path] for path in unseen}}


def lay_out(folder, row):
    """Makes the files, one byte each, and returns their relative paths."""
    count = len(row["file_sizes"])
    dirs = row.get("dirs") or [""] * count
    names = row.get("names") or [f"part-{i:05d}{row['ext']}" for i in range(count)]
    paths = [os.path.join(d, n) for d, n in zip(dirs, names)]
    for path in paths:
        full = os.path.join(folder, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as file:
            file.truncate(1)
    return paths


def listing(session, row, folder):
    """The paths that Spark sees, in its order."""
    with conf(session, ORDER):
        return [path for files in ask(session, row, folder) for path, _, _ in files]


def partitions(session, row, folder, place):
    try:
        with conf(session, row["conf"]):
            bins = ask(session, row, folder)
    except Exception as error:
        return {"partitions": None, "partition_bytes": None, "splits": None,
                "error": spark.java_class(error)}
    if isinstance(bins, int):
        return {"partitions": bins, "partition_bytes": None, "splits": None}
    splits = [[[place[path], start, end - start] for path, start, end in files] for files in bins]
    short = sum(map(len, splits)) <= MOST_SPLITS
    return {"partitions": len(bins),
            "partition_bytes": [sum(length for _, _, length in files) for files in splits],
            "splits": splits if short else None}


def ask(session, row, folder):
    """Per partition its (path, start, end), or only their number where there are very many."""
    rdd = scan(read(session, row, folder)).inputRDD()
    parts = rdd.partitions()
    if len(parts) > MOST_PARTITIONS:
        return len(parts)
    text = session._jvm.org.apache.commons.lang3.ArrayUtils.toString
    return [files_of(text(part.files()), folder) for part in parts]


def files_of(text, folder):
    return [(os.path.relpath(unquote(path.split(":", 1)[1]), folder), int(start), int(end))
            for path, start, end in FIELD.findall(text)]


def read(session, row, folder):
    reader = session.read.format(row["format"]).options(**row["options"])
    if row["format"] not in ("text", "binaryFile"):
        reader = reader.schema("a int")
    return reader.load(folder)


def scan(frame):
    plan = frame._jdf.queryExecution().executedPlan()
    while plan.children().size():
        plan = plan.children().head()
    return plan


class conf:
    """Settings for the time of a question."""

    def __init__(self, session, settings):
        self.session, self.settings = session, settings

    def __enter__(self):
        for key, value in self.settings.items():
            self.session.conf.set(key, value)

    def __exit__(self, *_):
        for key in self.settings:
            self.session.conf.unset(key)


def asked(row, order):
    """The question, its fields in the order that the project's ground truth has."""
    kept = {k: row[k] for k in ("case", "format", "ext", "options", "conf") if k in row}
    kept.update(default_parallelism=2, file_sizes=row["file_sizes"])
    kept.update({k: row[k] for k in ("dirs", "names") if k in row})
    return {**kept, "listing": order} if "listing" in row else kept


# What is asked.

def draw(rng):
    format_ = rng.choice(["parquet", "parquet", "orc", "csv", "csv", "json", "text", "binaryFile"])
    ext, options = draw_suffix(rng, format_), draw_options(rng, format_)
    settings, sizes = draw_conf(rng), draw_sizes(rng)
    if rng.random() < 0.04:
        settings, sizes = draw_nothing_to_cut(rng)
    row = {"format": format_, "ext": ext, "options": options, "conf": settings,
           "default_parallelism": 2, "file_sizes": bounded(sizes, settings)}
    kind = rng.random()
    if kind < 0.25:
        row["dirs"] = draw_dirs(rng, len(sizes))
    if kind < 0.12 or kind > 0.88:
        add_unseen(rng, row)
    return row


def draw_suffix(rng, format_):
    if format_ == "parquet":
        return rng.choice([".parquet", ".snappy.parquet", ".parquet.gz", ""])
    if format_ == "orc":
        return rng.choice([".orc", ".zlib.orc", ""])
    if format_ == "binaryFile":
        return rng.choice(["", ".bin", ".jpg.gz", ".bz2"])
    codec = rng.choice([""] + [rng.choice(CODECS), rng.choice(CODECS), rng.choice(UNKNOWN)])
    return rng.choice([NAMES[format_], NAMES[format_], "", ".log"]) + codec


def draw_options(rng, format_):
    if format_ in OPTIONS and rng.random() < 0.2:
        return {OPTIONS[format_]: rng.choice(["true", "true", "false"])}
    return {}


def draw_conf(rng):
    settings = {}
    if rng.random() < 0.5:
        settings[MAX] = str(rng.choice([64 * KIB, MIB, 16 * MIB, 32 * MIB, 100 * MIB, 128 * MIB,
                                        256 * MIB, GIB, 12345678, rng.randint(MIB, GIB)]))
    if rng.random() < 0.4:
        settings[OPEN] = str(rng.choice([0, 1, MIB, 8 * MIB, 64 * MIB, rng.randint(0, 256 * MIB)]))
    if rng.random() < 0.5:
        settings[LEAVES] = str(rng.choice([1, 2, 16, 20, 64, 200, 300, 1000, rng.randint(1, 2000)]))
    if rng.random() < 0.3:
        settings[MIN_NUM] = str(rng.choice([1, 7, 50, 200, 1000, rng.randint(1, 5000)]))
    if rng.random() < 0.3:
        settings[MAX_NUM] = str(rng.choice([1, 5, 20, 64, 500, 2000, rng.randint(1, 3000)]))
    return settings


def draw_sizes(rng):
    count = rng.choice([0, 1, 1, 2, 3, 5, 8, 13, 13, 40, 40, 100, 250, 400])
    top = rng.choice([10, 100 * KIB, 3 * MIB, 100 * MIB, 300 * MIB, 2 * GIB, 20 * GIB, 2 * TIB])
    kind = rng.choice(["even", "ties", "edges", "any", "any", "log", "log", "zeros"])
    if kind == "even":
        return [rng.randint(1, top)] * count
    if kind == "ties":
        few = [rng.randint(1, top) for _ in range(3)]
        return [rng.choice(few) for _ in range(count)]
    if kind == "edges":
        few = [a + b for a in (4 * MIB, 124 * MIB, 128 * MIB, 132 * MIB, 256 * MIB) for b in (-1, 0, 1)]
        return [rng.choice(few + [0, 1]) for _ in range(count)]
    if kind == "zeros":
        return [rng.choice([0, rng.randint(0, top)]) for _ in range(count)]
    if kind == "log":
        return [int(top ** rng.random()) for _ in range(count)]
    return [rng.randint(0, top) for _ in range(count)]


def draw_nothing_to_cut(rng):
    """So little, shared by so many and opened for nothing, that a cut has no length."""
    sizes = [rng.randint(0, 3) for _ in range(rng.randint(1, 5))]
    return {OPEN: "0", MIN_NUM: str(rng.randint(10, 300))}, sizes


def bounded(sizes, settings):
    """The sizes, halved until no setting can cut them into too many chunks."""
    share = int(settings.get(MIN_NUM) or settings.get(LEAVES) or 2)
    while sum(sizes) // smallest_cut(sizes, settings, share) > MOST_CHUNKS:
        sizes = [size // 2 for size in sizes]
    return sizes


def smallest_cut(sizes, settings, share):
    open_cost = int(settings.get(OPEN, 4 * MIB))
    return max(1, min(int(settings.get(MAX, 128 * MIB)), max(open_cost, sum(sizes) // share)))


def draw_dirs(rng, count):
    key = rng.choice(["day", "k", "Region", "_k"])
    values = rng.choice([["1", "2", "3"], ["2024-01-01", "2024-01-02"], [str(i) for i in range(40)],
                         ["eu", "us", "__HIVE_DEFAULT_PARTITION__"], ["a%2Fb", "x%3Ay", "plus+"]])
    second = [""] if rng.random() < 0.6 else [f"/hour={h}" for h in range(4)]
    return [f"{key}={rng.choice(values)}{rng.choice(second)}" for _ in range(count)]


def add_unseen(rng, row):
    """Files that lie there and that Spark leaves out, after all the others."""
    count = len(row["file_sizes"])
    row["names"] = [f"part-{i:05d}{row['ext']}" for i in range(count)]
    roots = [""] + sorted(set(row.get("dirs", [])))
    extra = [os.path.join(rng.choice(roots), name) for name in rng.sample(HIDDEN, rng.randint(1, 3))]
    if "dirs" in row and count:
        extra += ["stray" + row["ext"]] * rng.randint(0, 1)
    elif rng.random() < 0.3:
        extra += ["archive/part-00000" + row["ext"]]
    if "dirs" in row or any(map(os.path.dirname, extra)):
        row["dirs"] = row.get("dirs", [""] * count) + [os.path.dirname(path) for path in extra]
    row["names"] += [os.path.basename(path) for path in extra]
    row["file_sizes"] = row["file_sizes"] + [rng.randint(1, GIB) for _ in extra]
