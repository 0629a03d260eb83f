"""The smallest model of Spark's scheduler that the recordings agree with.

    schedule_model.py check FILE…   errors of both questions, on every recording
    schedule_model.py fit FILE…     constants from even cases, errors on odd cases too
    schedule_model.py write FILE…   the same, as models/scheduler.toml, to stdout

Two questions are put to each recorded group of jobs:

    measured   each task lasts as long as it really did (launch to finish)
    asked      each task is only known by how long it was told to sleep

Both are answered by list scheduling with Spark's order of task sets, and the
constants below. This is the yardstick for the simulator, not the simulator.
"""

import heapq
import json
import statistics
import sys
from collections import namedtuple

# All in milliseconds.
#   submit      stage submitted -> first task offered a slot
#   gap         a task's recorded finish -> the next launch on its slot
#   next_stage  last finish of a stage -> submission of the stage that waited for it
#   launch      the driver's and the machine's time to get one task going; one at a time
#   overhead    the rest of launch to finish that is not the task's own work
Constants = namedtuple("Constants", "submit gap next_stage launch overhead")


class TaskSet:
    """One stage's tasks, waiting in order of their index."""

    def __init__(self, job, stage, order, pool):
        self.job, self.stage, self.order, self.pool = job, stage, order, pool
        self.next = 0
        self.running = 0
        self.left = 0


class Simulation:
    """Runs one recorded group; `durations(stage)` are the tasks' own times."""

    def __init__(self, row, constants, durations, dispatch):
        self.row, self.constants = row, constants
        self.durations, self.dispatch = durations, dispatch
        self.free = list(row["executors"])
        self.sets = []
        self.events = []
        self.count = 0
        self.driver_free = 0.0
        self.end = 0.0

    def run(self):
        for index, job in enumerate(self.row["jobs"]):
            self.submit(index, 0, job["submitted_ms"])
        while self.events:
            now, _, what, payload = heapq.heappop(self.events)
            if what == "stage":
                self.sets.append(payload)
                self.offer(now, range(len(self.free)))
            elif what == "done":
                self.finish(now, *payload)
            else:
                self.free[payload] += 1
                self.offer(now, [payload])
        return self.end

    def at(self, when, what, payload):
        self.count += 1
        heapq.heappush(self.events, (when, self.count, what, payload))

    def submit(self, job, stage, when):
        recorded = self.row["jobs"][job]
        order = recorded["stages"][stage]["id"]
        tasks = TaskSet(job, stage, order, recorded["pool"])
        tasks.times = self.durations(recorded["stages"][stage])
        tasks.left = len(tasks.times)
        self.at(when + self.constants.submit, "stage", tasks)

    def offer(self, now, executors):
        """One round: task sets in an order fixed for the round, one task per executor and pass."""
        for tasks in self.sorted_sets():
            launched = True
            while launched and tasks.next < len(tasks.times):
                launched = False
                for executor in executors:
                    if self.free[executor] > 0 and tasks.next < len(tasks.times):
                        self.launch(now, tasks, executor)
                        launched = True

    def launch(self, now, tasks, executor):
        length = tasks.times[tasks.next]
        tasks.next += 1
        tasks.running += 1
        self.free[executor] -= 1
        start = now
        if self.dispatch:
            start = max(now, self.driver_free) + self.constants.launch
            self.driver_free = start
        self.at(start + length, "done", (tasks, executor))

    def finish(self, now, tasks, executor):
        tasks.running -= 1
        tasks.left -= 1
        self.end = max(self.end, now)
        self.at(now + self.constants.gap, "free", executor)
        if tasks.left == 0:
            self.sets.remove(tasks)
            if tasks.stage + 1 < len(self.row["jobs"][tasks.job]["stages"]):
                self.submit(tasks.job, tasks.stage + 1, now + self.constants.next_stage)

    def sorted_sets(self):
        waiting = sorted((s for s in self.sets if s.next < len(s.times)), key=lambda s: s.order)
        if self.row["mode"] == "FIFO" or len(waiting) < 2:
            return waiting
        running = {}
        for tasks in self.sets:
            running[tasks.pool] = running.get(tasks.pool, 0) + tasks.running
        # Inside a pool first in, first out: the sort is stable.
        return sorted(waiting, key=lambda s: fair_key(s.pool, running[s.pool], self.row["pools"]))


def fair_key(name, running, pools):
    """Pools below their minimum share first, the neediest of them; then running over weight."""
    pool = pools.get(name, {"weight": 1, "min_share": 0})
    if running < pool["min_share"]:
        return (0, running / max(pool["min_share"], 1), name)
    return (1, running / pool["weight"], name)


def recorded_times(stage):
    return [finish - launch for launch, finish in zip(stage["launch_ms"], stage["finish_ms"])]


def makespan_measured(row, constants):
    return Simulation(row, constants, recorded_times, dispatch=False).run()


def makespan_asked(row, constants):
    times = lambda stage: [sleep + constants.overhead for sleep in stage["sleep_ms"]]
    return Simulation(row, constants, times, dispatch=True).run()


# ---- errors -----------------------------------------------------------------


def read_rows(paths):
    rows = []
    for path in paths:
        with open(path, encoding="utf-8") as lines:
            rows.extend(json.loads(line) for line in lines)
    return rows


def backend(row):
    return "local" if row["master"].startswith("local[") else "cluster"


def warm(rows):
    return [row for row in rows if not row["cold"]]


def relative_errors(rows, constants_of):
    """[(case name, error measured, error asked)], signed, as a part of the recorded makespan."""
    found = []
    for row in rows:
        constants = constants_of(row)
        real = row["makespan_ms"]
        name = f"{row['spark']} {row['case']} {row['master']} {row['mode']} {row['family']}"
        found.append(
            (name, makespan_measured(row, constants) / real - 1, makespan_asked(row, constants) / real - 1)
        )
    return found


def summary(errors, which):
    sizes = [abs(error[which]) for error in errors]
    return f"mean {statistics.mean(sizes):.3%} max {max(sizes):.3%}"


# ---- constants --------------------------------------------------------------


def stages_of(row):
    return [stage for job in row["jobs"] for stage in job["stages"]]


def submit_delays(row):
    """First launch after submission, of each group's first stage: slots are free then."""
    first = row["jobs"][0]["stages"][0]
    return [min(first["launch_ms"]) - first["submitted_ms"]]


def slot_gaps(row):
    """The k-th launch of an executor with c cores follows its (k-c)-th finish."""
    stages = stages_of(row)
    if len(stages) != 1:
        return []
    stage, gaps = stages[0], []
    for executor, cores in enumerate(row["executors"]):
        mine = [i for i, e in enumerate(stage["executor"]) if e == executor]
        launches = sorted(stage["launch_ms"][i] for i in mine)
        finishes = sorted(stage["finish_ms"][i] for i in mine)
        gaps += [launches[k] - finishes[k - cores] for k in range(cores, len(mine))]
    return gaps


def barrier_delays(row):
    pairs = [(a, b) for job in row["jobs"] for a, b in zip(job["stages"], job["stages"][1:])]
    return [b["submitted_ms"] - max(a["finish_ms"]) for a, b in pairs]


def first_wave(row):
    """Launch to finish without the sleep, ascending, of the tasks of a group's first launches."""
    stage = row["jobs"][0]["stages"][0]
    slots = min(sum(row["executors"]), len(stage["sleep_ms"]))
    return sorted(
        stage["finish_ms"][i] - stage["launch_ms"][i] - stage["sleep_ms"][i] for i in range(slots)
    )


def offer_cost(row):
    """The driver alone: from one launch to the next while it fills free slots in one round."""
    stage = row["jobs"][0]["stages"][0]
    slots = min(sum(row["executors"]), len(stage["sleep_ms"]))
    launches = stage["launch_ms"][:slots]
    return [(max(launches) - min(launches)) / (slots - 1)] if slots >= 16 else []


def free_overhead(row):
    """The same of tasks that found the machine free: the lowest tenth of a group's tasks."""
    extra = sorted(
        finish - launch - sleep
        for stage in stages_of(row)
        for launch, finish, sleep in zip(stage["launch_ms"], stage["finish_ms"], stage["sleep_ms"])
    )
    return [extra[len(extra) // 10]]


Sample = namedtuple("Sample", "median p10 p90 count")


def sample(values):
    ordered = sorted(values)
    if not ordered:
        return None
    at = lambda part: ordered[min(len(ordered) - 1, int(part * len(ordered)))]
    return Sample(statistics.median(ordered), at(0.1), at(0.9), len(ordered))


def gather(rows, of):
    return [value for row in rows for value in of(row)]


def launch_cost(row):
    """What one task adds to its first wave: the wave's last start, less a lone task's, a task."""
    wave = first_wave(row)
    return [(wave[-1] - wave[0]) / len(wave)] if len(wave) >= 8 else []


def measure(rows):
    """Samples of each constant from the rows of one backend."""
    return {
        "submit": sample(gather(rows, submit_delays)),
        "gap": sample(gather(rows, slot_gaps)),
        "next_stage": sample(gather(rows, barrier_delays)),
        "launch": sample(gather(rows, launch_cost)),
        "overhead": sample(gather(rows, free_overhead)),
        "offer": sample(gather(rows, offer_cost)),
    }


def medians(samples):
    return Constants(*(samples[name].median if samples[name] else 0 for name in Constants._fields))


def with_best_launch(rows, constants):
    """The launch cost whose answers are nearest to the recordings, in steps of 0.25 ms."""

    def wrong(launch):
        trial = constants._replace(launch=launch)
        return statistics.mean(
            abs(makespan_asked(row, trial) / row["makespan_ms"] - 1) for row in rows
        )

    return constants._replace(launch=min((step / 4 for step in range(61)), key=wrong))


def cold_start(row, constants):
    """How much longer the first stage of an application took than a warm one."""
    return row["makespan_ms"] - makespan_asked(row, constants)


# ---- what is printed --------------------------------------------------------

# Other programs took at most this part of the processor: the times are the machine's own.
QUIET = 0.25

HEADER = """# What Spark's scheduler itself costs, beside the work of the tasks.
#
# Every field is {{ typical, low, high }} in milliseconds: the value that the model uses, and the
# 10th and 90th percentile of what was seen.
#
#   submit      a stage is submitted -> its first tasks are offered slots
#   gap         a task's recorded finish -> the next launch on its slot. Below zero: the driver
#               offers the slot first and writes down the finish after
#   next_stage  the last finish of a stage -> submission of the stage that waited for it
#   launch      to get one task going, one after the other: the n-th task of a burst starts
#               n x launch later. typical is the value with the least error of the makespan
#               of the recordings. Two cores do the executors' share of it here
#   offer       the driver's own part of launch: from one launch to the next while it fills
#               free slots. What stays serial where executors have processors of their own
#   overhead    launch to finish of a task on a free machine, less its own work
#   cold_start  how much longer the first stage of an application takes (class loading, compiling)
#
# Driver, master and executors shared one machine, with the quick compiler only and the serial
# collector ({java}). On a cluster with a network between them,
# with processors of its own for every executor, submit, gap, launch and overhead differ: launch
# and cold_start are mostly executors' work here, crowded on two cores, and are upper bounds there.
#
# foreign_cpu is the median part of the processor that other programs took while this was recorded.
# The recorder ran before them (`echo -19 > /proc/$$/autogroup` as root, in the shell that starts
# it), so that they had what it left over. Without that, above 0.25, the times are not the
# machine's own: submit, launch, overhead and cold_start are then several times too long.
source = "conformance/record schedule --version 3.5 --seed {seeds[0]} --cases 42; --version 4.1 --seed {seeds[1]} --cases 42; conformance/schedule_model.py write"
measured = "2026-11-21"
machine = "2 vCPU Intel Xeon, OpenJDK 17.0.15, Linux, shared with other programs (see foreign_cpu of the recordings)"
""".format(java="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC", seeds=(32, 3)).rstrip()


def fitted(rows):
    """Constants of each backend from the rows given: {backend: (Constants, samples)}."""
    found = {}
    for name in ("local", "cluster"):
        mine = [row for row in rows if backend(row) == name]
        if mine:
            samples = measure(mine)
            found[name] = (with_best_launch(mine, medians(samples)), samples)
    return found


def check(rows, constants):
    quiet = lambda row: row["foreign_cpu"] is not None and row["foreign_cpu"] <= QUIET
    constants_of = lambda row: constants[backend(row)][0]
    for kind, some in [
        ("quiet", [row for row in warm(rows) if quiet(row)]),
        ("busy", [row for row in warm(rows) if not quiet(row)]),
    ]:
        errors = relative_errors(some, constants_of)
        for name, measured, asked in errors:
            print(f"{kind:5} {name:58} measured {measured:+.3%} asked {asked:+.3%}")
        if errors:
            print(f"{kind}: {len(errors)} recordings")
            print(f"  measured: {summary(errors, 1)}\n  asked:    {summary(errors, 2)}")


def halves(rows):
    """Every other recording of each application, so that both halves see every cluster."""
    ordered = warm(rows)
    return ordered[0::2], ordered[1::2]


def fit(rows):
    """Constants from one half, errors on the other half and on all."""
    learn, test = halves(rows)
    constants = fitted(learn)
    for name, (values, samples) in constants.items():
        print(name)
        for field, found in samples.items():
            print(f"  {field:10} {found}")
    check(test, constants)


def write(rows):
    """The constants as models/scheduler.toml, from all rows; errors as comments."""
    print(HEADER)
    for spark in sorted({row["spark"] for row in rows}):
        mine = [row for row in rows if row["spark"] == spark]
        constants = fitted(warm(mine))
        for name, (values, samples) in constants.items():
            print(f'\n[[backend]]\nname = "{name}"\nspark = "{spark}"')
            recordings = [row for row in warm(mine) if backend(row) == name]
            print(f"recordings = {len(recordings)}")
            shares = [r["foreign_cpu"] for r in recordings if r["foreign_cpu"] is not None]
            print(f"foreign_cpu = {number(statistics.median(shares or [0]))}")
            for field, value in zip(Constants._fields, values):
                print(f"{field}_ms = {interval(value, samples[field])}")
            offer = samples["offer"]
            if offer:
                print(f"offer_ms = {interval(offer.median, offer)}")
            cold = [cold_start(r, values) for r in mine if r["cold"] and backend(r) == name]
            found = sample(cold)
            print(f"cold_start_ms = {interval(found.median, found)}  # {found.count} applications")


def interval(typical, found):
    low, high = (found.p10, found.p90) if found else (typical, typical)
    low, high = min(low, typical), max(high, typical)
    return f"{{ typical = {number(typical)}, low = {number(low)}, high = {number(high)} }}"


def number(value):
    return f"{value:.2f}".rstrip("0").rstrip(".")


COMMANDS = {"write": write, "check": lambda rows: check(rows, fitted(warm(rows))), "fit": fit}

if __name__ == "__main__":
    COMMANDS[sys.argv[1]](read_rows(sys.argv[2:]))
