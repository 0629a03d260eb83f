"""The families of questions that the recorders put to real Spark.

A family is one module of this package. It offers

    record(spark_version, seed, cases, out)
        Draws `cases` cases from `random.Random(seed)`, asks Spark and writes
        one JSON object a line to the text stream `out`. `spark_version` is
        "3.5" or "4.1"; the interpreter that runs it is already the one of
        that version's environment (see `conformance/setup`).
        The same seed draws the same cases for every version.

and, where it makes sense,

    LIVE_CASES = 40
        How many cases `conformance/live` draws from it at every run, and
        `conformance/full` ten times as many. Without it neither asks it.
    OWN_SESSION = True
        It starts and stops its own Spark. Without it the family uses
        `spark.session(...)` of this folder, and all such families of one run
        share one JVM. A family with OWN_SESSION runs in a process of its own.
    replay(spark_version, rows, out)
        Asks Spark the questions of recorded `rows` (dicts) again and writes
        the new rows, in order, to `out`. `record FAMILY --replay FILE`
        compares them with the old ones.

`conformance/record FAMILY` finds a module by its name; nothing else has to be
registered. A module must not print to standard output.
"""
