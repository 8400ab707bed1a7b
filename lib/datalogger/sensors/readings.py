"""The latest values of all sensors, with their minima and maxima."""

import json
from array import array
from math import isfinite, isnan

from micropython import const

_RETRY_TENTHS = const(100)  # a sensor that could not be set up is tried again this often
_NAN = float("nan")


def number(value, decimals):
    """A value as JSON: rounded, null when there is none."""
    if not isfinite(value):
        return "null"
    return "%.*f" % (decimals, value)


class Readings:
    """Reads the sensors every LIVE_SECONDS. A sensor that fails has the value NaN and a sentence in
    `errors`, and is tried again; the others go on."""

    def __init__(self, sensors, clock, settings, log):
        """sensors: classes like those in kinds.py."""
        self.sensors = sensors
        self._clock = clock
        self._settings = settings
        self._log = log
        count = len(sensors)
        nothing = [_NAN] * count
        self.values = array("f", nothing)
        self.lowest = array("f", nothing)
        self.highest = array("f", nothing)
        self.errors = [None] * count
        self.revision = 0
        self._devices = [None] * count
        self._retry_at = [0] * count

    def columns(self):
        """The names of the sensors."""
        return [sensor.name for sensor in self.sensors]

    def value(self, name):
        """The latest value of the sensor with that name, None when there is none."""
        for index in range(len(self.sensors)):
            if self.sensors[index].name == name and not isnan(self.values[index]):
                return self.values[index]
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
            if not self.lowest[index] <= value:  # also while it is NaN
                self.lowest[index] = value
            if not self.highest[index] >= value:
                self.highest[index] = value
        self.revision += 1

    def _read(self, index):
        device = self._devices[index]
        if device is None:
            if self._clock.tenths < self._retry_at[index]:
                return None
            self._retry_at[index] = self._clock.tenths + _RETRY_TENTHS
            device = self._devices[index] = self.sensors[index]()
        value = device.read()
        if value is None or isnan(value):
            raise ValueError("no value")
        return value

    def _failed(self, index, error):
        self.values[index] = _NAN
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
