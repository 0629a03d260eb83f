"""Measures, on real Spark: CPU seconds of the operators, shuffles and spills, as differences of two stages.

An operator runs in a stage that reads one shuffle partition and throws its rows away; what the same stage costs
without the operator, in the same round, is subtracted by `rates.py`. Prints one JSON object of samples.
Run with PySpark's environment:
    python measure_operators.py WORK_FOLDER REPEATS SOURCES_JSON [spill]
"""

import json
import sys

import eventlog
import session
import tables

# A pool of a tenth of 1 GiB less Spark's reserve: the sort below has to spill.
SPILLING = {"spark.driver.memory": "1g", "spark.memory.fraction": "0.1"}
AGGREGATED = "sum(l_linenumber), sum(l_suppkey), count(*)"
WIDTHS = (100, 1000)


def noop(frame):
    return lambda: frame.write.format("noop").mode("overwrite").save()


def lineitem(spark, sources):
    return spark.read.schema(tables.COLUMNS[tables.TYPICAL]).parquet(sources[tables.TYPICAL])


def operators(rows):
    """{name: frame}: each is `rows` (one shuffle partition) with one operator above it."""
    arithmetic = "cast(l_quantity as double) * 1.5 + l_linenumber as x"
    texts = "concat(upper(l_shipmode), '-', substring(l_comment, 2, 5)) as x"
    return {
        "filter": rows.where("l_suppkey + l_partkey > l_linenumber"),
        "project": rows.selectExpr("*", "l_suppkey * 3 + l_partkey as x"),
        "project_decimal": rows.selectExpr("*", "l_extendedprice * (1 - l_discount) as x"),
        "project_double": rows.selectExpr("*", arithmetic),
        "project_text": rows.selectExpr("*", texts),
        "sort": rows.sortWithinPartitions("l_partkey"),
        "sort_text": rows.sortWithinPartitions("l_comment"),
    }


def aggregates(table):
    """Each aggregate beside the same columns without it. Two partitions by another column: with one, Spark would
    merge the groups in the same stage."""
    few = table.select("l_partkey", "l_linenumber", "l_suppkey", "l_returnflag", "l_linestatus")
    many = table.select("l_partkey", "l_linenumber", "l_suppkey", "l_orderkey")
    keys = {"few": ["l_returnflag", "l_linestatus"], "many": ["l_orderkey"]}
    found = {}
    for name, columns in {"few": few, "many": many}.items():
        halves = columns.repartition(2, "l_partkey")
        found[f"halves_{name}"] = halves
        halves.createOrReplaceTempView(f"halves_{name}")
        by = ", ".join(keys[name])
        # l_partkey is summed so that the shuffle carries the same columns as the baseline's.
        text = f"select {by}, sum(l_partkey), {AGGREGATED} from halves_{name} group by {by}"
        found[f"aggregate_{name}_groups"] = table.sparkSession.sql(text)
    return found


def joins(table):
    """A hash join's probe side, and the merge of a sort-merge join, over one partition each."""
    parts = table.selectExpr("l_partkey as p").distinct().repartition(1).cache()
    parts.count()
    moved = table.repartition(1)
    sorted_rows = moved.sortWithinPartitions("l_partkey")
    return {
        "join_hash_probe": moved.join(parts.hint("broadcast"), moved.l_partkey == parts.p, "inner"),
        "join_merge": sorted_rows.join(parts.hint("merge"), sorted_rows.l_partkey == parts.p, "inner"),
    }


def measure(spark, sources, repeats):
    table = lineitem(spark, sources)
    spark.conf.set("spark.sql.shuffle.partitions", "2")
    moved = table.repartition(1)
    frames = {"scan": table, "moved": moved, **operators(moved), **aggregates(table), **joins(table)}
    for parts in WIDTHS:
        frames[f"shuffle_{parts}"] = table.repartition(parts, "l_partkey")
    session.interleave(spark, {name: noop(frame) for name, frame in frames.items()}, repeats)


def measure_spill(spark, sources, repeats):
    moved = lineitem(spark, sources).repartition(1)
    frames = {"moved": moved, "sort": moved.sortWithinPartitions("l_partkey")}
    session.interleave(spark, {name: noop(frame) for name, frame in frames.items()}, repeats)


def main(work, repeats, sources, spilling):
    spark = session.start("calibrate operators", work, **(SPILLING if spilling else {}))
    log = session.log_path(spark, work)
    (measure_spill if spilling else measure)(spark, sources, repeats)
    spark.stop()
    json.dump({"runs": session.recorded(eventlog.stages_by_description(log))}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3]), "spill" in sys.argv[4:])
