"""Smaller components: readings, battery, restart, samples, rare modules."""

import sys
from array import array

from datalogger.app import App
from datalogger.battery import watch
from datalogger.nonvolatile import RESTART_AT, RESTART_PLANNED, STARTS_AT
from datalogger.on_demand import borrow, give_back, on_demand
from datalogger.rare import readings as live
from datalogger.rare import restart
from datalogger.rare.history import first_row
from datalogger.recording.samples import Samples
from datalogger.sensors.loading import Names, checked
from datalogger.sensors.readings import NOTHING, Readings, Sensor, fixed, number
from fakes import FakeSettings, MovedClock, chosen, exhaust, quiet_log, raises, texts


class Voltage:
    name = "voltage"
    label = 'Supply "voltage"'
    unit = "V"
    decimals = 2
    value = 3.5
    broken = False
    made = 0

    def __init__(self):
        Voltage.made += 1
        if Voltage.broken:
            raise RuntimeError("no such device")

    def read(self):
        if Voltage.value is None:
            raise OSError(5)
        return Voltage.value


class Other(Voltage):
    name = "other"
    decimals = 0

    def __init__(self):
        pass

    def read(self):
        return 1


def readings(**settings):
    Voltage.value = 3.5
    Voltage.broken = False
    Voltage.made = 0
    clock = MovedClock()
    log = quiet_log(clock)
    settings = FakeSettings(**settings)
    return Readings(chosen(Voltage, Other), clock, settings, log), clock, settings, log


def test_values_and_extremes():
    found, _, _, _ = readings()
    for value in (3.5, 3.0, 4.0, 3.25):
        Voltage.value = value
        found.update()
    assert found.value("voltage") == 3.25
    assert (found.lowest[0], found.highest[0]) == (300, 400)  # in hundredths
    assert found.value("nothing") is None


def test_what_is_no_number_spoils_nothing():
    found, _, _, _ = readings()
    found.update()
    for value in (float("inf"), float("-inf"), float("nan"), 1e300, -1e300, 1 << 80, "3.3", [1]):
        Voltage.value = value
        found.update()
        assert found.value("voltage") is None, value
        assert found.errors[0] and number(found.values[0], 2) == "null"
        assert (found.lowest[0], found.highest[0]) == (350, 350)
    Voltage.value = 3.25
    found.update()
    assert found.value("voltage") == 3.25 and not found.errors[0]
    assert (found.lowest[0], found.highest[0]) == (325, 350)


def test_texts_of_values():
    for value, decimals, text in (
        (-0.0, 1, "0.0"),
        (-0.04, 1, "0.0"),
        (-0.04, 0, "0"),
        (-0.06, 1, "-0.1"),
        (-12.345, 2, "-12.35" if round(-1234.5) == -1235 else "-12.34"),
        (0.05, 2, "0.05"),
        (-1.5, 1, "-1.5"),
        (99.996, 2, "100.00"),
        (7, 3, "7.000"),
        (True, 0, "1"),
        (16777217, 0, "16777217"),
        (16777219, 0, "16777219"),
        (-123456789, 0, "-123456789"),
        (1073741823, 0, "1073741823"),
    ):
        assert number(fixed(value, decimals), decimals) == text, text
    assert number(NOTHING, 2) == "null" and number(NOTHING, 2, "") == ""
    for value, decimals in ((1073741824, 0), (-1073741824, 0), (10737419, 2)):
        raises(ValueError, fixed, value, decimals)


def test_whole_numbers_are_kept_exactly():
    found, clock, _, _ = readings()
    samples = Samples(2, capacity=5)
    Other.read = lambda self: 16777217
    try:
        found.update()
    finally:
        Other.read = lambda self: 1
    samples.add(10, found.values)
    assert '"value":16777217,"min":16777217,' in "".join(live.texts(found, clock))
    assert live.row_json(found, samples, 0) == "3.50,16777217"


def test_a_failing_sensor():
    found, _, _, log = readings()
    found.update()
    Voltage.value = None
    found.update()
    found.update()
    assert found.value("voltage") is None
    assert found.errors[0] and not found.errors[1]
    assert found.value("other") == 1
    assert texts(log).count("fails") == 1
    Voltage.value = 3.0
    found.update()
    assert found.errors[0] is None and found.value("voltage") == 3.0
    assert "works again" in texts(log)


def test_a_sensor_that_is_not_there_is_tried_again_sometimes():
    found, clock, _, _ = readings()
    Voltage.broken = True
    for _ in range(50):
        found.update()
        clock.pass_s(1)
    assert 4 <= Voltage.made <= 6
    Voltage.broken = False
    clock.pass_s(10)
    found.update()
    assert found.value("voltage") == 3.5


def test_pace_of_reading():
    found, clock, settings, _ = readings()
    task = found.run()
    for _ in range(100):
        next(task)
        clock.pass_s(0.1)
    assert found.revision == 5
    settings.values["LIVE_SECONDS"] = 1
    for _ in range(50):
        next(task)
        clock.pass_s(0.1)
    assert found.revision >= 9


def test_json():
    import json

    found, clock, _, _ = readings()
    Voltage.value = None
    found.update()
    parsed = json.loads("".join(live.texts(found, clock)))
    assert parsed["readings"][0]["value"] is None and parsed["readings"][0]["error"]
    assert parsed["readings"][0]["label"] == 'Supply "voltage"'
    assert parsed["readings"][1]["value"] == 1


class Object:
    """Takes any attributes."""


def battery(limit):
    found, clock, settings, log = readings(LOW_BATTERY_VOLTS=limit)
    app = Object()
    app.clock, app.settings, app.log, app.readings = clock, settings, log, found
    app.battery_is_low = False
    task = watch(app)

    def at(volts, seconds=5):
        Voltage.value = volts
        for _ in range(seconds):
            found.update()
            clock.pass_s(1)
            next(task)
        return app.battery_is_low

    return at, log


def test_a_low_battery():
    at, log = battery(3.3)
    assert not at(3.31)
    assert not at(3.2, 2)  # Wi-Fi pulls the voltage down for a moment
    assert not at(3.31)
    assert at(3.29)
    assert at(3.35)  # not charged yet
    assert not at(3.41)
    assert texts(log).count("battery is low") == 1


def test_a_failing_voltage_sensor_changes_nothing():
    at, _ = battery(3.3)
    assert not at(None)
    assert at(3.0)
    assert at(None)


def test_restart_waits_for_the_answer_and_the_samples():
    class Recorder:
        left = 3

        def write_step(self):
            self.left -= 1
            return self.left > 0

    clock = MovedClock()
    recorder = Recorder()
    resets = []
    nvm = bytearray(32)
    nvm[STARTS_AT] = 3
    log = quiet_log(clock)
    settings = FakeSettings()
    app = App(clock, log, settings, None, lambda: resets.append(recorder.left), nvm)
    app.recorder = recorder
    for _ in range(2):  # a second request changes nothing
        app.restart()
        clock.pass_s(1)
        app.tasks.step()
        assert not resets
    clock.pass_s(1)
    for _ in range(10):
        app.tasks.step()
    assert resets == [0]
    assert nvm[STARTS_AT] == 2  # code.py has counted this start, which has not failed
    assert nvm[RESTART_AT] == RESTART_PLANNED
    assert texts(log).count("Restarting") == 1


def test_a_restart_comes_though_there_is_always_more_to_write():
    class Recorder:
        @staticmethod
        def write_step():
            return True

    resets = []
    clock = MovedClock()
    settings = FakeSettings()
    app = App(clock, quiet_log(clock), settings, None, lambda: resets.append(True), bytearray(32))
    app.recorder = Recorder
    steps = restart.steps(app)
    next(steps)
    clock.pass_s(2)
    for _ in range(100):
        next(steps)
        assert not resets
    exhaust(steps)
    assert resets == [True]


def test_a_restart_whose_steps_cannot_be_loaded_comes_at_once():
    resets = []
    clock = MovedClock()
    log = quiet_log(clock)
    app = App(clock, log, FakeSettings(), None, lambda: resets.append(True), bytearray(32))
    steps = restart.steps
    del restart.steps
    try:
        app.restart()
    finally:
        restart.steps = steps
    assert resets == [True]
    assert "can't be taken" in texts(log)


def test_the_ring_of_samples():
    samples = Samples(2, capacity=5)
    for row in range(7):
        samples.add(row * 10, array("i", (row, row * 1000000)))
        if row == 3:
            samples.written = 4
    assert (samples.added, samples.pending(), samples.dropped) == (7, 3, 0)
    assert [samples.time(row) for row in range(2, 7)] == [20, 30, 40, 50, 60]
    assert samples.value(6, 1) == 6000000
    assert first_row(samples) == 2
    assert first_row(samples, 40) == 5
    assert first_row(samples, 999) == 7
    for row in range(4):
        samples.add(100, array("i", (0, 0)))
    assert (samples.pending(), samples.dropped) == (5, 2)


def test_modules_on_demand_are_forgotten():
    for _ in range(3):
        module = on_demand("toml_subset")
        assert module.encode(1) == "1"
        assert "datalogger.rare.toml_subset" not in sys.modules
        assert not hasattr(sys.modules["datalogger.rare"], "toml_subset")


def test_borrowed_modules_are_shared_while_somebody_uses_them():
    first = borrow("prospects")
    assert borrow("prospects") is first
    give_back("prospects")
    assert borrow("prospects") is first
    give_back("prospects")
    give_back("prospects")
    again = borrow("prospects")
    assert again is not first
    give_back("prospects")


class Several:
    """A device with two channels, whose values the test sets."""

    channels = (("first", "First", "V", 1), ("second", "Second", "A", 0))
    gives = (1.5, 2)
    made = 0
    closed = 0

    def __init__(self):
        Several.made += 1

    def read(self):
        if isinstance(Several.gives, Exception):
            raise Several.gives
        return Several.gives

    def deinit(self):
        Several.closed += 1


def several():
    Several.gives = (1.5, 2)
    Several.made = Several.closed = 0
    clock = MovedClock()
    log = quiet_log(clock)
    channels = checked(Several.channels, Names({"second": {"factor": 10.0, "offset": -3.0}}))
    sensors = [Sensor("several", Several, (), channels)]
    return Readings(sensors, clock, FakeSettings(), log), clock, log


def test_a_device_of_several_channels():
    found, _, _ = several()
    found.update()
    assert found.columns() == ["first", "second"]
    assert list(found.values) == [15, 17]  # the second one is 2 * 10 - 3
    Several.gives = ()  # nothing new: the values stay
    found.update()
    assert list(found.values) == [15, 17] and found.errors == [None, None]


def test_one_channel_of_several_fails():
    found, clock, log = several()
    found.update()
    clock.pass_s(30)
    for missing in ((1.5, OSError(5)), (1.5, None), (1.5,), (1.5, "2")):
        Several.gives = missing
        found.update()
        assert found.values[0] == 15 and found.values[1] == NOTHING, missing
        assert found.errors[0] is None and found.errors[1], missing
    assert found.since[0] == 0 and found.since[1] == clock.tenths
    assert texts(log).count("several fails") == 1
    Several.gives = (1.5, 2)
    clock.pass_s(30)
    found.update()
    assert found.errors == [None, None] and found.since[1] == clock.tenths
    assert "several works again" in texts(log) and Several.made == 1


def test_a_device_that_fails_is_closed_and_made_anew():
    found, clock, log = several()
    found.update()
    clock.pass_s(20)
    Several.gives = OSError(19)
    found.update()
    assert (Several.made, Several.closed) == (1, 1) and found.errors[0] and found.errors[1]
    found.update()
    found.update()
    assert Several.made == 2  # at once, then every 10 s
    Several.gives = (2.5, 1)
    clock.pass_s(10)
    found.update()
    assert Several.made == 3 and list(found.values) == [25, 7]
    assert texts(log).count("several fails") == 1 and "several works again" in texts(log)


def test_a_device_that_can_not_be_closed_keeps_none_from_being_read():
    class Stuck(Several):
        def deinit(self):
            raise OSError(5)

    found, clock, _ = several()
    found.sensors[0].kind = Stuck
    found.update()
    Several.gives = OSError(19)
    found.update()
    assert "19" in found.errors[0] and found.sensors[0].device is None
    Several.gives = (2.5, 1)
    clock.pass_s(10)
    found.update()
    assert list(found.values) == [25, 7]


def test_sensors_that_take_long_leave_half_of_the_time():
    reads = []

    class Slow:
        channels = (("slow", "Slow", "", 0),)

        def read(self):
            clock.pass_s(3)
            reads.append(clock.tenths)
            return 1

    clock = MovedClock()
    sensors = [
        Sensor("slow", Slow, (), checked(Slow.channels, Names({}))),
        Sensor("slow", Slow, (), checked(Slow.channels, Names({}))),
    ]
    found = Readings(sensors, clock, FakeSettings(LIVE_SECONDS=2), quiet_log(clock))
    task = found.run()
    next(task)
    steps = 0
    while len(reads) == 2:
        assert found.is_fresh() or steps >= 59  # the recorder doesn't read them either
        clock.pass_s(0.1)
        next(task)
        steps += 1
    assert 59 <= steps <= 61
