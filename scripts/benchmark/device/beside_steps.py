"""Runs beside a server: takes the time of its steps.

A step is busy when something was sent or received in it; where the sockets don't tell (asyncio's), none is.
`discard_seconds` are left out at the beginning; then `measure_seconds` are measured, waiting for a processor left out.
"""

import clock
import pool_in_use
from histogram import Histogram
from stopwatch import Stopwatch


def begin(spec, report):
    yield
    pool = pool_in_use.pool
    all_steps = Histogram()
    busy_steps = Histogram()
    transfers = pool.transfers
    watch = Stopwatch()
    begin = watch.now + int(spec["discard_seconds"] * 1000000)
    left = int(spec["measure_seconds"] * 1000000)
    while True:
        watch.start()
        yield
        duration = watch.lap()
        if watch.now < begin:
            continue
        all_steps.add(duration)
        if pool.transfers != transfers:
            transfers = pool.transfers
            busy_steps.add(duration)
        left -= duration
        if left < 0 or clock.is_over():
            break
    report("steps", all=all_steps.summary(), busy=busy_steps.summary())
