"""How `UnifiedMemoryManager` divides a heap, and the page size it settles on.

The class itself is made with a configuration and a number of cores; no memory
is used. `spark.testing.memory` stands for the usable heap, and the JVM that
answers runs G1 (see `spark.py`).
"""

import json
import random

import spark

LIVE_CASES = 20
MIB = 1 << 20
GIB = 1 << 30
SMALLEST = 471859200  # below this Spark refuses


def record(spark_version, seed, cases, out):
    rng = random.Random(seed)
    replay(spark_version, [draw(rng) for _ in range(cases)], out)


def replay(spark_version, rows, out):
    session = spark.session(spark_version)
    for row in rows:
        question = {"kind": "memory", "spark": session.version, "conf": row["conf"],
                    "cores": row["cores"]}
        answer = ask(session._jvm, row["conf"], row["cores"])
        out.write(json.dumps({**question, **answer}) + "\n")


def ask(jvm, settings, cores):
    conf = jvm.org.apache.spark.SparkConf(False)
    for key, value in settings.items():
        conf.set(key, value)
    try:
        manager = jvm.org.apache.spark.memory.UnifiedMemoryManager.apply(conf, cores)
        return {
            "max_heap": manager.maxHeapMemory(),
            "max_on_heap_storage": manager.maxOnHeapStorageMemory(),
            "max_off_heap_storage": manager.maxOffHeapStorageMemory(),
            "page_size": manager.pageSizeBytes(),
        }
    except Exception as error:
        return refused(error)


def refused(error):
    answer = {"max_heap": None, "max_on_heap_storage": None, "max_off_heap_storage": None,
              "page_size": None, "error": spark.java_class(error)}
    name = spark.condition(error)
    return {**answer, "condition": name} if name else answer


def draw(rng):
    conf = {"spark.testing.memory": str(draw_heap(rng))}
    maybe(rng, 0.5, conf, "spark.memory.fraction", "0.05 0.3 0.4 0.5 0.6 0.75 0.8 0.9 0.999 1.0")
    maybe(rng, 0.5, conf, "spark.memory.storageFraction", "0.0 0.1 0.3 0.33 0.5 0.6 0.9 0.99")
    if rng.random() < 0.35:
        conf["spark.memory.offHeap.enabled"] = "true"
        conf["spark.memory.offHeap.size"] = draw_off_heap(rng)
    elif rng.random() < 0.1:
        conf["spark.memory.offHeap.size"] = draw_off_heap(rng)
    maybe(rng, 0.1, conf, "spark.buffer.pageSize", "1m 4m 64m 123457 2k")
    maybe(rng, 0.15, conf, "spark.executor.memory",
          "1g 2048m 450m 449m 2048 471859200 471859199 21g 16t")
    return {"conf": conf, "cores": rng.choice([1, 2, 3, 4, 5, 7, 8, 16, 31, 64, 128])}


def maybe(rng, chance, conf, key, values):
    if rng.random() < chance:
        conf[key] = rng.choice(values.split())


def draw_heap(rng):
    kind = rng.random()
    if kind < 0.15:
        return rng.choice([0, 1, 314572800, SMALLEST - 1, rng.randrange(SMALLEST)])
    if kind < 0.35:
        return rng.choice([SMALLEST, SMALLEST + 1, 512 * MIB, GIB, 4 * GIB, 21 * GIB])
    if kind < 0.6:
        return rng.randrange(SMALLEST, 4 * GIB)
    if kind < 0.9:
        return rng.randrange(4 * GIB, 128 * GIB)
    return rng.randrange(128 * GIB, 4096 * GIB)


def draw_off_heap(rng):
    return rng.choice(["0", "1", "100m", "1g", "17g", str(rng.randrange(64 * GIB))])
