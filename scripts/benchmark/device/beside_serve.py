"""Runs beside a server: nothing, until the time is over.

With `pause_seconds` each step rests, so that many servers can wait for something on few processors.
"""

import time


def begin(spec, report):
    end = spec["end_ms"]
    pause = spec.get("pause_seconds")
    while time.ticks_ms() < end:
        if pause:
            time.sleep(pause)
        yield
