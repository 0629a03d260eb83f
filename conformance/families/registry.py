"""The configuration keys that a Spark version knows, as one CSV file.

Loads every object in Spark's own jars that builds configuration entries, asks
each entry for its default, and finds the type and the unit of a value by giving
the entry values to read: a nonsense word first, whose refusal names the type,
then sizes and times, whose result tells the unit. `SET -v` is asked too. The
documentation text of a key is not recorded. Columns: see the README here.

This family draws no cases: seed and cases mean nothing to it.
"""

import csv
import os
import re
import zipfile

import spark

COLUMNS = ["key", "type", "default", "unit", "version", "public", "status", "replaced_by", "values"]
NONSENSE = "?!"
BUILDER = b"org/apache/spark/internal/config/ConfigBuilder"
ROOT = "org.apache.spark.internal.config."
COMPUTED = "<computed>"
SKIP = re.compile(r"^spark\.(sql\.)?test(ing)?\b|^spark\.internal\.test")
KEY = re.compile(r"spark\.[A-Za-z0-9_.\-]*[A-Za-z0-9_]")

SIZES = {"b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
TIMES = {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9, "min": 60 * 10**9, "h": 3600 * 10**9,
         "d": 86400 * 10**9}

# Spark reads these by name, without an entry. A version has those that its own
# classes spell out; their defaults are not recorded, for no entry tells them.
PLAIN = {
    "string?": """
        spark.master spark.app.name spark.app.id spark.home spark.local.dir spark.remote
        spark.driver.defaultJavaOptions spark.executor.defaultJavaOptions spark.driver.libraryPath
        spark.executor.uri spark.job.description spark.jobGroup.id spark.job.tags
        spark.scheduler.pool spark.submit.appName spark.ui.proxyBase spark.plugins.defaultList
        spark.r.driver.command spark.r.shell.command spark.io.mode.default
        spark.repl.class.outputDir spark.repl.class.uri spark.repl.classdir spark.repl.local.jars
        spark.network.crypto.cipher spark.streaming.checkpoint.directory
        spark.shuffle.push.server.mergedShuffleFileManagerImpl
        spark.sql.streaming.checkpointFileManagerClass spark.yarn.app.id spark.yarn.app.attemptId
        """,
    "boolean?": """
        spark.logConf spark.logLineage spark.files.overwrite spark.files.useFetchCache
        spark.hadoop.cloneConf spark.hadoop.validateOutputSpecs spark.shuffle.spill
        spark.hadoop.outputCommitCoordination.enabled spark.job.interruptOnCancel
        spark.memory.debugFill spark.checkpoint.checkpointAllMarkedAncestors
        spark.network.sharedByteBufAllocators.enabled spark.network.io.preferDirectBufs
        spark.network.sasl.serverAlwaysEncrypt spark.rdd.scope.noOverride spark.sparkr.use.daemon
        spark.ssl.useNodeLocalConf spark.streaming.stopSparkContextByDefault
        spark.kubernetes.setSubmitTimeInDriver spark.shuffle.sasl.enableRetries
        """,
    "int?": """
        spark.default.parallelism spark.port.maxRetries spark.resultGetter.threads
        spark.files.io.threads spark.callstack.depth spark.stage.maxConsecutiveAttempts
        spark.graphx.pregel.checkpointInterval spark.streaming.blockQueueSize
        spark.streaming.receiverRestartDelay spark.network.crypto.authEngineVersion
        spark.sql.CodeGenerator.validParamLength spark.logging.exceptionPrintInterval
        spark.shuffle.server.chunkFetchHandlerThreadsPercent
        """,
    "time?": """
        spark.files.fetchTimeout spark.starvation.timeout spark.network.auth.rpcTimeout
        spark.streaming.fileStream.minRememberDuration
        """,
    "bytes?": """
        spark.network.sasl.maxEncryptedBlockSize spark.network.ssl.maxEncryptedBlockSize
        spark.shuffle.push.server.mergedIndexCacheSize
        spark.shuffle.push.server.minChunkSizeInMergedShuffleFile
        """,
}
# Under these a person puts names of their own, or the keys are put together
# from parts. The ones that no class spells out are told by the page
# "Configuration" (spark.driver.resource.{name}.amount and the like).
PREFIXES = """
    spark.hadoop. spark.executorEnv. spark.metrics.conf. spark.plugins.internal.conf.
    spark.io.encryption.commons.config. spark.network.crypto.config. spark.rpc.io. spark.ssl.
    spark.sql.catalog. spark.sql.streaming.stateStore. spark.shuffle.plugin.__config__.
    spark.yarn.appMasterEnv. spark.yarn.am.resource. spark.yarn.driver.resource.
    spark.yarn.executor.resource. spark.mesos.driverEnv. spark.mesos.dispatcher.driverDefault.
    spark.kubernetes.driver.annotation. spark.kubernetes.driver.label.
    spark.kubernetes.driver.node.selector. spark.kubernetes.driver.secretKeyRef.
    spark.kubernetes.driver.secrets. spark.kubernetes.driver.service.annotation.
    spark.kubernetes.driver.service.label. spark.kubernetes.driver.volumes.
    spark.kubernetes.driverEnv. spark.kubernetes.executor.annotation.
    spark.kubernetes.executor.label. spark.kubernetes.executor.node.selector.
    spark.kubernetes.executor.secretKeyRef. spark.kubernetes.executor.secrets.
    spark.kubernetes.executor.volumes. spark.kubernetes.node.selector.
    """
MADE_OF_PARTS = """
    spark.driver.resource. spark.executor.resource. spark.task.resource. spark.worker.resource.
    spark.shuffle.io. spark.files.io. spark.kubernetes.authenticate.
    spark.scheduler.listenerbus.eventqueue.
    """
SPELLED = re.compile(rb"spark\.[A-Za-z0-9_.\-]+")


def record(spark_version, seed, cases, out):
    session = spark.session(spark_version)
    rows = registry(session)
    out.write(head(session, rows))
    table = csv.DictWriter(out, COLUMNS, lineterminator="\n", restval="")
    table.writeheader()
    table.writerows(rows[key] for key in sorted(rows))


def registry(session):
    """All rows by key: entries, other names of them, plain keys and prefixes."""
    reader = Reader(session)
    entries = {entry.key(): entry for entry in known_entries(session)}
    rows = {key: reader.row(entry) for key, entry in entries.items() if not SKIP.match(key)}
    for key, name in list(other_names(entries)) + list(outdated(session)):
        if key in rows:  # an entry of its own: it keeps its type and its default
            if rows[key]["status"] == "":
                rows[key].update(status=name["status"], replaced_by=name["replaced_by"])
            continue
        if name.get("default") is None and name["replaced_by"] in rows:
            name = {**blank(rows[name["replaced_by"]]), **name}
        rows[key] = {**blank({}), **name, "key": key}
    for key, type_ in plain():
        rows.setdefault(key, {**blank({}), "key": key, "type": type_, "public": "true"})
    missing = {row.key for row in session.sql("SET -v").collect()} - rows.keys()
    for key in missing:
        rows[key] = {**blank({}), "key": key, "type": "string?", "public": "true"}
    return rows


def blank(like):
    """A row without a default; its type and unit as those of the row `like`."""
    return {**dict.fromkeys(COLUMNS, ""), "type": "string?",
            **{k: like[k] for k in ("type", "unit", "public", "values") if k in like}}


def head(session, rows):
    return (f"# The configuration keys of Spark {session.version}: {len(rows)} rows.\n"
            "# Asked of Spark itself by: conformance/record registry --version "
            f"{'.'.join(session.version.split('.')[:2])} --out FILE\n"
            "# Facts only, no documentation text. The columns are told in conformance/README.md.\n")


# Finding the entries.

def known_entries(session):
    jvm = session._jvm
    for name in builders():
        load(jvm, name)
    known = static_field(jvm, ROOT + "ConfigEntry$", "knownConfigs")
    sql = getattr(jvm.org.apache.spark.sql.internal, "SQLConf$").__getattr__("MODULE$").getConfigEntries()
    entries = jvm.java.util.ArrayList(known.values())
    entries.addAll(sql)
    return list(entries)


def classes():
    """Name and bytecode of every class in Spark's own jars."""
    import pyspark

    jars = os.path.join(os.path.dirname(pyspark.__file__), "jars")
    for jar in sorted(os.listdir(jars)):
        if jar.startswith("spark-"):
            with zipfile.ZipFile(os.path.join(jars, jar)) as file:
                for name in file.namelist():
                    if name.endswith(".class"):
                        yield name[: -len(".class")].replace("/", "."), file.read(name)


def builders():
    """The objects whose bytecode names the builder of entries."""
    for name, code in classes():
        if name.endswith("$") and not name.endswith(".Tests$") and BUILDER in code:
            yield name


def plain():
    """Keys and prefixes that this version's classes spell out, with their type."""
    spelled = {word.decode() for _, code in classes() for word in SPELLED.findall(code)}
    for type_, keys in {**PLAIN, "prefix": PREFIXES}.items():
        yield from ((key, type_) for key in keys.split() if key in spelled)
    yield from ((key, "prefix") for key in MADE_OF_PARTS.split())


def load(jvm, name):
    """Initialises an object; what needs a jar that is not there cannot have a say."""
    try:
        jvm.org.apache.spark.util.Utils.classForName(name, True, False)
    except Exception as error:
        spark.warn(f"registry: {name} does not load: {str(error).splitlines()[0]}")


def static_field(jvm, name, field):
    class_ = jvm.org.apache.spark.util.Utils.classForName(name, True, False)
    module = class_.getField("MODULE$").get(None)
    for f in class_.getDeclaredFields():
        if f.getName() == field or f.getName().endswith("$$" + field):
            f.setAccessible(True)
            return f.get(module)
    raise AttributeError(f"{name} has no {field}")


# Other and former names.

def other_names(entries):
    """Names that an entry also reads, such as those from before a renaming."""
    for key, entry in entries.items():
        for other in seq(entry.alternatives()):
            yield other, {"status": "alternative", "replaced_by": key}


def outdated(session):
    jvm = session._jvm
    conf, sql = "org.apache.spark.SparkConf$", "org.apache.spark.sql.internal.SQLConf$"
    for key, old in scala_map(static_field(jvm, conf, "allAlternatives")):
        unlike = {"type": "string?", "unit": ""} if old._2().translation() else {}
        yield key, {"status": "alternative", "replaced_by": old._1(), **unlike}
    for key, old in scala_map(static_field(jvm, conf, "deprecatedConfigs")):
        yield key, {"status": "deprecated", "replaced_by": named(old.deprecationMessage(), key)}
    for key, old in scala_map(sql_map(jvm, sql, "deprecatedSQLConfigs")):
        yield key, {"status": "deprecated", "replaced_by": named(old.comment(), key)}
    for key, old in scala_map(sql_map(jvm, sql, "removedSQLConfigs")):
        yield key, {"status": "removed", "default": old.defaultValue(),
                    "replaced_by": named(old.comment(), key)}


def sql_map(jvm, name, field):
    try:
        return static_field(jvm, name, field)
    except AttributeError:  # 4.x keeps it elsewhere
        return static_field(jvm, name.replace("SQLConf$", "SQLConf$DeprecatedConfig$"), field)


def named(message, own):
    """The first other key that a message points to."""
    keys = [key for key in KEY.findall(message) if key != own]
    return keys[0] if keys else ""


def seq(sequence):
    return [sequence.apply(i) for i in range(sequence.size())]


def scala_map(map_):
    pairs = map_.iterator()
    while pairs.hasNext():
        pair = pairs.next()
        yield pair._1(), pair._2()


# Reading one entry.

class Reader:
    """Asks entries for their default, type and unit."""

    def __init__(self, session):
        self.here = machine_words(session)

    def row(self, entry):
        kind = entry.getClass().getSimpleName()
        optional = kind == "OptionalConfigEntry"
        convert = entry.rawValueConverter() if optional else entry.valueConverter()
        type_, values = type_of(convert)
        if type_ in ("bytes", "time"):
            unit = unit_of(convert, SIZES if type_ == "bytes" else TIMES, entry)
        else:
            unit = ""
        return {
            "key": entry.key(), "type": type_ + ("?" if optional else ""),
            "default": self.default(entry, kind), "unit": unit,
            "version": entry.version() or "", "public": str(entry.isPublic()).lower(),
            "status": "", "replaced_by": "", "values": values,
        }

    def default(self, entry, kind):
        if kind == "OptionalConfigEntry":
            return ""
        if kind == "FallbackConfigEntry":
            return "-> " + entry.fallback().key()
        if kind == "ConfigEntryWithDefaultFunction":
            return COMPUTED
        text = entry.defaultValueString() or ""
        if text.startswith("<value of "):
            return "-> " + text[len("<value of "):-1]
        return COMPUTED if any(word in text for word in self.here) else text


def machine_words(session):
    """What would betray this machine in a default: folders, its name, its user."""
    property_ = session._jvm.java.lang.System.getProperty
    words = [property_(name) for name in ("user.dir", "user.home", "java.home")]
    return [word for word in words if word and len(word) > 1]


def type_of(convert):
    """The type, from what the entry says to a nonsense word; and allowed words."""
    try:
        return shape(convert.apply(NONSENSE)), ""
    except Exception as error:
        return refused(convert, str(error))


SAYS = [
    (r"Size must be specified|a/an 'bytes in", "bytes"),
    (r"Time must be specified|a/an 'time in", "time"),
    (r"(?:should be (?:a )?|a/an ')(boolean|int|long|double|regex)\b", None),
]
ONE_OF = re.compile(r"should be one of '?(.*?)'?(?:, but was|\. SQLSTATE)")


def refused(convert, said):
    for pattern, type_ in SAYS:
        found = re.search(pattern, said)
        if found:
            return type_ or found.group(1), ""
    allowed = ONE_OF.search(said)
    if allowed:
        return "enum", "|".join(sorted(set(allowed.group(1).split(", "))))
    return by_values(convert), ""


def by_values(convert):
    """The type where nonsense is refused without a word about types."""
    for probe in ("true", "1", "1.5"):
        try:
            return shape(convert.apply(probe))
        except Exception:
            continue
    return "string"


def shape(value):
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "int"
    if isinstance(value, float):
        return "double"
    if isinstance(value, str):
        return "string"
    name = value.getClass().getName()
    if name.endswith("Regex"):
        return "regex"
    return "list" if name.startswith("scala.collection") else "string"


def unit_of(convert, units, entry):
    """The unit of a bare number: how much of it a size or a time turns into."""
    for text, scale in probes(units, entry):
        try:
            value = convert.apply(text)
        except Exception:  # out of the bounds of this entry
            continue
        if value > 0 and scale % value == 0 and scale // value in units.values():
            return next(name for name, one in units.items() if one == scale // value)
    return ""


def probes(units, entry):
    """Sizes or times as text with their scale in the smallest unit."""
    for name, one in sorted(units.items(), key=lambda pair: -pair[1]):
        for count in (1, 2, 8, 64, 512):
            yield f"{count}{name}", count * one
