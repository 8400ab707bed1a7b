"""Takes times without the part that the operating system let this process wait for a processor, where it tells (Linux).

On a computer that does other things too, most long steps are long because of those. A board has nothing else to do.
"""

from time import ticks_us

_LONG_US = 200  # only after so long it is worth looking whether the process had to wait
_AT_ONCE_US = 100


class Stopwatch:
    """`lap()` is the time since the last `lap()`; it allocates nothing unless that is long."""

    def __init__(self):
        try:
            self._file = open("/proc/self/schedstat", "rb")  # noqa: SIM115 - open as long as the process
        except OSError:
            self._file = None
        self._then = bytearray(64)
        self._now = bytearray(64)
        self.waited = 0
        self.now = self._read(self._then)

    def lap(self):
        """Microseconds, without those in `waited`, which were spent waiting; `now` is the time at the end."""
        before = self.now
        self.now = now = self._read(self._now)
        self.waited = 0
        if now - before > _LONG_US and self._file:
            self.waited = (_waited(self._now) - _waited(self._then)) // 1000
        self._then, self._now = self._now, self._then
        return now - before - self.waited

    def _read(self, buffer):
        """Read what the system tells into the buffer; return the time at which that was so."""
        while True:
            now = ticks_us()
            if not self._file:
                return now
            self._file.seek(0)
            self._file.readinto(buffer)
            if ticks_us() - now < _AT_ONCE_US:  # else the process waited just here
                return now


def _waited(line):
    """Nanoseconds: the second number, as the kernel's Documentation/scheduler/sched-stats says."""
    return int(bytes(line).split(b" ")[1])
