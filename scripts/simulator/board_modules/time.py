"""`time`: the board's own clock. `monotonic` has the precision of the board's 30-bit floats."""

from core import clock

_SECONDS_PER_DAY = 86400
_LATEST_S = (1 << 31) - 1  # localtime() takes a signed word (adafruit/circuitpython issue 2573)
_DAYS_BEFORE_MONTH = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)

# A float of the board has 22 significant bits: with each power of two, the steps per second halve.
_steps_per_second = 1 << 21
_valid_below_us = 2000000


class struct_time(tuple):
    @property
    def tm_year(self):
        return self[0]

    @property
    def tm_mon(self):
        return self[1]

    @property
    def tm_mday(self):
        return self[2]

    @property
    def tm_hour(self):
        return self[3]

    @property
    def tm_min(self):
        return self[4]

    @property
    def tm_sec(self):
        return self[5]

    @property
    def tm_wday(self):
        return self[6]

    @property
    def tm_yday(self):
        return self[7]

    @property
    def tm_isdst(self):
        return self[8]

    def __repr__(self):
        return (
            "struct_time(tm_year=%d, tm_mon=%d, tm_mday=%d, tm_hour=%d, tm_min=%d, tm_sec=%d, "
            "tm_wday=%d, tm_yday=%d, tm_isdst=%d)"
        ) % tuple(self)


def monotonic():
    global _steps_per_second, _valid_below_us
    now = clock.uptime_us()
    while now >= _valid_below_us:
        _valid_below_us *= 2
        _steps_per_second /= 2
    return now * _steps_per_second // 1000000 / _steps_per_second


def monotonic_ns():
    return clock.uptime_us() * 1000


def sleep(seconds):
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    clock.sleep_us(int(seconds * 1000000))


def time():
    return clock.calendar_s()


def localtime(secs=None):
    if secs is None:
        secs = clock.calendar_s()
    elif secs > _LATEST_S:
        raise OverflowError("overflow converting long int to machine word")
    days, second = divmod(int(secs), _SECONDS_PER_DAY)
    weekday = (days + 3) % 7  # 1970-01-01 was a Thursday
    year = 1970
    while days >= _days_in_year(year):
        days -= _days_in_year(year)
        year += 1
    month = 12
    while days < _days_before(year, month):
        month -= 1
    return struct_time(
        (
            year,
            month,
            days - _days_before(year, month) + 1,
            second // 3600,
            second // 60 % 60,
            second % 60,
            weekday,
            days + 1,
            -1,
        )
    )


def mktime(t):
    """Seconds since 1970; fields out of range carry over."""
    year, month = t[0] + (t[1] - 1) // 12, (t[1] - 1) % 12 + 1
    if year < 1970:
        raise OverflowError("timestamp out of range for platform time_t")
    days = sum([_days_in_year(passed) for passed in range(1970, year)])
    days += _days_before(year, month) + t[2] - 1
    return days * _SECONDS_PER_DAY + t[3] * 3600 + t[4] * 60 + t[5]


def _is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _days_in_year(year):
    return 366 if _is_leap(year) else 365


def _days_before(year, month):
    return _DAYS_BEFORE_MONTH[month - 1] + (1 if month > 2 and _is_leap(year) else 0)
