"""Asks Spark when it starts and ends each task of jobs that only sleep.

A task sleeps in the JVM for a given number of milliseconds, so that hundreds of
slots run on two physical cores and the schedule alone decides the time. Rows of
kind `schedule` hold, for one group of jobs: the cluster, the pools, how long
each task was told to sleep, and the launch, finish and executor of each task as
Spark's event log tells them, in milliseconds since the group's first submission.

Every Spark application runs several groups one after the other. Its first stage
of all is recorded as a row of its own with `cold` true; nothing else runs before
every executor is registered and warm. Half of the groups, and one more where the
number is odd, run on `local-cluster`.

This module only records. What a planner answers is judged elsewhere.
"""

import json
import os
import random
import sys
import tempfile
import threading
import time

OWN_SESSION = True
# One group on `local`, one on `local-cluster`.
LIVE_CASES = 2

GROUPS_PER_APPLICATION = 7
# A group waits a little while programs that are not ours take more of the processor.
FOREIGN_LIMIT = 0.1
QUIET_WAIT = 4  # half seconds
PARALLEL_JOBS = 4  # at most

# Small, middle, large: one of each in turn.
LOCAL_SLOTS = [[8, 24], [64, 120], [200, 300]]
# executors, cores of each, MiB of each
CLUSTERS = [[(2, 4, 640), (3, 8, 640)], [(4, 16, 640), (6, 20, 600)], [(8, 25, 600), (10, 30, 600)]]
FIFO_FAMILIES = ["uniform", "fifo", "skewed", "stages", "fifo", "skewed", "uniform"]
FAIR_FAMILIES = ["fair", "skewed", "fair", "uniform", "fair", "stages", "fair"]

# Quick compiling and a quiet collector: two cores carry every JVM of the cluster.
JAVA_OPTIONS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


# ---- what to ask ------------------------------------------------------------

# Above this share of the processors in other programs' hands, launch times are not the machine's own.
QUIET = 0.25

def draw_applications(rng, cases):
    """`cases` groups as applications: {executors, mode, pools, groups}."""
    cluster_cases = (cases + 1) // 2
    shapes = [("local", cases - cluster_cases), ("cluster", cluster_cases)]
    applications = []
    for backend, count in shapes:
        masters = draw_masters(rng, backend, sizes=3 if count > 1 else 1)
        turn = rng.randrange(2)
        while count > 0:
            groups = min(count, GROUPS_PER_APPLICATION)
            mode = ["FIFO", "FAIR"][(turn + len(applications)) % 2]
            applications.append(draw_application(rng, next(masters), mode, groups))
            count -= groups
    return applications


def draw_masters(rng, backend, sizes):
    """Endless (master, cores of each executor, MiB of an executor): all sizes before a repeat.

    A single case (the live comparison) gets a small cluster, which starts sooner.
    """
    sizes = (LOCAL_SLOTS if backend == "local" else CLUSTERS)[:sizes]
    while True:
        for choices in rng.sample(sizes, len(sizes)):
            drawn = rng.choice(choices)
            if backend == "local":
                yield f"local[{drawn}]", [drawn], 1024
            else:
                executors, cores, memory = drawn
                yield f"local-cluster[{executors},{cores},{memory}]", [cores] * executors, memory


def draw_application(rng, master, mode, groups):
    name, cores, memory = master
    slots = sum(cores)
    pools = draw_pools(rng, slots) if mode == "FAIR" else {}
    families = FAIR_FAMILIES if mode == "FAIR" else FIFO_FAMILIES
    # A short application (the live comparison) begins anywhere in the list.
    start = rng.randrange(len(families)) if groups < len(families) else 0
    drawn = [families[(start + i) % len(families)] for i in range(groups)]
    return {
        "master": name,
        "executors": cores,
        "memory": memory,
        "mode": mode,
        "pools": pools,
        "groups": [draw_group(rng, family, slots, sorted(pools)) for family in drawn],
    }


def draw_pools(rng, slots):
    weights = rng.sample([1, 2, 3, 5], 3)
    shares = rng.sample([0, slots // 8, slots // 3], 3)
    return {
        name: {"weight": weight, "min_share": share}
        for name, weight, share in zip(["alpha", "beta", "gamma"], weights, shares)
    }


def draw_group(rng, family, slots, pools):
    """A group is a list of jobs: when to submit, in which pool, what each task sleeps."""
    draw = {"uniform": draw_uniform, "skewed": draw_skewed, "stages": draw_stages}
    jobs = draw[family](rng, slots) if family in draw else draw_overlap(rng, slots)
    # More slots start together: longer sleeps keep starting a small part of a wave.
    stretch = 2.5 if slots >= 200 else 1.5 if slots > 64 else 1
    for job in jobs:
        job["stages"] = [[round(sleep * stretch) for sleep in sleeps] for sleeps in job["stages"]]
        job["pool"] = rng.choice(pools) if pools else "default"
    if family == "fair":
        # At least two pools meet.
        jobs[0]["pool"], jobs[1]["pool"] = rng.sample(pools, 2)
    return {"family": family, "jobs": jobs}


def draw_uniform(rng, slots):
    sleep = rng.randrange(2400, 4000)
    waves = rng.choice([1, 1.5, 2, 2.4, 3, 4, 5]) if sleep < 3000 else rng.choice([1, 1.6, 2, 3])
    return [{"delay": 0, "stages": [[sleep] * max(1, round(slots * waves))]}]


def draw_skewed(rng, slots):
    tasks = round(slots * rng.uniform(1, 3))
    if rng.random() < 0.5:
        sleeps = lognormal_sleeps(rng, tasks, rng.randrange(2400, 3200), rng.uniform(0.2, 0.5))
    else:
        sleeps = straggling_sleeps(rng, tasks, rng.randrange(2400, 3000))
    return [{"delay": 0, "stages": [sleeps]}]


def draw_stages(rng, slots):
    """One job of two stages: the second begins when the first has ended."""
    second = min(200, max(2, round(slots * rng.uniform(0.4, 2))))
    first = round(slots * rng.uniform(0.5, 2))
    sleeps = lambda tasks: lognormal_sleeps(rng, tasks, rng.randrange(2200, 3000), 0.2)
    return [{"delay": 0, "stages": [sleeps(first), sleeps(second)]}]


def draw_overlap(rng, slots):
    """Two to four jobs that want the slots at the same time."""
    count = rng.randrange(2, PARALLEL_JOBS + 1)
    jobs = []
    for number in range(count):
        tasks = max(2, round(slots * rng.uniform(0.3, 2.5 if number == 0 else 1.4)))
        sleeps = lognormal_sleeps(rng, tasks, rng.randrange(2200, 3600), rng.choice([0, 0.1, 0.3]))
        jobs.append({"delay": 0 if number == 0 else rng.randrange(300, 4000), "stages": [sleeps]})
    return jobs


def lognormal_sleeps(rng, tasks, median, sigma):
    return [min(12000, max(1500, round(median * rng.lognormvariate(0, sigma)))) for _ in range(tasks)]


def straggling_sleeps(rng, tasks, typical):
    """A few tasks take three to five times as long."""
    late = set(rng.sample(range(tasks), min(tasks, rng.randrange(1, 4))))
    factor = rng.uniform(3, 5)
    return [round(typical * factor) if i in late else typical for i in range(tasks)]


# ---- asking it --------------------------------------------------------------


def record(spark_version, seed, cases, out):
    """See the package: draws, runs and writes `cases` groups and the cold stages."""
    del spark_version  # the interpreter is already the right one
    case = 0
    for application in draw_applications(random.Random(seed), cases):
        for row in run_application(application):
            row["case"] = case
            case += 1
            out.write(json.dumps(row, separators=(",", ":")) + "\n")
            out.flush()


def run_application(application):
    """Rows of one Spark application, the cold stage first."""
    with tempfile.TemporaryDirectory(prefix="plan-schedule-") as folder:
        groups = [cold_group(application)] + application["groups"]
        spark = start_spark(application, folder)
        try:
            version = spark.version
            await_executors(spark, len(application["executors"]), application["master"])
            foreign = [run_alone(spark, 0, groups[0])]
            warm_up(spark, application)
            for number, group in enumerate(groups[1:], 1):
                run_group(spark, f"probe {number}", probe(application))
                foreign.append(run_alone(spark, number, group))
        finally:
            stop_spark(spark)
        events = read_events(folder)
    rows = []
    for number, group in enumerate(groups):
        head = {
            "kind": "schedule",
            "spark": version,
            "case": None,
            "master": application["master"],
            "mode": application["mode"],
            "pools": application["pools"],
            "executors": application["executors"],
            "family": group["family"],
        }
        answer = group_answer(events, number, group)
        conditions = {"foreign_cpu": foreign[number], "launch_probe_ms": probed(events, number)}
        if (foreign[number] or 0) > QUIET and not raised():
            conditions["disturbed"] = True
        rows.append({**head, **answer, "cold": number == 0, **conditions})
    return rows


def raised():
    """Whether the kernel puts this session's programs before those of others."""
    try:
        with open("/proc/self/autogroup") as file:
            return int(file.read().rsplit(" ", 1)[1]) < 0
    except (OSError, ValueError, IndexError):
        return False


def cold_group(application):
    slots = sum(application["executors"])
    return {"family": "uniform", "jobs": [{"delay": 0, "pool": "default", "stages": [[2000] * slots]}]}


def probe(application):
    """A task that does nothing on every slot: what launching costs the machine just now."""
    slots = sum(application["executors"])
    return {"jobs": [{"delay": 0, "pool": "default", "stages": [[1] * slots]}]}


def probed(events, number):
    """Submission to last finish of the probe before a group; none before the cold stage."""
    if number == 0:
        return None
    stage = events["jobs"][f"probe {number}/0"]["stages"][0]
    last = max(info["Finish Time"] for info in events["tasks"][stage])
    return last - events["submitted"][stage]


def start_spark(application, folder):
    from pyspark.sql import SparkSession

    settings = {
        "spark.app.name": "plan-schedule",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "2g",
        "spark.driver.extraJavaOptions": JAVA_OPTIONS,
        "spark.executor.extraJavaOptions": JAVA_OPTIONS,
        "spark.executor.memory": f"{application['memory']}m",
        "spark.local.dir": folder,
        "spark.locality.wait": "0",
        "spark.executor.heartbeatInterval": "60s",
        "spark.scheduler.mode": application["mode"],
        "spark.sql.adaptive.enabled": "false",
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": f"file://{folder}",
        "spark.eventLog.rolling.enabled": "false",
        "spark.eventLog.compress": "false",
    }
    if application["pools"]:
        settings["spark.scheduler.allocation.file"] = write_pools(application["pools"], folder)
    builder = SparkSession.builder.master(application["master"])
    for key, value in settings.items():
        builder = builder.config(key, value)
    # The launcher of the JVM inherits file descriptor 1; rows may be going there.
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        spark = builder.getOrCreate()
    finally:
        os.dup2(kept, 1)
        os.close(kept)
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def write_pools(pools, folder):
    path = os.path.join(folder, "pools.xml")
    with open(path, "w", encoding="utf-8") as out:
        out.write("<allocations>\n")
        for name, pool in pools.items():
            out.write(
                f'<pool name="{name}"><schedulingMode>FIFO</schedulingMode>'
                f"<weight>{pool['weight']}</weight><minShare>{pool['min_share']}</minShare></pool>\n"
            )
        out.write("</allocations>\n")
    return "file://" + path


def await_executors(spark, executors, master):
    """Waits until every executor has registered (the driver counts as one more)."""
    if master.startswith("local["):
        return
    status = spark.sparkContext._jsc.sc()
    deadline = time.monotonic() + 300
    while status.getExecutorMemoryStatus().size() < executors + 1:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{master}: not every executor came up in 300 s")
        time.sleep(0.1)


def warm_up(spark, application):
    """Stages on every slot until class loading and most of the compiling are over."""
    slots = sum(application["executors"])
    pool = {"delay": 0, "pool": "default"}
    once = {**pool, "stages": [[400] * slots]}
    many = {**pool, "stages": [[1] * min(1500, max(400, 4 * slots))]}
    pair = {**pool, "stages": [[100] * slots, [100] * min(slots, 200)]}
    for jobs in ([once], [many], [pair, once]):
        run_group(spark, "warm", {"jobs": jobs})


def run_alone(spark, number, group):
    """Runs a group when the machine is quiet, if it soon is; says how much others took of it.

    The times are those of an idle machine only if it was one: rows carry the share.
    """
    await_quiet()
    before = processor_time()
    run_group(spark, number, group)
    return foreign_share(before, processor_time())


def await_quiet():
    """Waits, for a while, until the processor is mostly idle; always for half a second."""
    for _ in range(QUIET_WAIT):
        before = processor_time()
        time.sleep(0.5)
        share = foreign_share(before, processor_time())
        if share is None or share <= FOREIGN_LIMIT:
            return


def processor_time():
    """(all, busy, ours) in ticks so far, or nothing without /proc."""
    try:
        with open("/proc/stat", encoding="ascii") as stat:
            user, nice, system, idle, wait, *_ = map(int, stat.readline().split()[1:])
        return user + nice + system + idle + wait, user + nice + system, own_time()
    except OSError:
        return None


def own_time():
    """Ticks used by this process and everything below it."""
    parents, ticks = {}, {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as stat:
                fields = stat.read().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(name)] = int(fields[1])
        ticks[int(name)] = int(fields[11]) + int(fields[12])
    return sum(spent for pid, spent in ticks.items() if is_below(pid, parents))


def is_below(pid, parents):
    while pid in parents and pid != os.getpid():
        pid = parents[pid]
    return pid == os.getpid()


def foreign_share(before, after):
    """The part of the processor that others took in between."""
    if before is None or after is None or after[0] == before[0]:
        return None
    everyone, ours = after[1] - before[1], after[2] - before[2]
    return round(max(0, everyone - ours) / (after[0] - before[0]), 3)


def stop_spark(spark):
    """Stops the application and its JVM: the next application begins in a new one."""
    from pyspark import SparkContext

    spark.stop()
    gateway = SparkContext._gateway
    SparkContext._gateway = None
    SparkContext._jvm = None
    gateway.shutdown()
    process = getattr(gateway, "proc", None)
    if process is not None:
        process.stdin.close()
        process.wait(timeout=60)


def run_group(spark, number, group):
    """Submits the group's jobs from one thread each, at their delays; returns when all end."""
    failures = []
    start = time.monotonic() + 0.2
    threads = [
        threading.Thread(target=run_job, args=(spark, f"{number}/{index}", job, start, failures))
        for index, job in enumerate(group["jobs"])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def run_job(spark, label, job, start, failures):
    """One job from this thread. Spark's pool and label are properties of the JVM thread."""
    try:
        context = spark.sparkContext
        context.setLocalProperty("spark.scheduler.pool", job["pool"])
        context.setLocalProperty("spark.job.description", label)
        frame = sleeping(spark, job["stages"])
        time.sleep(max(0, start + job["delay"] / 1000 - time.monotonic()))
        frame.write.format("noop").mode("overwrite").save()
    except Exception as failure:  # noqa: BLE001 - handed to the thread that waits
        failures.append(failure)


def sleeping(spark, stages):
    """A query whose stage `i` has one task for each of `stages[i]`, which sleeps so long, once.

    One row a task; the sleep is not deterministic to Spark, so it is neither
    dropped nor doubled. The second stage gets its rows from the first stage's
    task 0, dealt one to each of its tasks.
    """
    first = stages[0]
    frame = spark.sql(
        f"SELECT id, {sleep_call(first, 'CAST(id + 1 AS INT)')} AS slept "
        f"FROM range(0, {len(first)}, 1, {len(first)})"
    )
    if len(stages) == 2:
        second = stages[1]
        deal = f"IF(id = 0 AND slept IS NOT NULL, sequence(0, {len(second) - 1}), array())"
        frame = (
            frame.selectExpr(f"explode({deal}) AS id")
            .repartition(len(second))
            .selectExpr(f"{sleep_call(second, 'spark_partition_id() + 1')} AS slept")
        )
    return frame


def sleep_call(sleeps, position):
    if len(set(sleeps)) == 1:
        chosen = f"{sleeps[0]}L"
    else:
        values = ", ".join(f"{sleep}L" for sleep in sleeps)
        chosen = f"element_at(array({values}), {position})"
    return f"java_method('java.lang.Thread', 'sleep', {chosen})"


# ---- what happened ----------------------------------------------------------


def read_events(folder):
    """The event log as {label: {job, submitted}}, {stage: submitted}, {stage: [task info]}."""
    names = [n for n in os.listdir(folder) if n.startswith(("local-", "app-"))]
    paths = [os.path.join(folder, n) for n in names if os.path.isfile(os.path.join(folder, n))]
    if len(paths) != 1:
        raise RuntimeError(f"expected one event log, found {names}")
    jobs, submitted, tasks = {}, {}, {}
    with open(paths[0], encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            kind = event["Event"]
            if kind == "SparkListenerJobStart":
                label = event.get("Properties", {}).get("spark.job.description", "")
                stages = sorted(info["Stage ID"] for info in event["Stage Infos"])
                jobs[label] = {"submitted": event["Submission Time"], "stages": stages}
            elif kind == "SparkListenerStageSubmitted":
                info = event["Stage Info"]
                submitted[info["Stage ID"]] = info["Submission Time"]
            elif kind == "SparkListenerTaskEnd":
                tasks.setdefault(event["Stage ID"], []).append(event["Task Info"])
    return {"jobs": jobs, "submitted": submitted, "tasks": tasks}


def group_answer(events, number, group):
    found = [events["jobs"][f"{number}/{index}"] for index in range(len(group["jobs"]))]
    origin = min(events["submitted"][job["stages"][0]] for job in found)
    order = executor_order(events)
    jobs = []
    for job, asked in zip(found, group["jobs"]):
        if len(job["stages"]) != len(asked["stages"]):
            raise RuntimeError(f"asked for {len(asked['stages'])} stages, got {len(job['stages'])}")
        stages = [
            stage_answer(events, stage, sleeps, origin, order)
            for stage, sleeps in zip(job["stages"], asked["stages"])
        ]
        jobs.append(
            {
                "submitted_ms": stages[0]["submitted_ms"],
                "requested_ms": job["submitted"] - origin,
                "pool": asked["pool"],
                "stages": stages,
            }
        )
    last = max(t for job in jobs for stage in job["stages"] for t in stage["finish_ms"])
    return {"jobs": jobs, "makespan_ms": last}


def executor_order(events):
    """Executor names to positions, by number; `driver` is the only one in local mode."""
    names = {info["Executor ID"] for tasks in events["tasks"].values() for info in tasks}
    ordered = sorted(names, key=lambda n: (not n.isdigit(), int(n) if n.isdigit() else 0))
    return {name: position for position, name in enumerate(ordered)}


def stage_answer(events, stage, sleeps, origin, order):
    tasks = sorted(events["tasks"][stage], key=lambda info: info["Index"])
    if [info["Index"] for info in tasks] != list(range(len(sleeps))):
        raise RuntimeError(f"stage {stage}: {len(tasks)} task ends for {len(sleeps)} tasks")
    short = [i for i, info in enumerate(tasks) if info["Finish Time"] - info["Launch Time"] < sleeps[i]]
    if short or any(info["Failed"] for info in tasks):
        raise RuntimeError(f"stage {stage}: tasks failed or did not sleep: {short[:5]}")
    return {
        "id": stage,
        "submitted_ms": events["submitted"][stage] - origin,
        "sleep_ms": sleeps,
        "launch_ms": [info["Launch Time"] - origin for info in tasks],
        "finish_ms": [info["Finish Time"] - origin for info in tasks],
        "executor": [order[info["Executor ID"]] for info in tasks],
    }


if __name__ == "__main__":
    record(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.stdout)
