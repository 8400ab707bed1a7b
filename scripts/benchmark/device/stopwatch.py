"""Takes times without the part that the operating system let this process wait for a processor, where it tells (Linux).

On a computer that does other things too, most long steps are long because of those. A board has nothing else to do.
"""

from time import ticks_us

_LONG_US = 200  # only after so long it is worth looking whether the process had to wait
_AT_ONCE_US = 100


class Stopwatch:
    """`lap()` is the microseconds since the last `lap()`; it allocates nothing unless that is long."""

    def __init__(self):
        try:
            self._file = open("/proc/self/schedstat", "rb")  # noqa: SIM115 - open as long as the process
        except OSError:
            self._file = None
        self._then = bytearray(64)
        self._now = bytearray(64)
        self._read()

    def lap(self):
        before = self.now
        self._then, self._now = self._now, self._then
        self._read()
        passed = self.now - before
        if passed > _LONG_US and self._file:
            passed -= (_waited(self._now) - _waited(self._then)) // 1000
        return passed

    def _read(self):
        """Take the time, and what the system tells at that time."""
        while True:
            self.now = ticks_us()
            if not self._file:
                return
            self._file.seek(0)
            self._file.readinto(self._now)
            if ticks_us() - self.now < _AT_ONCE_US:  # else the process waited just here
                return


def _waited(line):
    """Nanoseconds: the second number, as the kernel's Documentation/scheduler/sched-stats says."""
    return int(bytes(line).split(b" ")[1])
