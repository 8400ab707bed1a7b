"""The latest values of all sensors, with their minima and maxima."""

import json
from array import array

from micropython import const

_RETRY_TENTHS = const(100)  # a sensor that could not be set up is tried again this often
NOTHING = const(-0x40000000)  # in the place of a value; one more is the least that can be kept


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

    def __init__(self, sensors, clock, settings, log):
        """sensors: classes like those in kinds.py."""
        self.sensors = sensors
        self._clock = clock
        self._settings = settings
        self._log = log
        count = len(sensors)
        nothing = [NOTHING] * count
        self.values = array("i", nothing)
        self.lowest = array("i", nothing)
        self.highest = array("i", nothing)
        self.errors = [None] * count
        self.revision = 0
        self._devices = [None] * count
        self._retry_at = [0] * count

    def columns(self):
        """The names of the sensors."""
        return [sensor.name for sensor in self.sensors]

    def value(self, name):
        """The latest value of the sensor with that name as a float, None when there is none."""
        for index in range(len(self.sensors)):
            if self.sensors[index].name == name and self.values[index] != NOTHING:
                return self.values[index] / 10 ** self.sensors[index].decimals
        return None

    def update(self):
        """Read all sensors."""
        for index in range(len(self.sensors)):
            try:
                value = self._read(index)
            except Exception as error:  # noqa: BLE001 - any driver may raise anything
                self._failed(index, error)
                continue
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
        if not self.errors[index]:
            self._log.warning("%s fails: %r" % (self.sensors[index].label, error))
        self.errors[index] = "The sensor fails (%s); it is tried again." % type(error).__name__

    def run(self):
        """The task that keeps the values fresh (a generator)."""
        due = 0
        while True:
            if self._clock.tenths >= due:
                self.update()
                due = self._clock.tenths + self._settings["LIVE_SECONDS"] * 10
            elif due - self._clock.tenths > self._settings["LIVE_SECONDS"] * 10:
                due = self._clock.tenths
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
