"""What `hash(...)` gives: Spark's Murmur3 with seed 42 over typed columns.

The values travel as plain columns and become their type inside Spark, so that
neither a time zone nor Python's own types come between. Nothing is folded at
planning time: the hash is computed on rows.
"""

import json
import random
import re
import struct

import spark

LIVE_CASES = 100
AT_ONCE = 150  # cases in one Spark job

# How a value gets its type: the type it travels as, and the expression over it.
CARRIERS = {
    "int": ("bigint", "cast({} as int)"),
    "bigint": ("bigint", "{}"),
    "smallint": ("bigint", "cast({} as smallint)"),
    "tinyint": ("bigint", "cast({} as tinyint)"),
    "boolean": ("boolean", "{}"),
    "string": ("string", "{}"),
    "double": ("double", "{}"),
    "float": ("double", "cast({} as float)"),
    "date": ("int", "date_from_unix_date({})"),
    "timestamp": ("bigint", "timestamp_micros({})"),
    "binary": ("string", "unhex({})"),
    "decimal": ("string", "cast({} as {type})"),
}

SINGLE = [
    "int", "bigint", "smallint", "tinyint", "boolean", "string", "double", "float", "date",
    "timestamp", "binary", "decimal(9,2)", "decimal(18,0)", "decimal(18,6)", "decimal(19,4)",
    "decimal(38,10)", "decimal(38,38)",
]
MULTIPLE = [
    "string,int", "int,int", "bigint,string,double", "date,string", "decimal(12,2),int",
    "boolean,tinyint,smallint", "timestamp,bigint", "string,string,string", "binary,float",
    "double,decimal(30,5),date,string",
]
NAMED = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}
LETTERS = "abcXYZ0129_- éß漢字😀\u0301\n"
EDGE_DOUBLES = [0.0, -0.0, 1.0, -1.0, 5e-324, 1.7976931348623157e308, 2.2250738585072014e-308,
                0.1, "NaN", "Infinity", "-Infinity"]
EDGE_FLOATS = [0.0, -0.0, 1.0, -1.0, 1.401298464324817e-45, 3.4028234663852886e38,
               "NaN", "Infinity", "-Infinity"]


def record(spark_version, seed, cases, out):
    rng = random.Random(seed)
    replay(spark_version, [draw(rng) for _ in range(cases)], out)


def replay(spark_version, rows, out):
    session = spark.session(spark_version)
    for first in range(0, len(rows), AT_ONCE):
        some = rows[first:first + AT_ONCE]
        for row, hashed in zip(some, ask(session, some)):
            answer = {"kind": "murmur3", "spark": session.version, "type": row["type"],
                      "value": row["value"], "hash": hashed}
            out.write(json.dumps(answer) + "\n")


def ask(session, rows):
    """One row of a table holds the values of all cases, so that one job answers them."""
    cells, schema, hashes = [], [], []
    for row in rows:
        typed = []
        for type_, value in zip(*types_and_values(row)):
            carrier, expression = CARRIERS[type_.split("(")[0]]
            column = f"c{len(cells)}"
            cells.append(NAMED.get(value, value) if type_ in ("double", "float") else value)
            schema.append(f"{column} {carrier}")
            typed.append(expression.format(column, type=type_))
        hashes.append(f"hash({', '.join(typed)})")
    frame = session.createDataFrame([tuple(cells)], ", ".join(schema))
    return list(frame.selectExpr(*(f"{text} as h{i}" for i, text in enumerate(hashes))).first())


def types_and_values(row):
    types = columns(row["type"])
    return types, row["value"] if len(types) > 1 else [row["value"]]


def columns(type_):
    """The types of a list of types: commas inside parentheses do not count."""
    return re.findall(r"[a-z]+(?:\([^)]*\))?", type_)


def draw(rng):
    type_ = rng.choice(MULTIPLE) if rng.random() < 0.25 else rng.choice(SINGLE)
    values = [draw_value(rng, t) for t in columns(type_)]
    return {"type": type_, "value": values if len(values) > 1 else values[0]}


def draw_value(rng, type_):
    if rng.random() < 0.06:
        return None
    name = type_.split("(")[0]
    if name == "decimal":
        return draw_decimal(rng, *map(int, re.findall(r"\d+", type_)))
    return DRAWS[name](rng)


def draw_integer(bits):
    low, high = -(1 << (bits - 1)), (1 << (bits - 1)) - 1

    def draw_one(rng):
        if rng.random() < 0.25:
            return rng.choice([0, 1, -1, low, high])
        return rng.randint(low, high)
    return draw_one


def draw_decimal(rng, precision, scale):
    digits = rng.randint(0, precision)
    unscaled = rng.randint(0, 10 ** digits - 1) if rng.random() < 0.8 else 10 ** digits - 1
    text = str(unscaled).rjust(scale + 1, "0")
    whole, fraction = text[: len(text) - scale], text[len(text) - scale:]
    sign = "-" if unscaled and rng.random() < 0.5 else ""
    return sign + whole + ("." + fraction if scale else "")


def draw_double(rng):
    if rng.random() < 0.4:
        return rng.choice(EDGE_DOUBLES)
    return rng.uniform(-1e6, 1e6) * 10.0 ** rng.randint(-20, 20)


def draw_float(rng):
    if rng.random() < 0.4:
        return rng.choice(EDGE_FLOATS)
    value = rng.uniform(-1e3, 1e3) * 10.0 ** rng.randint(-10, 10)
    return struct.unpack("f", struct.pack("f", value))[0]


DRAWS = {
    "int": draw_integer(32),
    "bigint": draw_integer(64),
    "smallint": draw_integer(16),
    "tinyint": draw_integer(8),
    "boolean": lambda rng: rng.random() < 0.5,
    "string": lambda rng: "".join(rng.choice(LETTERS) for _ in range(rng.choice([0, 1, 3, 4, 7, 20]))),
    "double": draw_double,
    "float": draw_float,
    "date": lambda rng: rng.choice([0, -1, -719162, 2932896, rng.randint(-40000, 60000)]),
    "timestamp": lambda rng: rng.choice([0, -1, 253402300799999999, rng.randint(-10**15, 4 * 10**15)]),
    "binary": lambda rng: rng.randbytes(rng.choice([0, 1, 2, 3, 4, 5, 8, 33])).hex(),
}
