"""The one Spark session of a recording process, and small ways to talk to it.

Local mode, no web page, no settings of the machine or of the user, G1: what it
answers depends on the Spark version alone. It must not choose questions; that
is what `families/` is for.
"""

import atexit
import os
import shutil
import sys
import tempfile

LAUNCH = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.driver.extraJavaOptions": "-XX:+UseG1GC",
    "spark.sql.shuffle.partitions": "2",
    "spark.eventLog.enabled": "false",
}

_session = None


def session(version, master="local[2]", conf=None):
    """The session of this process, started at the first call.

    `master` and `conf` count only then; ask for a session of your own in a
    process of your own when they matter.
    """
    global _session
    if _session is None:
        _session = _start(master, {**LAUNCH, **(conf or {})})
        if not _session.version.startswith(version + "."):
            raise SystemExit(f"asked for Spark {version}, this is {_session.version}")
    return _session


def stop():
    """Ends the session of this process, if there is one."""
    global _session
    if _session is not None:
        _session.stop()
        _session = None


def isolate():
    """Keeps settings of the machine and of the user out of the JVM to come."""
    for name in ("SPARK_HOME", "HADOOP_CONF_DIR", "YARN_CONF_DIR", "PYSPARK_SUBMIT_ARGS"):
        os.environ.pop(name, None)
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    empty = tempfile.mkdtemp(prefix="plan-spark-conf-")
    atexit.register(shutil.rmtree, empty, ignore_errors=True)
    os.environ["SPARK_CONF_DIR"] = empty
    os.environ["PYSPARK_PYTHON"] = sys.executable


def java_class(error):
    """The Java class of what Spark threw, whichever way PySpark wraps it."""
    origin = _origin(error)
    if origin is None:
        raise error
    return origin.getClass().getName()


def condition(error):
    """The name of the error condition (INVALID_DRIVER_MEMORY, ...) or None."""
    origin = _origin(error)
    for getter in ("getCondition", "getErrorClass"):
        try:
            return getattr(origin, getter)()
        except Exception:  # this Spark, or this class, has no such method
            continue
    return None


def _origin(error):
    return getattr(error, "java_exception", None) or getattr(error, "_origin", None)


def _start(master, conf):
    isolate()
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master).appName("plan-conformance")
    for key, value in conf.items():
        builder = builder.config(key, value)
    started = builder.config("spark.sql.warehouse.dir", tempfile.gettempdir()).getOrCreate()
    started.sparkContext.setLogLevel("OFF")
    return started


def warn(text):
    """A word to the person, never to standard output."""
    print(text, file=sys.stderr)
