"""Measures, on real Spark: what one more small file costs to list, to open, to write and to commit, on a local disk.

Prints one JSON object of samples. Run with PySpark's environment:
    python measure_files.py WORK_FOLDER REPEATS
"""

import json
import os
import shutil
import sys
import time

import eventlog
import session

COUNTS = [40, 400]
FORMATS = ["parquet", "orc", "csv", "json", "text", "binaryFile"]
SCHEMAS = {"text": "value string"}
ROWS_A_FILE = 20


def noop(frame):
    frame.write.format("noop").mode("overwrite").save()


def small_files(spark, path, format_, count):
    """`count` files of a few rows each."""
    rows = spark.range(0, count * ROWS_A_FILE, 1, count)
    columns = ["cast(id as string) as value"] + ([] if format_ == "text" else ["id"])
    rows.selectExpr(*columns).write.mode("overwrite").format(format_).save(path)


def measure_open(spark, work, repeats):
    """One task that reads every file: CPU seconds at each count."""
    for format_ in FORMATS:
        for count in COUNTS:
            path = os.path.join(work, f"small-{format_}-{count}")
            small_files(spark, path, "parquet" if format_ == "binaryFile" else format_, count)
            reader = spark.read
            if format_ != "binaryFile":
                reader = reader.schema(SCHEMAS.get(format_, "value string, id bigint"))
            frame = reader.format(format_).load(path).coalesce(1)
            session.repeat(spark, f"open|{format_}|{count}", repeats, lambda: noop(frame))
            shutil.rmtree(path)


def measure_listing(spark, work, repeats):
    """Seconds and driver-thread CPU seconds to list folders with more files, and with more folders."""
    samples = []
    # Far above the number of folders: the driver lists in its own thread instead of running a job.
    spark.conf.set("spark.sql.sources.parallelPartitionDiscovery.threshold", "100000")
    for folders, files in [(1, 200), (1, 4000), (50, 20), (1000, 1)]:
        path = os.path.join(work, f"list-{folders}-{files}")
        make_tree(path, folders, files)
        for number in range(repeats + 2):
            cpu, wall = session.driver_cpu_seconds(spark), time.monotonic()
            spark.read.schema("id bigint, d int").parquet(path)
            if number >= 2:
                samples.append({"folders": folders, "files": folders * files,
                                "cpu_seconds": session.driver_cpu_seconds(spark) - cpu,
                                "wall_seconds": time.monotonic() - wall})
        shutil.rmtree(path)
    return samples


def make_tree(path, folders, files):
    for folder in range(folders):
        inside = path if folders == 1 else os.path.join(path, f"d={folder}")
        os.makedirs(inside)
        for number in range(files):
            with open(os.path.join(inside, f"part-{number:05}.parquet"), "w") as out:
                out.write("x")


def measure_commit(spark, work, repeats):
    """Task CPU of writing tiny files one a task, and the driver's wall time after the job to commit them."""
    samples = []
    path = os.path.join(work, "commit")
    spark.conf.set("spark.sql.shuffle.partitions", "1")
    for count in COUNTS:
        rows = spark.range(0, count, 1, count)
        session.repeat(spark, f"commit|noop|{count}", repeats, lambda: noop(rows))
        session.repeat(spark, f"commit|parquet|{count}", repeats, lambda: rows.write.mode("overwrite").parquet(path))
        shutil.rmtree(path)
    # One task writing many files: what one more file of a dynamic partition costs.
    for count in COUNTS:
        rows = spark.range(0, count, 1, 1).selectExpr("id as value", "id as d")
        session.repeat(spark, f"files|parquet|{count}", repeats,
                       lambda: rows.write.mode("overwrite").partitionBy("d").parquet(path))
        shutil.rmtree(path)
    return samples


def commit_walls(log):
    """{label: [seconds]}: from the end of a query's last job to the end of the query, by its description."""
    ends, labels, walls, job_query, queries = {}, {}, {}, {}, {}
    for event in eventlog.events(log):
        kind = event.get("Event", "").rsplit(".", 1)[-1]
        if kind == "SparkListenerSQLExecutionStart":
            queries[event["executionId"]] = event.get("description")
        elif kind == "SparkListenerJobStart":
            query = (event.get("Properties") or {}).get("spark.sql.execution.id")
            if query is not None:
                job_query[event["Job ID"]] = int(query)
        elif kind == "SparkListenerJobEnd" and event["Job ID"] in job_query:
            ends[job_query[event["Job ID"]]] = event["Completion Time"]
        elif kind == "SparkListenerSQLExecutionEnd" and event["executionId"] in ends:
            label = queries.get(event["executionId"]) or ""
            if "#" in label:
                seconds = (event["time"] - ends[event["executionId"]]) / 1e3
                walls.setdefault(label.rsplit("#", 1)[0], []).append(seconds)
    return walls


def main(work, repeats):
    spark = session.start("calibrate files", work)
    log = session.log_path(spark, work)
    measure_open(spark, work, repeats)
    listing = measure_listing(spark, work, repeats)
    measure_commit(spark, work, max(3, repeats // 2))
    spark.stop()
    runs = session.recorded(eventlog.stages_by_description(log))
    json.dump({"runs": runs, "listing": listing, "commit_walls": commit_walls(log)}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
