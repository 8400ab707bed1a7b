"""The latest values of all channels, with their minima and maxima."""

from array import array
from collections import namedtuple

from micropython import const

from ..log import described

_RETRY_TENTHS = const(100)  # a device that could not be made is tried again this often
NOTHING = const(-0x40000000)  # in the place of a value; one more is the least that can be kept
_FRESH_TENTHS = const(5)  # values of one moment: they are not read twice
_MS_A_TENTH = const(50)  # of reading: the other half of the time is for everything else
_LONG_MS = const(1000)  # to read one sensor; everything else waits meanwhile
_OFF = "Switched off: the board hung while it was read. A restart tries it again."

# One measured value: column of the recordings, text for people, unit, decimal places; what is
# measured is shown times `factor` plus `offset`.
Channel = namedtuple("Channel", ("name", "label", "unit", "decimals", "factor", "offset"))


def fixed(value, decimals):
    """A number as a whole number of its last decimal place, as it is kept: floats of the board are
    exact up to 4 million only. Raises ValueError when it can't be kept, as infinite and NaN."""
    scaled = value * 10**decimals
    if not NOTHING < scaled < -NOTHING:
        raise ValueError("the value can't be kept: %s" % value)
    return round(scaled)


def number(value, decimals, nothing="null"):
    """A kept value as text, as in JSON and CSV."""
    if value == NOTHING:
        return nothing
    if not decimals:
        return str(value)
    unit = 10**decimals
    sign = "-" if value < 0 else ""
    value = abs(value)
    return "%s%d.%0*d" % (sign, value // unit, decimals, value % unit)


class Sensor:
    """A chosen sensor. `kind(*arguments)` makes its device, which has a read() that returns one
    number, or a tuple of one for each channel; in the place of a number, an exception or None where
    there is none; an empty tuple while there is nothing new. Whatever it raises counts as a failure
    of all channels; a device that has deinit() is made anew then."""

    def __init__(self, name, kind, arguments, channels, device=None):
        """name: as in the setting SENSORS; channels: a list of Channel."""
        self.name = name
        self.kind = kind
        self.arguments = arguments
        self.channels = channels
        self.device = device
        self.retry_at = 0
        self.fails = False


class Readings:
    """Reads the sensors every LIVE_SECONDS. A channel that fails has the value NOTHING and a
    sentence in `errors`, and is tried again; the others go on. Values are as fixed() makes them;
    `since` has the uptime in tenths at which a channel's state began."""

    limits = None  # or a Limits

    def __init__(self, sensors, clock, settings, log, feed=None, marks=None, off=0):
        """sensors: a list of Sensor; feed: function that feeds the watchdog; marks: memory that
        outlives a reset by the watchdog, which is told what is being read; off: a bit for each
        sensor that is not read, see rare/suspects.py."""
        self.sensors = sensors
        self.channels = [channel for sensor in sensors for channel in sensor.channels]
        self.off = off & ((1 << len(sensors)) - 1)
        self._feed = feed or (lambda: None)
        self._marks = bytearray(1) if marks is None else marks
        self._read_at = self._fresh_until = 0
        self._longest_ms = _LONG_MS
        self._clock = clock
        self._settings = settings
        self._log = log
        nothing = [NOTHING] * len(self.channels)
        self.values = array("i", nothing)
        self.lowest = array("i", nothing)
        self.highest = array("i", nothing)
        self.since = array("I", bytes(4 * len(nothing)))
        self.errors = []
        for number, sensor in enumerate(sensors):
            self.errors.extend([_OFF if off >> number & 1 else None] * len(sensor.channels))
        self.revision = 0

    def columns(self):
        """The names of the channels."""
        return [channel.name for channel in self.channels]

    def value(self, name):
        """The latest value of the channel with that name as a float, None when there is none."""
        for index, channel in enumerate(self.channels):
            if channel.name == name and self.values[index] != NOTHING:
                return self.values[index] / 10**channel.decimals
        return None

    def is_fresh(self):
        """Whether all sensors have been read a moment ago."""
        return self._clock.tenths < self._fresh_until

    def update(self):
        """Read all sensors."""
        clock = self._clock
        start = clock.now()
        self._read_at = clock.tenths
        first = 0
        for index, sensor in enumerate(self.sensors):
            if not self.off >> index & 1:
                self._take(first, sensor, self._read(index, sensor))
            first += len(sensor.channels)
        fresh = max(_FRESH_TENTHS, clock.ms_since(start) // _MS_A_TENTH)
        self._fresh_until = self._read_at + fresh
        self.revision += 1

    def _read(self, index, sensor):
        """What the device gives, or the exception that it raises. The log is told of the one that
        takes the longest so far, if that is long."""
        self._feed()
        self._marks[0] = index + 1
        clock = self._clock
        start = clock.now()
        try:
            if sensor.device is None:
                if clock.tenths < sensor.retry_at:
                    return ()
                sensor.retry_at = clock.tenths + _RETRY_TENTHS
                sensor.device = sensor.kind(*sensor.arguments)
            return sensor.device.read()
        except Exception as error:  # noqa: BLE001 - any driver may raise anything
            device = sensor.device
            if hasattr(device, "deinit"):
                sensor.device = None
                try:
                    device.deinit()
                except Exception:  # noqa: BLE001, S110 - the first error says more
                    pass
            return error
        finally:
            self._marks[0] = 0
            ms = clock.ms_since(start)
            if ms > self._longest_ms:
                self._longest_ms = ms
                text = "%s takes %d ms; nothing else goes on meanwhile."
                self._log.warning(text % (sensor.name, ms))

    def _take(self, first, sensor, found):
        """Keep what a sensor gave, or failed with. first: index of its first channel."""
        several = isinstance(found, tuple)
        if several and not found:
            return
        problem = None
        for place in range(len(sensor.channels)):
            value = found
            if several:
                value = found[place] if place < len(found) else None
            error = self._keep(first + place, value)
            if error is not None:
                problem = error
        fails = problem is not None
        if fails and not sensor.fails:
            self._log.warning("%s fails: %s" % (sensor.name, described(problem)))
        elif sensor.fails and not fails:
            self._log.info("%s works again." % sensor.name)
        sensor.fails = fails

    def _keep(self, index, value):
        """Keep the value of a channel. Returns the error when there is none, else None."""
        channel = self.channels[index]
        problem = value
        if value is None:
            problem = ValueError("no value")
        elif not isinstance(value, Exception):
            try:
                value = fixed(value * channel.factor + channel.offset, channel.decimals)
                problem = None
            except Exception as error:  # noqa: BLE001 - it may be of any type
                problem = error
        if (problem is None) != (self.errors[index] is None):
            self.since[index] = self._clock.tenths
        if problem is not None:
            self.values[index] = NOTHING
            self.errors[index] = "The sensor fails (%s); it is tried again." % described(problem)
            return problem
        self.errors[index] = None
        self.values[index] = value
        if value < self.lowest[index] or self.lowest[index] == NOTHING:
            self.lowest[index] = value
        self.highest[index] = max(self.highest[index], value)
        return None

    def run(self):
        """The task that keeps the values fresh (a generator)."""
        due = 0
        while True:
            if self._clock.tenths >= due:
                self.update()
            due = self._read_at + self._settings["LIVE_SECONDS"] * 10
            due = max(due, self._fresh_until)
            yield
