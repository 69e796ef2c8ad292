"""Counts the same half-days as the benchmark `kernel`, with DuckDB's Python package.

Called as `kernel.py FILE STUDENTS HALF_DAYS THROUGH ROUNDS`; FILE holds a class a byte. The table is
made before the clock starts, as the sheets are. Prints a line for one thread and one for all:
threads, seconds of the middle round, checksum.
"""

import os
import sys
import time

import duckdb
import numpy

file = sys.argv[1]
students, half_days, through, rounds = (int(word) for word in sys.argv[2:6])

classes = numpy.fromfile(file, dtype=numpy.uint8)
cells = {
    "student": numpy.repeat(numpy.arange(students, dtype=numpy.int32), half_days),
    "position": numpy.tile(numpy.arange(half_days, dtype=numpy.uint8), students),
    "class": classes,
}
database = duckdb.connect()
database.register("cells", cells)
database.execute("create table half_day as select * from cells")
database.unregister("cells")

QUESTION = f"""
    select sum((student % 997 + 1) * (open + 3 * present + 5 * justified + 7 * unjustified + 11 * unknown
        + 13 * coalesce(absent_at[10] + 1, 0) + 17 * coalesce(absent_at[20] + 1, 0)
        + 19 * coalesce(absent_at[30] + 1, 0)))::bigint
    from (
        select student,
            count(*) filter (class >= 1) as open,
            count(*) filter (class = 2) as present,
            count(*) filter (class = 3) as justified,
            count(*) filter (class >= 4) as unjustified,
            count(*) filter (class = 5) as unknown,
            list_sort(list(position::int) filter (class >= 3)) as absent_at
        from half_day
        where position < {through}
        group by student
    )
"""

for threads in (1, os.cpu_count()):
    database.execute(f"set threads to {threads}")
    took = []
    for _ in range(rounds):
        begun = time.perf_counter()
        (checksum,) = database.execute(QUESTION).fetchone()
        took.append(time.perf_counter() - begun)
    print(threads, sorted(took)[len(took) // 2], checksum, flush=True)
