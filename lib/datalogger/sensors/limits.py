"""Watches whether channels keep to their limits. Loaded only where LIMITS names any."""

from .readings import NOTHING, number


class Limit:
    """What is watched of one channel. `state` is "ok", "low" or "high". Values are as the channel
    is kept, see fixed()."""

    def __init__(self, index, low, high, hysteresis, tenths, outputs):
        """index: of the channel; low, high: None without; hysteresis: how far a value must be back
        within a limit; tenths: how long a change must last; outputs: {state: an Output that is on
        during it}."""
        self.index = index
        self.low = low
        self.high = high
        self.outputs = outputs
        self.state = "ok"
        self._hysteresis = hysteresis
        self._tenths = tenths
        self._wanted = "ok"
        self._since = 0

    def next(self, value, now):
        """The state after this value."""
        wanted = self._judge(value)
        if wanted != self._wanted:
            self._wanted = wanted
            self._since = now
        return wanted if now - self._since >= self._tenths else self.state

    def _judge(self, value):
        """What the value alone says. Without a value no limit is passed: whatever heats or cools
        must not go on blindly."""
        if value == NOTHING:
            return "ok"
        state = self.state
        back = self._hysteresis
        if self.high is not None and value > self.high - (back if state == "high" else 0):
            return "high"
        if self.low is not None and value < self.low + (back if state == "low" else 0):
            return "low"
        return "ok"


class Limits:
    """The task that watches, tells the log, and switches the outputs that follow a limit."""

    def __init__(self, limits, readings, clock, log):
        """limits: a list of Limit, as rare/limits.py makes it."""
        self.limits = limits
        self._readings = readings
        self._clock = clock
        self._log = log

    def of(self, index):
        """The Limit of the channel with that index, None where there is none."""
        for limit in self.limits:
            if limit.index == index:
                return limit
        return None

    def run(self):
        """Look at each new reading (a generator)."""
        revision = 0
        while True:
            if self._readings.revision != revision:
                revision = self._readings.revision
                self.look()
            yield

    def look(self):
        """Judge the latest values."""
        for limit in self.limits:
            state = limit.next(self._readings.values[limit.index], self._clock.tenths)
            if state != limit.state:
                self._change(limit, state)

    def _change(self, limit, state):
        before = limit.state
        limit.state = state
        readings = self._readings
        channel = readings.channels[limit.index]
        value = readings.values[limit.index]
        if value == NOTHING:
            self._log.warning("%s has no value: its limits are not watched." % channel.label)
        else:
            readings.since[limit.index] = self._clock.tenths
            tell = self._log.info if state == "ok" else self._log.warning
            what = "within its limits again" if state == "ok" else "too " + state
            value = number(value, channel.decimals)
            tell(("%s is %s: %s %s" % (channel.label, what, value, channel.unit)).strip() + ".")
        self._switch(limit.outputs.get(before), False)
        self._switch(limit.outputs.get(state), True)

    def _switch(self, output, on):
        if output is None:
            return
        device = output.device
        value = device.safe
        if on:
            value = True if type(value) is bool else getattr(device, "highest", 1)
        try:
            output.set(value)
        except Exception as error:  # noqa: BLE001 - any device may raise anything
            self._log.failure("%s can't be set." % output.label, error)
        else:
            self._log.info("%s: %s." % (output.label, "on" if on else "off"))
