"""Time: how long the board has been up, and what time it is once someone has said so."""

import time

from micropython import const

from .nonvolatile import KEPT, KEPT_AT, OFFSET_AT, OFFSET_IS_SET, OFFSET_ZERO

_TICKS_MASK = const((1 << 29) - 1)  # supervisor.ticks_ms() wraps here, after 6.2 days

# The board has no battery behind its clock: it starts at 2000-01-01, so an earlier time than
# this one (2024-01-01) means that nobody has set it.
MIN_EPOCH = const(1704067200)
MAX_EPOCH = const(2082758399)  # the end of 2035: with two years of uptime on top all is well
# time.localtime() of CircuitPython raises OverflowError before 2000, and from 2038-01-19 on, because
# its seconds are a signed word.
_FIRST_EPOCH = const(946684800)
_LAST_EPOCH = const(2145916799)
_KEEP_TENTHS = const(100)
MAX_OFFSET_S = const(14 * 3600)  # UTC+14 is the largest in use


class Clock:
    """Uptime without wrapping, UTC time, and the offset of the people who look at it.

    All tasks read the attribute `tenths` (tenths of a second since start, an int): floats have
    22 bits of mantissa on the board and lose tenths of seconds within days. `tick()` brings it
    up to date once per round of the main loop. `source` says who set the clock last: "browser",
    "ntp", "rtc", "kept" over a restart, "" while it is unset; `drifts` by how many seconds each was
    ahead of the clock when it was last heard.
    """

    def __init__(self, ticks_ms, rtc=None, nvm=None, memory=None):
        """ticks_ms: function like supervisor.ticks_ms; rtc: object with a settable `datetime`;
        nvm: bytearray-like memory that survives resets and keeps the UTC offset; memory: the same,
        but one that may be written often, which keeps the time."""
        self._ticks_ms = ticks_ms
        self._rtc = rtc
        self._nvm = nvm
        self.memory = memory
        self._keep_at = 0
        self.source = ""
        self.drifts = {}
        self.ticks = ticks_ms()
        self.tenths = 0
        self._rest = 0
        self._zero = None
        self.utc_offset_s = 0
        if nvm is not None and nvm[OFFSET_AT] == OFFSET_IS_SET:
            minutes = (nvm[OFFSET_AT + 1] << 8 | nvm[OFFSET_AT + 2]) - OFFSET_ZERO
            if abs(minutes) * 60 <= MAX_OFFSET_S:
                self.utc_offset_s = minutes * 60
        now = int(time.time())
        if MIN_EPOCH <= now <= MAX_EPOCH:
            self._zero = now
            self.source = "kept"

    def tick(self):
        """Bring `ticks` and `tenths` up to date; at least once every six days."""
        now = self._ticks_ms()
        elapsed = self._rest + ((now - self.ticks) & _TICKS_MASK)
        self.ticks = now
        if elapsed >= 100:
            self.tenths += elapsed // 100
            elapsed %= 100
            if self.tenths >= self._keep_at:
                self.keep()
        self._rest = elapsed

    def ms_since(self, ticks):
        """Milliseconds since the board's ticks were that; less than six days."""
        return (self._ticks_ms() - ticks) & _TICKS_MASK

    def now(self):
        """The board's ticks at this moment, in ms, for ms_since()."""
        return self._ticks_ms()

    def is_set(self):
        """Whether the time is known."""
        return self._zero is not None

    def epoch(self, tenths=None):
        """Seconds since 1970-01-01 UTC at uptime `tenths` (default: now); None while unset."""
        if self._zero is None:
            return None
        return self._zero + (self.tenths if tenths is None else tenths) // 10

    def keep(self):
        """Write the time to the memory that outlives a restart; rare/clock_start.py reads it."""
        self._keep_at = self.tenths + _KEEP_TENTHS
        if self._zero is not None and self.memory is not None:
            content = self.epoch().to_bytes(4, "big")
            check = bytes((sum(content) & 0xFF,))
            self.memory[KEPT_AT : KEPT_AT + 6] = KEPT + content + check

    def set(self, epoch, utc_offset_s, source="browser"):
        """Set the time. Who calls it has checked the values. source: who says so."""
        if self._zero is not None:
            self.drifts[source] = epoch - self.epoch()
        self.source = source
        if self._rtc is not None:
            self._rtc.datetime = time.localtime(epoch)
        self._zero = epoch - self.tenths // 10
        self.keep()
        self.set_offset(utc_offset_s)

    def set_offset(self, utc_offset_s):
        """Set the offset of local time, whole minutes in seconds, also for later starts."""
        if utc_offset_s != self.utc_offset_s:
            self.utc_offset_s = utc_offset_s
            if self._nvm is not None:
                code = utc_offset_s // 60 + OFFSET_ZERO
                content = bytes((OFFSET_IS_SET, code >> 8, code & 0xFF))
                self._nvm[OFFSET_AT : OFFSET_AT + 3] = content

    def iso(self, tenths):
        """ISO 8601 local time with its UTC offset at uptime `tenths`; the clock must be set."""
        return iso_time(self.epoch(tenths), self.utc_offset_s)

    def uptime_text(self, tenths=None):
        """Seconds since start with one decimal, as text: exact, unlike a float on the board."""
        if tenths is None:
            tenths = self.tenths
        return "%d.%d" % (tenths // 10, tenths % 10)


def iso_time(epoch, utc_offset_s):
    """ISO 8601 text such as 2026-11-23T00:00:04+01:00, of the years 2000 to 2037: times beyond them
    become the first or last of these."""
    local = time.localtime(min(max(epoch + utc_offset_s, _FIRST_EPOCH), _LAST_EPOCH))
    minutes = abs(utc_offset_s) // 60
    return "%04d-%02d-%02dT%02d:%02d:%02d%s%02d:%02d" % (
        local[0],
        local[1],
        local[2],
        local[3],
        local[4],
        local[5],
        "-" if utc_offset_s < 0 else "+",
        minutes // 60,
        minutes % 60,
    )
