"""The board's time: it runs `speed` times as fast as the computer's, and its calendar starts
unset."""

from . import conditions, host, link, power

_CHECK_EVERY_US = 20000

checks = []  # functions to be called every 20 ms: what goes on beside the program

_started_us = host.now_us()  # of the computer, when the present speed began
_base_us = power.kept["uptime_ms"] * 1000  # of the board, at that moment
_speed = 1000  # thousandths
_next_check_us = 0


def _set_speed(key):
    global _started_us, _base_us, _speed
    if key != "speed":
        return
    now = host.now_us()
    _base_us += (now - _started_us) * _speed // 1000
    _started_us = now
    _speed = int(conditions.now["speed"] * 1000)


def begin():
    """Takes up the time from where the last run of the program left it."""
    global _started_us, _base_us
    _started_us = host.now_us()
    _base_us = power.kept["uptime_ms"] * 1000
    conditions.listeners.append(_set_speed)
    link.before_finish.append(_keep)
    _set_speed("speed")


def _keep():
    power.kept["uptime_ms"] = uptime_ms()


def uptime_us():
    """Microseconds since power-up. Also the moment at which news from the computer is taken in."""
    global _next_check_us
    now = host.now_us()
    if now >= _next_check_us:
        _next_check_us = now + _CHECK_EVERY_US
        link.receive()
        link.pass_on_news()
        for check in checks:
            check()
        now = host.now_us()  # a new speed counts from just now
    return _base_us + (now - _started_us) * _speed // 1000


def now_us():
    """The same for those who take part in such news."""
    return _base_us + (host.now_us() - _started_us) * _speed // 1000


def uptime_ms():
    return uptime_us() // 1000


def sleep_us(duration):
    """Sleeps for a time of the board."""
    end = uptime_us() + duration
    while True:
        left = end - uptime_us()
        if left <= 0:
            return
        host.sleep_us(min(left * 1000 // _speed + 1, _CHECK_EVERY_US))


def calendar_s():
    """Seconds since 1970 as the board's clock shows them."""
    return power.kept["clock_offset_s"] + uptime_ms() // 1000


def set_calendar(seconds):
    power.kept["clock_offset_s"] = seconds - uptime_ms() // 1000
