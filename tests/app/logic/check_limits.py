"""Limits of channels: the setting LIMITS, when a limit is passed, and what follows."""

import gc

from datalogger.outputs.loading import Output
from datalogger.rare.limits import load, parse
from datalogger.sensors.limits import Limits
from datalogger.sensors.readings import Readings
from datalogger.settings import SettingError
from fakes import (
    FakeSettings,
    MovedClock,
    checked_settings,
    chosen,
    problem,
    quiet_log,
    raises,
    texts,
)


class Level:
    name = "level"
    label = "Level"
    unit = "m"
    decimals = 1
    value = 20

    def read(self):
        if Level.value is None:
            raise OSError(5)
        return Level.value


class Switch:
    safe = False

    def set(self, value):
        pass


class Dimmer:
    safe = 0
    highest = 100
    broken = False

    def set(self, value):
        if self.broken:
            raise OSError(5)


class App:
    """A board with two outputs and one channel, whose value the test sets."""

    def __init__(self, limits):
        Level.value = 20
        self.clock = MovedClock()
        self.log = quiet_log(self.clock)
        self.settings = FakeSettings(LIMITS=limits)
        self.readings = Readings(chosen(Level), self.clock, self.settings, self.log)
        self.outputs = (Output("fan", "Fan", Switch()), Output("heat", "Heater", Dimmer()))
        self.limits = load(self)
        self._task = self.limits.run()

    def measure(self, value, wait_s=1):
        """Measure once; returns the state of the channel."""
        Level.value = value
        self.clock.pass_s(wait_s)
        self.readings.update()
        next(self._task)
        return self.limits.of(0).state


def test_all_that_can_be_set():
    assert parse("a: low=5, high=30.5, hysteresis=1, seconds=60, high_output=fan; b: low=-1") == {
        "a": {"low": 5, "high": 30.5, "hysteresis": 1, "seconds": 60, "high_output": "fan"},
        "b": {"low": -1},
    }
    assert parse("") == {}


def test_what_can_not_be():
    for text in (
        "a",
        "a: high",
        "a: high=warm",
        "a: high=nan",
        "a: high=1e7",
        "a: hysteresis=1",
        "a: high=5, low=5",
        "a: high=5, low=6",
        "a: high=5, low=4, hysteresis=1",
        "a: high=5, hysteresis=-1",
        "a: high=5, seconds=-1",
        "a: high=5, seconds=86401",
        "a: high=5, low_output=fan",
        "a: high=5, high_output=",
        "a: high=5, label=x",
        "a: high=5; a: low=1",
        "a: high=5, high_output=fan; b: low=5, low_output=fan",
    ):
        assert problem(parse, text), text
    assert problem(parse, "a: high=5, low=4, hysteresis=0.5") is None
    error = raises(SettingError, checked_settings, FakeSettings(), {"LIMITS": "a: high=x"})
    assert error.field == "LIMITS" and "high" in str(error)


def test_a_limit_is_passed_and_kept_again():
    app = App("level: low=10, high=30")
    for value, state in ((30, "ok"), (30.1, "high"), (30, "ok"), (10, "ok"), (9.9, "low")):
        assert app.measure(value) == state, value
    assert app.measure(31) == "high"
    told = texts(app.log)
    assert "Level is too high: 30.1 m." in told and "Level is too low: 9.9 m." in told
    assert "Level is within its limits again: 30.0 m." in told


def test_hysteresis():
    app = App("level: low=10, high=30, hysteresis=2")
    for value, state in (
        (29, "ok"),
        (31, "high"),
        (28.1, "high"),
        (28, "ok"),
        (29.9, "ok"),
        (9.9, "low"),
        (11.9, "low"),
        (12, "ok"),
    ):
        assert app.measure(value) == state, value


def test_a_change_must_last():
    app = App("level: high=30, seconds=10")
    assert app.measure(31) == "ok"
    assert app.measure(31, 9) == "ok"
    assert app.measure(29) == "ok"  # the ten seconds begin anew
    assert app.measure(31) == "ok"
    assert app.measure(31, 10) == "high"
    since = app.readings.since[0]
    assert since == app.clock.tenths
    assert app.measure(29) == "high"
    assert app.measure(29, 10) == "ok"
    assert app.readings.since[0] > since


def test_outputs_follow():
    app = App("level: low=10, high=30, high_output=fan, low_output=heat")
    fan, heater = app.outputs
    assert fan.value is False and heater.value == 0
    app.measure(31)
    assert fan.value is True and heater.value == 0
    fan.set(False)  # by hand: it stays off until a limit is passed again
    app.measure(32)
    assert fan.value is False
    app.measure(20)
    app.measure(31)
    assert fan.value is True
    app.measure(5)
    assert fan.value is False and heater.value == 100
    app.measure(20)
    assert heater.value == 0
    told = texts(app.log)
    assert "Fan: on." in told and "Heater: off." in told


def test_without_a_value_nothing_stays_switched_on():
    app = App("level: low=10, low_output=fan, seconds=5")
    app.measure(5)
    app.measure(5, 5)
    assert app.outputs[0].value is True
    assert app.measure(None) == "low"  # one failed reading is not enough
    assert app.measure(None, 5) == "ok"
    assert app.outputs[0].value is False
    assert "Level has no value: its limits are not watched." in texts(app.log)


def test_an_output_that_fails_stops_nothing():
    app = App("level: high=30, low=10, high_output=heat, low_output=fan")
    app.outputs[1].device.broken = True
    assert app.measure(31) == "high"
    assert "Heater can't be set." in texts(app.log)
    app.measure(5)
    assert app.outputs[0].value is True


def test_what_is_not_there_is_told():
    app = App("level: high=30, high_output=lamp; other: low=1")
    assert app.measure(31) == "high"
    told = texts(app.log)
    assert "no output called lamp" in told and "no channel called other" in told
    assert app.limits.of(1) is None


def test_a_reading_within_the_limits_allocates_nothing():
    if not hasattr(gc, "mem_alloc"):
        return  # CPython can't measure it
    app = App("level: low=10, high=30, hysteresis=1, seconds=60, high_output=fan")
    app.measure(20)
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    for _ in range(50):
        app.limits.look()
    grown = gc.mem_alloc() - before
    gc.enable()
    assert grown == 0, grown
    assert isinstance(app.limits, Limits)
