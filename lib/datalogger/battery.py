"""Whether the battery is too low to write settings or code."""

from micropython import const

_HYSTERESIS = 0.1  # volts above the limit before the battery counts as charged again
_CHECK_TENTHS = const(10)
_IN_A_ROW = const(3)  # readings below the limit before it counts: Wi-Fi pulls the voltage down


class Battery:
    """Compares the supply voltage with LOW_BATTERY_VOLTS; `low` is the result."""

    def __init__(self, clock, settings, log, readings):
        """readings: Readings with a sensor named "voltage"."""
        self._clock = clock
        self._settings = settings
        self._log = log
        self._readings = readings
        self._below = 0
        self.low = False

    def volts(self):
        """The supply voltage, None while unknown."""
        return self._readings.value("voltage")

    def run(self):
        """The task that watches the voltage (a generator)."""
        due = 0
        while True:
            if self._clock.tenths >= due:
                due = self._clock.tenths + _CHECK_TENTHS
                self._look()
            yield

    def _look(self):
        limit = self._settings["LOW_BATTERY_VOLTS"]
        volts = self.volts()
        if volts is None and limit:
            return
        if not limit or volts >= limit + _HYSTERESIS:
            self._below = 0
            if self.low:
                self.low = False
                self._log.info("The battery is charged again.")
        elif volts < limit:
            self._below += 1
            if self._below >= _IN_A_ROW and not self.low:
                self.low = True
                self._log.warning("The battery is low: %.2f V." % volts)
