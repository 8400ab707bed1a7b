"""The watchdog's wire to the computer, which ends a program that doesn't feed it in time."""

from . import clock, host, link, power

_TELL_EVERY_US = (
    100000  # far below any timeout in use; a message per feeding would be most of the work
)

_FED = b'["fed"]\n'
_next_us = 0
_timeout_us = 0  # 0: not watched
_held_us = 0  # the board's time, since the latest feeding, in which the program could not run


def start(timeout_s):
    """Begins to watch (0: ends it). A reset by the program counts from then on as one by the watchdog,
    because what tells both apart is a mark that the start leaves (CircuitPython's Processor.c and
    the Pico SDK's watchdog_enable())."""
    global _timeout_us, _held_us
    if timeout_s and power.reset_reason == "SOFTWARE":
        power.reset_reason = "WATCHDOG"
    _timeout_us = int(timeout_s * 1000000)
    _held_us = 0
    link.report("watchdog", timeout_s)


def feed():
    global _next_us, _held_us
    _held_us = 0
    now = host.now_us()
    if now >= _next_us:
        _next_us = now + _TELL_EVERY_US
        link.report_line(_FED)


def hold(duration_us):
    """Nothing of the program runs for a time of the board, because something below it waits. At
    whatever speed the board's time passes, the watchdog bites if that takes too long."""
    global _held_us
    _held_us += duration_us
    if _timeout_us and _held_us > _timeout_us:
        link.report("bite")
        link.finish("watchdog")
    clock.sleep_us(duration_us)


def hard_fault(what):
    """What the firmware does here on a board is to write where no memory is: the board restarts in
    safe mode, with nothing running but safemode.py."""
    link.report("fault", what)
    link.finish("fault")
