#!/usr/bin/env python3
"""Prints how much the tasks of one stage differ for no reason that their bytes explain, from real event logs.

    noise.py FILE...          a log file (plain, .gz, .zstd) or a rolling log's folder; a table, then the summary
    noise.py --json FILE...   the summary alone

Within a stage: the task's run time is divided by bytes^slope (the stage's own least-squares slope of log time on log
bytes, between 0 and 1), then by the stage's median. Sigma is the robust standard deviation of the natural logarithm
of what is left (half the 16th-to-84th percentile range), so that stragglers do not inflate it; a straggler is a task
above three times the median. Must not look at more than successful tasks, and must not import pyspark.
"""

import json
import math
import os
import statistics
import sys

import eventlog
from samples import percentile, slope, spread

MIN_TASKS = 16
# Run times are recorded in whole milliseconds: shorter stages are mostly rounding.
MIN_MEDIAN_SECONDS = 0.05
STRAGGLER = 3.0


def stages(path):
    """{(stage, attempt): [task facts]} of the tasks that were not an executor's first."""
    found, first_finish = {}, {}
    events = list(eventlog.successful_tasks(path))
    for event in events:
        info = event["Task Info"]
        executor = info["Executor ID"]
        first_finish[executor] = min(info["Finish Time"], first_finish.get(executor, math.inf))
    for event in events:
        if not cold(event["Task Info"], first_finish):
            key = (event["Stage ID"], event.get("Stage Attempt ID", 0))
            found.setdefault(key, []).append(eventlog.task_facts(event))
    return found


def cold(info, first_finish):
    """Launched before anything had finished on its executor: it also loads classes, and is modelled apart."""
    return info["Launch Time"] < first_finish[info["Executor ID"]]


def distinct(paths):
    """One log for each application: the same one may be there twice in two layouts."""
    seen = {}
    for path in paths:
        starts = (e for e in eventlog.events(path) if e.get("Event") == "SparkListenerApplicationStart")
        start = next(starts, {})
        seen.setdefault(start.get("App ID") or path, path)
    return list(seen.values())


def worked_bytes(task):
    """What a task had to work through; one byte if nothing was counted."""
    return max(1, task["input_bytes"] + task["shuffle_read_bytes"])


def residuals(tasks):
    """Each task's time over what its bytes explain, with median one."""
    points = [(math.log(worked_bytes(t)), math.log(max(t["run_seconds"], 1e-3))) for t in tasks]
    steep = 0.0
    if len({round(x, 6) for x, _ in points}) > 1:
        steep = min(1.0, max(0.0, slope(points)))
    left = [y - steep * x for x, y in points]
    middle = statistics.median(left)
    return [math.exp(value - middle) for value in left]


def sigma(ratios):
    logs = [math.log(r) for r in ratios]
    return (percentile(logs, 0.84) - percentile(logs, 0.16)) / 2


def overhead(task):
    """Seconds of a task's life on its executor that are neither its work nor sending back a large result."""
    return max(0.0, task["wall_seconds"] - task["run_seconds"])


def of_file(path):
    """The facts of every usable stage of one log, and the overheads of its tasks."""
    rows, overheads = [], []
    for (stage, _), tasks in sorted(stages(path).items()):
        overheads += [overhead(t) for t in tasks if not t["getting_result"]]
        median = statistics.median(t["run_seconds"] for t in tasks)
        if len(tasks) < MIN_TASKS or median < MIN_MEDIAN_SECONDS:
            continue
        ratios = residuals(tasks)
        rows.append({"stage": stage, "tasks": len(tasks), "median_seconds": median, "sigma": sigma(ratios),
                     "stragglers": [r for r in ratios if r > STRAGGLER]})
    return rows, overheads


def share(rows):
    return sum(len(row["stragglers"]) for row in rows) / sum(row["tasks"] for row in rows)


def summary(paths, show=lambda line: None):
    """The numbers of `models/noise.toml` from these logs."""
    logs, overheads = {}, []
    for path in distinct(paths):
        rows, more = of_file(path)
        overheads += more
        name = os.path.basename(path.rstrip("/"))
        if rows:
            logs[name] = rows
        for row in rows:
            show(f"{name[:44]:44} stage {row['stage']:4} tasks {row['tasks']:6} median {row['median_seconds']:8.3f} s"
                 f"  sigma {row['sigma']:.3f}  stragglers {len(row['stragglers'])}")
    rows = [row for of_log in logs.values() for row in of_log]
    if not rows:
        raise SystemExit("noise.py: no stage with enough tasks in these logs")
    slow = [ratio for row in rows for ratio in row["stragglers"]]
    shares = spread([share(of_log) for of_log in logs.values()])
    return {
        "logs": list(logs), "stages": len(rows), "tasks": sum(row["tasks"] for row in rows),
        "sigma": spread([row["sigma"] for row in rows]),
        "straggler_share": {**shares, "typical": share(rows), "high": max(shares["high"], share(rows))},
        "straggler_factor": spread(slow or [STRAGGLER]),
        "task_overhead_seconds": spread(overheads),
    }


def main(words):
    quiet = words[:1] == ["--json"]
    paths = words[1:] if quiet else words
    if not paths:
        raise SystemExit("usage: noise.py [--json] FILE...")
    print(json.dumps(summary(paths, *([] if quiet else [print])), indent=2))


if __name__ == "__main__":
    main(sys.argv[1:])
