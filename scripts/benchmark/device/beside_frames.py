"""Runs beside a server: an animation with a frame every 20 ms; measures how late each one is.

A frame that falls into a step of the server comes late, and those that fall into the same step are lost.
"""

import clock
from histogram import Histogram
from stopwatch import Stopwatch

_FRAME_US = 20000


def begin(spec, report):
    yield
    late = Histogram()
    lost = 0
    watch = Stopwatch()
    left = int(spec["measure_seconds"] * 1000000) // _FRAME_US
    due = watch.now + int(spec["discard_seconds"] * 1000000)
    while True:
        yield
        watch.lap()
        due += watch.waited  # the animation stands still while the process does
        now = watch.now
        if now < due:
            continue
        late.add(now - due)
        due += _FRAME_US
        while due <= now:
            due += _FRAME_US
            lost += 1
        if late.count + lost >= left or clock.is_over():
            break
    report("frames", late=late.summary(), lost=lost)
