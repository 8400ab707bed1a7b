"""Runs beside a server: takes the time of its steps, and how late the frames of an animation are because of them.

A frame is due every 20 ms. One that falls into a step of the server comes late, and the others that fall into the same
step are lost. `discard_seconds` are left out at the beginning; then `measure_seconds` are measured.
"""

import time
from array import array

from stopwatch import Stopwatch

_FRAME_US = 20000


def begin(spec, report):
    yield
    wanted = int(spec["measure_seconds"] * 1000000) // _FRAME_US
    late = array("L", [0] * wanted)
    shown = lost = longest = 0
    watch = Stopwatch()
    begin = due = watch.now + int(spec["discard_seconds"] * 1000000)
    while shown + lost < wanted and time.ticks_ms() < spec["end_ms"]:
        yield
        step = watch.lap()
        due += watch.waited  # the animation stands still while the process does
        now = watch.now
        if now >= begin and step > longest:
            longest = step
        if now < due:
            continue
        late[shown] = now - due
        shown += 1
        due += _FRAME_US
        while due <= now:
            due += _FRAME_US
            lost += 1
    figures = sorted(late[:shown]) or [0]
    report(
        "steps",
        step=longest,
        frames=shown + lost,
        lost=lost,
        p50=figures[len(figures) // 2],
        p99=figures[len(figures) * 99 // 100],
        latest=figures[-1],
    )
