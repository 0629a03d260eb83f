"""The three TPC-H tables that the calibration reads, and where they are made.

`lineitem` gives the typical figure (16 columns, mostly numbers, dates and short codes); `orders` (9 columns)
and `partsupp` (5 columns, one long text) widen the interval. Must not import pyspark.
"""

import os
import subprocess

TYPICAL = "lineitem"

# Rows of a table per unit of TPC-H scale; the second number brings the tables to similar sizes.
SCALE_OF = {"lineitem": 1.0, "orders": 2.0, "partsupp": 2.0}

COLUMNS = {
    "lineitem": "l_orderkey bigint, l_partkey bigint, l_suppkey bigint, l_linenumber int, l_quantity decimal(15,2), "
    "l_extendedprice decimal(15,2), l_discount decimal(15,2), l_tax decimal(15,2), l_returnflag string, "
    "l_linestatus string, l_shipdate date, l_commitdate date, l_receiptdate date, l_shipinstruct string, "
    "l_shipmode string, l_comment string",
    "orders": "o_orderkey bigint, o_custkey bigint, o_orderstatus string, o_totalprice decimal(15,2), "
    "o_orderdate date, o_orderpriority string, o_clerk string, o_shippriority int, o_comment string",
    "partsupp": "ps_partkey bigint, ps_suppkey bigint, ps_availqty int, ps_supplycost decimal(15,2), "
    "ps_comment string",
}

# A quarter of the columns, numbers and a date: what a column-pruned read asks for.
PRUNED = ["l_orderkey", "l_quantity", "l_extendedprice", "l_shipdate"]


def generate(generator, folder, scale):
    """Makes the source tables as uncompressed Parquet once; returns {table: path}."""
    paths = {}
    for table, factor in SCALE_OF.items():
        home = os.path.join(folder, f"source-{table}-{scale * factor:g}")
        paths[table] = os.path.join(home, f"{table}.parquet")
        if os.path.exists(paths[table]):
            continue
        os.makedirs(home, exist_ok=True)
        subprocess.run(
            [generator, "parquet", "-s", f"{scale * factor:g}", f"--tables={table}", f"--output-dir={home}",
             "--compression=UNCOMPRESSED", "--num-threads=1", "--quiet"],
            check=True,
        )
    return paths
