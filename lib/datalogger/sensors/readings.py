"""The latest values of all sensors, with their minima and maxima."""

import json
from array import array

from micropython import const

from ..log import described

_RETRY_TENTHS = const(100)  # a sensor that could not be set up is tried again this often
NOTHING = const(-0x40000000)  # in the place of a value; one more is the least that can be kept
_FRESH_TENTHS = const(5)  # values of one moment: they are not read twice
_LONG_MS = const(1000)  # to read one sensor; everything else waits meanwhile
_OFF = "Switched off: the board hung while it was read. A restart tries it again."


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


class Readings:
    """Reads the sensors every LIVE_SECONDS. A sensor that fails has the value NOTHING and a
    sentence in `errors`, and is tried again; the others go on. Values are as fixed() makes them."""

    def __init__(self, sensors, clock, settings, log, feed=None, marks=None, off=0):
        """sensors: as loading.py makes them; feed: function that feeds the watchdog; marks: memory
        that outlives a reset by the watchdog, which is told what is being read; off: a bit for
        each sensor that is not read, see rare/suspects.py."""
        self.sensors = sensors
        self.off = off & ((1 << len(sensors)) - 1)
        self._feed = feed or (lambda: None)
        self._marks = bytearray(1) if marks is None else marks
        self._read_at = -_FRESH_TENTHS
        self._longest_ms = _LONG_MS
        self._clock = clock
        self._settings = settings
        self._log = log
        count = len(sensors)
        nothing = [NOTHING] * count
        self.values = array("i", nothing)
        self.lowest = array("i", nothing)
        self.highest = array("i", nothing)
        self.errors = [_OFF if off >> index & 1 else None for index in range(count)]
        self.revision = 0
        self._devices = [None] * count
        self._retry_at = [0] * count

    def columns(self):
        """The names of the sensors."""
        return [sensor.name for sensor in self.sensors]

    def names_off(self):
        """The names of the sensors that are switched off."""
        return [self.sensors[n].name for n in range(len(self.sensors)) if self.off >> n & 1]

    def value(self, name):
        """The latest value of the sensor with that name as a float, None when there is none."""
        for index in range(len(self.sensors)):
            if self.sensors[index].name == name and self.values[index] != NOTHING:
                return self.values[index] / 10 ** self.sensors[index].decimals
        return None

    def is_fresh(self):
        """Whether all sensors have been read a moment ago."""
        return self._clock.tenths - self._read_at < _FRESH_TENTHS

    def update(self):
        """Read all sensors."""
        self._read_at = self._clock.tenths
        for index in range(len(self.sensors)):
            if self.off >> index & 1:
                continue
            self._feed()
            self._marks[0] = index + 1
            start = self._clock.now()
            try:
                value = self._read(index)
            except Exception as error:  # noqa: BLE001 - any driver may raise anything
                self._failed(index, error)
                continue
            finally:
                self._marks[0] = 0
                self._look_at_time(index, self._clock.ms_since(start))
            if value is None:
                continue
            if self.errors[index]:
                self._log.info("%s works again." % self.sensors[index].label)
                self.errors[index] = None
            self.values[index] = value
            if value < self.lowest[index] or self.lowest[index] == NOTHING:
                self.lowest[index] = value
            self.highest[index] = max(self.highest[index], value)
        self.revision += 1

    def _read(self, index):
        device = self._devices[index]
        if device is None:
            if self._clock.tenths < self._retry_at[index]:
                return None
            self._retry_at[index] = self._clock.tenths + _RETRY_TENTHS
            device = self._devices[index] = self.sensors[index]()
        value = device.read()
        if value is None:
            raise ValueError("no value")
        return fixed(value, self.sensors[index].decimals)

    def _failed(self, index, error):
        self.values[index] = NOTHING
        text = described(error)
        if not self.errors[index]:
            self._log.warning("%s fails: %s" % (self.sensors[index].label, text))
        self.errors[index] = "The sensor fails (%s); it is tried again." % text

    def _look_at_time(self, index, ms):
        """Tell of the sensor that takes the longest so far, if that is long."""
        if ms > self._longest_ms:
            self._longest_ms = ms
            label = self.sensors[index].label
            self._log.warning("%s takes %d ms; nothing else goes on meanwhile." % (label, ms))

    def run(self):
        """The task that keeps the values fresh (a generator)."""
        due = 0
        while True:
            if self._clock.tenths >= due:
                self.update()
            due = self._read_at + self._settings["LIVE_SECONDS"] * 10
            yield

    def row_json(self, samples, row):
        """The values of a row of Samples as JSON, separated by commas."""
        texts = []
        for column in range(samples.columns):
            texts.append(number(samples.value(row, column), self.sensors[column].decimals))
        return ",".join(texts)

    def texts(self):
        """The answer to GET /api/readings as JSON, sensor by sensor (a generator)."""
        epoch = json.dumps(self._clock.epoch())
        yield '{"t":%s,"epoch":%s,"readings":[' % (self._clock.uptime_text(), epoch)
        comma = ""
        for index in range(len(self.sensors)):
            sensor = self.sensors[index]
            decimals = sensor.decimals
            yield (
                '%s{"name":"%s","label":%s,"unit":%s,"decimals":%d,"value":%s,"min":%s,"max":%s,'
                '"error":%s}'
                % (
                    comma,
                    sensor.name,
                    json.dumps(sensor.label),
                    json.dumps(sensor.unit),
                    decimals,
                    number(self.values[index], decimals),
                    number(self.lowest[index], decimals),
                    number(self.highest[index], decimals),
                    json.dumps(self.errors[index]),
                )
            )
            comma = ","
        yield "]}"
