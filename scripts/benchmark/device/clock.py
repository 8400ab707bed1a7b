"""Microseconds and the end of a process's time, the same under both interpreters."""

import sys
import time

if sys.implementation.name == "micropython":
    now_us = time.ticks_us
else:

    def now_us():
        return time.perf_counter_ns() // 1000


_end = 0


def end_after(seconds):
    global _end
    _end = now_us() + int(seconds * 1000000)


def is_over():
    return now_us() > _end
