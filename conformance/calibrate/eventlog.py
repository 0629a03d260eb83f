"""Reads Spark event logs, plain or compressed, whole or rolling, into plain dictionaries.

Knows the container and the few events the calibration needs; computes no rate.
Must not import pyspark: it runs in the calibration's own environment too.
"""

import gzip
import io
import json
import os


def log_parts(path):
    """The files of one log in order: the file itself, or the parts of a rolling directory."""
    if not os.path.isdir(path):
        return [path]
    names = [name for name in os.listdir(path) if not name.startswith("appstatus")]
    return [os.path.join(path, name) for name in sorted(names, key=part_order)]


def part_order(name):
    """`events_2_app` after `events_1_app`; a rolled-over dated part before the plain one still written to."""
    pieces = name.split("_")
    if pieces[0] == "events" and len(pieces) > 1 and pieces[1].isdigit():
        return (int(pieces[1]), name)
    return (0 if "-" in name else 1, name)


def open_text(path):
    """Opens one part for reading lines, whatever its compression."""
    if path.endswith(".gz"):
        return gzip.open(path, "rt", encoding="utf-8")
    if path.endswith((".zstd", ".zst")):
        import zstandard

        raw = zstandard.ZstdDecompressor().stream_reader(open(path, "rb"), read_across_frames=True)
        return io.TextIOWrapper(raw, encoding="utf-8")
    return open(path, encoding="utf-8")


def events(path):
    """Every event of a log; broken lines are skipped, a log cut short ends early."""
    for part in log_parts(path):
        try:
            with open_text(part) as lines:
                yield from parsed(lines)
        except (EOFError, OSError, UnicodeDecodeError):
            continue


def parsed(lines):
    for line in lines:
        try:
            yield json.loads(line)
        except json.JSONDecodeError:
            continue


def successful_tasks(path):
    """The TaskEnd events of tasks that succeeded and carry metrics."""
    for event in events(path):
        if event.get("Event") != "SparkListenerTaskEnd":
            continue
        if event.get("Task End Reason", {}).get("Reason") == "Success" and event.get("Task Metrics"):
            yield event


def task_facts(event):
    """One task in seconds and bytes."""
    info, metrics = event["Task Info"], event["Task Metrics"]
    read = metrics.get("Shuffle Read Metrics") or {}
    wrote = metrics.get("Shuffle Write Metrics") or {}
    return {
        "cpu_seconds": metrics.get("Executor CPU Time", 0) / 1e9,
        "run_seconds": metrics.get("Executor Run Time", 0) / 1e3,
        "gc_seconds": metrics.get("JVM GC Time", 0) / 1e3,
        "deserialize_seconds": metrics.get("Executor Deserialize Time", 0) / 1e3,
        "result_seconds": metrics.get("Result Serialization Time", 0) / 1e3,
        "wall_seconds": (info["Finish Time"] - info["Launch Time"]) / 1e3,
        "fetch_wait_seconds": read.get("Fetch Wait Time", 0) / 1e3,
        "getting_result": info.get("Getting Result Time", 0) > 0,
        "input_bytes": (metrics.get("Input Metrics") or {}).get("Bytes Read", 0),
        "output_bytes": (metrics.get("Output Metrics") or {}).get("Bytes Written", 0),
        "shuffle_read_bytes": read.get("Remote Bytes Read", 0) + read.get("Local Bytes Read", 0),
        "shuffle_write_bytes": wrote.get("Shuffle Bytes Written", 0),
        "shuffle_write_records": wrote.get("Shuffle Records Written", 0),
        "spill_memory_bytes": metrics.get("Memory Bytes Spilled", 0),
        "spill_disk_bytes": metrics.get("Disk Bytes Spilled", 0),
        "data_size_bytes": accumulated(info, "data size"),
    }


def accumulated(info, name):
    """The sum of a task's updates to the SQL metrics of that name."""
    found = (a for a in info.get("Accumulables", []) if a.get("Name") == name)
    return sum(int(a.get("Update", 0)) for a in found)


def stages_by_description(path):
    """{job description: [stage sums, in stage order]} for logs in which every job was described."""
    described, sums = {}, {}
    for event in events(path):
        if event.get("Event") == "SparkListenerStageSubmitted":
            text = (event.get("Properties") or {}).get("spark.job.description")
            described[event["Stage Info"]["Stage ID"]] = text
        elif event.get("Event") == "SparkListenerTaskEnd" and event.get("Task Metrics"):
            add(sums.setdefault(event["Stage ID"], {"tasks": 0}), task_facts(event))
    grouped = {}
    for stage in sorted(sums):
        grouped.setdefault(described.get(stage), []).append(sums[stage])
    return grouped


def add(total, facts):
    total["tasks"] += 1
    for key, value in facts.items():
        total[key] = total.get(key, 0) + value
