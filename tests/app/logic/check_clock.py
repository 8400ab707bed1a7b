"""Uptime, time of day, ISO 8601."""

import time

from datalogger import clock as clock_module
from datalogger.clock import MAX_EPOCH, iso_time
from fakes import MovedClock


def test_uptime_survives_the_wrapping_of_ticks():
    clock = MovedClock()
    clock.test_ticks.now = (1 << 29) - 50
    clock.tick()
    before = clock.tenths
    clock.test_ticks.now += 1000
    clock.tick()
    assert clock.tenths - before == 10


def test_no_millisecond_is_lost():
    clock = MovedClock()
    for _ in range(1000):
        clock.test_ticks.now += 37
        clock.tick()
    assert clock.tenths == 370


def test_unset_until_somebody_says():
    clock = MovedClock()
    assert not clock.is_set()
    assert clock.epoch() is None
    clock.pass_s(100)
    clock.set(1795485459, 3600)
    assert clock.is_set()
    assert clock.epoch() == 1795485459
    assert clock.epoch(400) == 1795485459 - 60
    clock.pass_s(41)
    assert clock.epoch() == 1795485500


def test_offset_survives_a_restart():
    nvm = bytearray(4096)
    for offset in (3600, -12600, 50400, -43200, 0, 20700):
        clock = MovedClock(nvm)
        clock.set(1795485459, offset)
        assert MovedClock(nvm).utc_offset_s == offset


def test_damaged_nvm_means_no_offset():
    for nvm in (bytearray(b"\xff" * 64), bytearray(b"\x7a" * 64)):
        assert abs(MovedClock(nvm).utc_offset_s) <= 50400


def test_iso_times():
    assert iso_time(1795485459, 0) == "2026-11-24T01:57:39+00:00"
    assert iso_time(1795485459, 3600) == "2026-11-24T02:57:39+01:00"
    assert iso_time(1795485459, -12600) == "2026-11-23T22:27:39-03:30"
    assert iso_time(1709164799, 0) == "2024-02-28T23:59:59+00:00"
    assert iso_time(1709164800, 0) == "2024-02-29T00:00:00+00:00"


def test_time_of_a_past_moment():
    clock = MovedClock()
    clock.pass_s(90)
    clock.set(1795485459, 3600)
    assert clock.iso(0) == "2026-11-24T02:56:09+01:00"
    assert clock.uptime_text(905) == "90.5"


class Years:
    """What the clock uses of the module time, with the board's limits: it knows 2000 to
    2038-01-18."""

    def __init__(self, now):
        self.now = now

    def time(self):
        return self.now

    def localtime(self, seconds):
        if not 946684800 <= seconds < 2147483648:
            raise OverflowError("timestamp out of range for platform time_t")
        return time.gmtime(seconds)


def test_no_time_is_too_early_or_too_late():
    clock_module.time = Years(0)
    try:
        for epoch, text in (
            (-(10**15), "2000-01-01T00:00:00"),
            (0, "2000-01-01T00:00:00"),
            (2**31, "2037-12-31T23:59:59"),
            (10**15, "2037-12-31T23:59:59"),
        ):
            for offset, zone in ((0, "+00:00"), (50400, "+14:00"), (-43200, "-12:00")):
                assert iso_time(epoch, offset) == text + zone
    finally:
        clock_module.time = time


def test_a_clock_of_later_than_2035_counts_as_unset():
    try:
        for now, is_set in (
            (1704067199, False),
            (1704067200, True),
            (MAX_EPOCH, True),
            (MAX_EPOCH + 1, False),
            (2145916800, False),
        ):
            clock_module.time = Years(now)
            assert clock_module.Clock(lambda: 0).is_set() is is_set, now
    finally:
        clock_module.time = time
    assert iso_time(MAX_EPOCH, 0) == "2035-12-31T23:59:59+00:00"
