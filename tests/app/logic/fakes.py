"""Small stand-ins for the logic tests. Device code: runs in MicroPython too."""

import os

from datalogger.clock import Clock
from datalogger.log import Log
from datalogger.on_demand import on_demand
from datalogger.sensors.readings import Channel, Sensor


class Ticks:
    """supervisor.ticks_ms that the test moves."""

    def __init__(self, start=0):
        self.now = start

    def __call__(self):
        return self.now & ((1 << 29) - 1)


class MovedClock(Clock):
    """A Clock that the test moves."""

    def __init__(self, nvm=None):
        self.test_ticks = Ticks()
        super().__init__(self.test_ticks, None, nvm)
        self._zero = None

    def pass_s(self, seconds):
        """Let time pass."""
        while seconds > 0:
            step = min(seconds, 100000)
            self.test_ticks.now += int(step * 1000)
            self.tick()
            seconds -= step


def quiet_log(clock):
    """A Log that prints nothing."""
    log = Log(clock, echo=None)
    log.set_level("debug")
    return log


def texts(log):
    """All messages as one text."""
    return "\n".join([entry[3] for entry in log.entries()])


def chosen(*kinds):
    """Sensors made of classes with the attributes of a channel: name, label, unit, decimals."""
    return [
        Sensor(one.name, one, (), [Channel(one.name, one.label, one.unit, one.decimals, 1, 0)])
        for one in kinds
    ]


def problem(parse, text):
    """The sentence with which a parser refuses a text, None when it takes it."""
    try:
        parse(text)
    except ValueError as error:
        return str(error)
    return None


class FakeSettings:
    """Settings as a dict."""

    def __init__(self, **values):
        self.values = {
            "SAMPLE_SECONDS": 60,
            "FLUSH_SECONDS": 600,
            "LIVE_SECONDS": 2,
            "RETENTION": "oldest go",
            "RESERVE_KB": 50,
            "LOG_TO_DRIVE": False,
            "LOW_BATTERY_VOLTS": 0.0,
            "ADMIN_PASSWORD": "correct horse",
            "ADMIN_LOGIN_TO_READ": False,
            "EXTRA_HOST_NAMES": "",
            "DEVICE_NAME": "logger",
            "WIFI_MODE": "ap",
            "AP_SSID": "net",
            "AP_PASSWORD": "password",
            "STATION_SSID": "home",
            "STATION_PASSWORD": "homehome",
            "NEOPIXEL_PERCENT": 100,
            "TIME_ZONE": "",
            "NTP_SERVER": "",
            "RTC_CHIP": "",
            "OUTPUTS": "",
            "LIMITS": "",
            "SD_CARD": "",
        }
        self.values.update(values)

    def __getitem__(self, key):
        return self.values[key]


class FakeDrive:
    """A Drive whose owner the test chooses."""

    def __init__(self):
        self.writable = True
        self.reason = ""

    def check(self):
        pass


class FakeRoom:
    """Room on a drive; the test sets how much is free."""

    def __init__(self, free=400000):
        self.bytes_free = free

    def free(self):
        return self.bytes_free

    def total(self):
        return 501760


def folder(name):
    """An empty folder below the current one."""
    path = os.getcwd() + "/" + name
    _remove(path)
    os.mkdir(path)
    return path


def _remove(path):
    try:
        names = os.listdir(path)
    except OSError:
        try:
            os.remove(path)
        except OSError:
            pass
        return
    for name in names:
        _remove(path + "/" + name)
    os.rmdir(path)


def write(path, content):
    """Make a file."""
    with open(path, "wb") as file:
        file.write(content)


def read(path):
    """The bytes of a file, None when there is none."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None


def raises(kind, function, *arguments):
    """The exception of that kind that the call raises; fails when it raises none."""
    try:
        function(*arguments)
    except kind as error:
        return error
    raise AssertionError("nothing was raised")


def checked_settings(settings, changes):
    """New values of settings as they will be kept."""
    return exhaust(on_demand("settings_check").check(settings, changes))[1]


def exhaust(generator):
    """Run a generator to its end; returns (steps, what it returned)."""
    steps = 0
    while True:
        try:
            next(generator)
        except StopIteration as stop:
            return steps, stop.value
        steps += 1
