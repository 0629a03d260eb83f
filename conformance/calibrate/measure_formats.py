"""Measures, on real Spark: what one format's codecs cost to decode and to encode, and how large the rows get.

Prints one JSON object: samples in seconds and bytes, no rates. Run with PySpark's environment:
    python measure_formats.py WORK_FOLDER REPEATS SOURCES_JSON FORMAT
"""

import json
import os
import shutil
import sys

import eventlog
import session
import tables

# Our name of a codec: its name in Spark's `compression` option (None: the format has no codec).
CODECS = {
    "parquet": {"none": "uncompressed", "snappy": "snappy", "zstd": "zstd", "gzip": "gzip", "lz4": "lz4_raw"},
    "orc": {"none": "uncompressed", "snappy": "snappy", "zstd": "zstd", "zlib": "zlib"},
    "csv": {"none": "none", "gzip": "gzip", "bzip2": "bzip2"},
    "json": {"none": "none", "gzip": "gzip"},
    "text": {"none": "none", "gzip": "gzip"},
    "binaryFile": {"none": None},
}
ONE_LINE = "value string"
BINARY_FILES = 24


def noop(frame):
    return lambda: frame.write.format("noop").mode("overwrite").save()


def source(spark, work, sources, format_, table):
    """The rows to be written, from where they are cheap to read: the table, or its lines of text."""
    rows = spark.read.parquet(sources[table]).coalesce(1)
    if format_ != "text":
        return rows
    lines = os.path.join(work, f"lines-{table}")
    rows.selectExpr("concat_ws('|', *) as value").write.mode("overwrite").text(lines)
    return spark.read.text(lines).coalesce(1)


def measure(spark, work, sources, repeats, format_):
    """Runs every codec and table under its label; returns {label: bytes of files}."""
    sizes = {}
    for table in sources:
        if format_ == "binaryFile":
            measure_binary(spark, work, sources[table], repeats, table, sizes)
            continue
        frame = source(spark, work, sources, format_, table)
        session.repeat(spark, f"row|{table}", 1, noop(frame.repartition(1)), warm=3)
        for codec in CODECS[format_]:
            # Several times slower than all else, and its speed hardly depends on the data: one table is enough.
            if codec != "bzip2" or table == tables.TYPICAL:
                measure_codec(spark, work, frame, repeats, (format_, codec, table), sizes)
    return sizes


def measure_codec(spark, work, frame, repeats, case, sizes):
    format_, codec, table = case
    label = f"{codec}|{table}"
    path = os.path.join(work, "case")
    slow = codec == "bzip2"
    write = {f"base|{label}": noop(frame), f"encode|{label}": writer(frame, format_, codec, path)}
    session.interleave(spark, write, 1 if slow else repeats, warm=0 if slow else 2)
    sizes[label] = folder_bytes(path)
    schema = ONE_LINE if format_ == "text" else tables.COLUMNS[table]
    back = spark.read.schema(schema).format(format_).load(path).coalesce(1)
    read = {f"decode|{label}": noop(back)}
    if table == tables.TYPICAL and format_ != "text":
        pruned = back.select(*tables.PRUNED)
        read[f"pruned|{label}"] = noop(pruned)
        sizes[f"pruned|{label}"] = pruned_bytes(pruned, work, format_, codec, sizes[label])
    session.interleave(spark, read, 2 if slow else repeats, warm=1 if slow else 2)
    shutil.rmtree(path)


def writer(frame, format_, codec, path):
    """Writes the case's file; the last one stays to be read."""
    option = CODECS[format_][codec]
    return lambda: frame.write.mode("overwrite").option("compression", option).format(format_).save(path)


def pruned_bytes(frame, work, format_, codec, whole):
    """What a pruned read has to touch: those columns' bytes in a columnar file, else the whole file."""
    if format_ not in ("parquet", "orc"):
        return whole
    path = os.path.join(work, "narrow")
    writer(frame, format_, codec, path)()
    size = folder_bytes(path)
    shutil.rmtree(path)
    return size


def measure_binary(spark, work, source_path, repeats, table, sizes):
    """A folder of files of a few MiB, cut from the source, read by one task."""
    path = os.path.join(work, "binary")
    os.makedirs(path)
    with open(source_path, "rb") as whole:
        for number in range(BINARY_FILES):
            with open(os.path.join(path, f"part-{number:03}.bin"), "wb") as part:
                part.write(whole.read(4 << 20))
    sizes[f"none|{table}"] = folder_bytes(path)
    files = spark.read.format("binaryFile").load(path).coalesce(1)
    session.repeat(spark, f"row|{table}", 1, noop(files.repartition(1)), warm=0)
    session.repeat(spark, f"decode|none|{table}", repeats, noop(files))
    shutil.rmtree(path)


def folder_bytes(path):
    """Data files only: neither checksums nor markers."""
    names = [n for n in os.listdir(path) if not n.startswith(("_", "."))]
    return sum(os.path.getsize(os.path.join(path, n)) for n in names)


def main(work, repeats, sources, format_):
    spark = session.start(f"calibrate {format_}", work)
    log = session.log_path(spark, work)
    sizes = measure(spark, work, sources, repeats, format_)
    version = spark.version
    spark.stop()
    runs = session.recorded(eventlog.stages_by_description(log))
    json.dump({"spark": version, "file_bytes": sizes, "runs": runs}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3]), sys.argv[4])
