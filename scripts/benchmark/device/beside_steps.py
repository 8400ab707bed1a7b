"""Runs beside a server: takes the time of its steps, and counts the frames of an animation that they swallow.

A frame is due every 20 ms. All but the first of those that fall into the same step of the server are lost.
`discard_seconds` are left out at the beginning; then `measure_seconds` are measured.
"""

import time

from stopwatch import Stopwatch

_FRAME_US = 20000


def begin(spec, report):
    yield
    end = int(spec["measure_seconds"] * 1000000)
    clock = -int(spec["discard_seconds"] * 1000000)  # stands still while the process does
    longest = lost = 0
    watch = Stopwatch()
    while clock < end and time.ticks_ms() < spec["end_ms"]:
        yield
        step = watch.lap()
        clock += step
        if clock > 0:
            longest = max(longest, step)
            due = clock // _FRAME_US - max(0, clock - step) // _FRAME_US
            lost += max(0, due - 1)
    report("steps", longest=longest, frames=max(0, clock) // _FRAME_US, lost=lost)
