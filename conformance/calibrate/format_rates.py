"""From the samples of `measure_formats.py` and `measure_files.py` to one dictionary a format. Arithmetic only."""

import tables
from samples import spread

# What the name of a file says, and what Spark writes when it is not told (`spark.sql.*.compression.codec` of 3.5.9 and
# 4.1.4). Spark itself writes a bare `.parquet` or `.orc` only when it does not compress; most other writers of Parquet
# use snappy and the bare suffix, so there it means snappy.
FORMATS = {
    "parquet": {"splittable": "always", "reads": "needed-columns",
                "default_codec": {"3.5": "snappy", "4.1": "snappy"}},
    "orc": {"splittable": "always", "reads": "needed-columns", "default_codec": {"3.5": "snappy", "4.1": "zstd"}},
    "csv": {"splittable": "by-suffix", "reads": "all-columns", "default_codec": {"3.5": "none", "4.1": "none"}},
    "json": {"splittable": "by-suffix", "reads": "all-columns", "default_codec": {"3.5": "none", "4.1": "none"}},
    "text": {"splittable": "by-suffix", "reads": "all-columns", "default_codec": {"3.5": "none", "4.1": "none"}},
    "binaryFile": {"splittable": "never", "reads": "all-columns", "default_codec": {"3.5": "none", "4.1": "none"}},
}
SUFFIXES = {
    ("parquet", "none"): [], ("parquet", "snappy"): [".snappy.parquet", ".parquet"],
    ("parquet", "zstd"): [".zstd.parquet"], ("parquet", "gzip"): [".gz.parquet"],
    ("parquet", "lz4"): [".lz4raw.parquet", ".lz4hadoop.parquet"],
    ("orc", "none"): [".orc"], ("orc", "snappy"): [".snappy.orc"], ("orc", "zlib"): [".zlib.orc"],
    ("orc", "zstd"): [".zstd.orc"],
}
TEXT_SUFFIXES = {"none": [], "gzip": [".gz"], "bzip2": [".bz2"]}


def suffixes(format_, codec):
    return SUFFIXES.get((format_, codec), TEXT_SUFFIXES.get(codec, []))


def cpu(run):
    """CPU seconds of all stages of one repeat."""
    return sum(stage["cpu_seconds"] for stage in run)


def row_bytes(found, table):
    """The size of the table's rows in Spark's row form: the `data size` of shuffling them."""
    return found["runs"][f"row|{table}"][0][0]["data_size_bytes"]


def decoding(found, codec, table):
    return [cpu(run) for run in found["runs"].get(f"decode|{codec}|{table}", [])]


def encoding(found, codec, table):
    """The write's CPU less that of reading the same rows and throwing them away, in the same round."""
    pairs = zip(found["runs"].get(f"encode|{codec}|{table}", []), found["runs"].get(f"base|{codec}|{table}", []))
    return [cpu(write) - cpu(base) for write, base in pairs]


def rate(found, codec, seconds, size):
    """Bytes per CPU second: median over the typical table, interval over all tables' repeats."""
    samples = {table: [size(table) / one for one in seconds(found, codec, table) if one > 0]
               for table in tables.SCALE_OF}
    return spread(samples[tables.TYPICAL], [one for values in samples.values() for one in values])


def codec_rates(found, format_, codec):
    """One [[codec]] of a format's file."""
    runs, sizes = found["runs"], found["file_bytes"]

    def file_size(table):
        return sizes[f"{codec}|{table}"]

    row = {"name": codec, "suffixes": suffixes(format_, codec), "splittable": splittable(format_, codec),
           "decode_bytes_per_second": rate(found, codec, decoding, file_size),
           "decode_row_bytes_per_second": rate(found, codec, decoding, lambda table: row_bytes(found, table))}
    pruned = f"pruned|{codec}|{tables.TYPICAL}"
    if pruned in runs:
        row["pruned_decode_bytes_per_second"] = spread([sizes[pruned] / cpu(run) for run in runs[pruned]])
    if encoding(found, codec, tables.TYPICAL):
        row["encode_bytes_per_second"] = rate(found, codec, encoding, file_size)
        row["encode_row_bytes_per_second"] = rate(found, codec, encoding, lambda table: row_bytes(found, table))
    row["row_bytes_per_file_byte"] = expansion(found, codec)
    return row


def splittable(format_, codec):
    return format_ in ("parquet", "orc") or (format_ != "binaryFile" and codec in ("none", "bzip2"))


def expansion(found, codec):
    """Row bytes per file byte: the typical table's, and the least and most over the tables."""
    ratios = {table: row_bytes(found, table) / found["file_bytes"][f"{codec}|{table}"]
              for table in tables.SCALE_OF if f"{codec}|{table}" in found["file_bytes"]}
    return {"typical": ratios[tables.TYPICAL], "low": min(ratios.values()), "high": max(ratios.values())}


def open_seconds(files, format_):
    """CPU seconds that one more small file costs the task that reads it."""
    counts = sorted(int(label.split("|")[2]) for label in files["runs"] if label.startswith(f"open|{format_}|"))
    few, many = (files["runs"][f"open|{format_}|{count}"] for count in (counts[0], counts[-1]))
    return spread([(cpu(more) - cpu(less)) / (counts[-1] - counts[0]) for less, more in zip(few, many)])


def one_format(name, found, files):
    """(top keys, [codecs]) of a format's file."""
    top = {"name": name, **FORMATS[name], "open_seconds_per_file": open_seconds(files, name)}
    decoded = [label.split("|")[1] for label in found["runs"] if label.startswith("decode|")]
    return top, [codec_rates(found, name, codec) for codec in dict.fromkeys(decoded)]
