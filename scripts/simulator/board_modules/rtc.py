"""`rtc`: the calendar clock. Nothing keeps it over a power cut, so it starts at 2000-01-01."""

import time

from core import clock


class RTC:
    def __init__(self):
        pass

    @property
    def datetime(self):
        return time.localtime()

    @datetime.setter
    def datetime(self, value):
        clock.set_calendar(time.mktime(value))

    @property
    def calibration(self):
        return 0

    @calibration.setter
    def calibration(self, value):
        raise NotImplementedError("RTC calibration is not supported on this board")


def set_time_source(rtc):
    raise NotImplementedError("the simulator has one time source only")
