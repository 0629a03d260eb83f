"""One quiet, single-slot Spark for measuring, with an event log to read the CPU times from."""

import os

from pyspark.sql import SparkSession

CONF = {
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "2560m",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.files.maxPartitionBytes": "8g",
    "spark.sql.files.openCostInBytes": "0",
    "spark.sql.autoBroadcastJoinThreshold": "-1",
    "spark.eventLog.enabled": "true",
    "spark.eventLog.compress": "false",
    "spark.eventLog.rolling.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


def start(name, work, **conf):
    """A `local[1]` session that writes its event log, shuffles and spills under `work`."""
    logs = os.path.join(work, "event-logs")
    os.makedirs(logs, exist_ok=True)
    builder = SparkSession.builder.master("local[1]").appName(name)
    for key, value in CONF.items() | conf.items():
        builder = builder.config(key, value)
    builder = builder.config("spark.eventLog.dir", "file://" + logs).config("spark.local.dir", work)
    session = builder.config("spark.sql.warehouse.dir", os.path.join(work, "warehouse")).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def log_path(session, work):
    """Where this session's event log will be when it has stopped."""
    return os.path.join(work, "event-logs", session.sparkContext.applicationId)


def repeat(session, label, repeats, action, warm=2):
    """Runs `action` a few times unrecorded, then `repeats` times under `label`."""
    interleave(session, {label: action}, repeats, warm)


def interleave(session, actions, repeats, warm=2):
    """Runs all `actions` ({label: action}) in rounds: each round is one repeat of everything, so that what the
    machine does meanwhile falls on all of them alike."""
    for number in range(-warm, repeats):
        for label, action in actions.items():
            session.sparkContext.setJobDescription(f"warm {label}" if number < 0 else f"{label}#{number}")
            action()
    session.sparkContext.setJobDescription(None)


def recorded(stages):
    """{label: [stages of each repeat]} from what `eventlog.stages_by_description` found."""
    found = {}
    for text, sums in stages.items():
        if text and "#" in text:
            label, number = text.rsplit("#", 1)
            found.setdefault(label, []).append((int(number), sums))
    return {label: [sums for _, sums in sorted(runs, key=lambda run: run[0])] for label, runs in found.items()}


def driver_cpu_seconds(session):
    """CPU time of the JVM thread that answers this Python thread's calls."""
    beans = session.sparkContext._jvm.java.lang.management.ManagementFactory
    return beans.getThreadMXBean().getCurrentThreadCpuTime() / 1e9
