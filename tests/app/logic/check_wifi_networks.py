"""Looking for networks, and trying one before it is saved."""

import json
import sys

from fakes import FakeSettings, MovedClock, quiet_log, texts

OPEN = "open"


class Module:
    """Stands in for a module of the board."""


class Network:
    def __init__(self, ssid, rssi, *authmode):
        self._ssid = ssid
        self.rssi = rssi
        self.authmode = authmode

    @property
    def ssid(self):
        if self._ssid is None:
            raise UnicodeError
        return self._ssid


class Radio:
    """A radio that records its calls in order."""

    def __init__(self):
        self.ipv4_address = "10.0.0.7"
        self.connected = False
        self.calls = []
        self.fails = ()  # networks that can't be joined
        self.missed = 0  # times that a network isn't found
        self.refuses = False
        self.near = []

    def stop_station(self):
        self.calls.append("leave")

    def stop_scanning_networks(self):
        self.calls.append("stop")

    def start_scanning_networks(self):
        self.calls.append("scan")
        if self.refuses:
            raise OSError(1)
        return iter(self.near)

    def connect(self, ssid, password, timeout):
        assert 0 < timeout < 7  # leaving takes half a second of the watchdog's eight, too
        self.calls.append((ssid, password))
        if self.missed:
            self.missed -= 1
            raise OSError("No network with that ssid")
        if ssid in self.fails:
            raise OSError("Authentication failure")


class Tasks:
    def __init__(self):
        self.added = []

    def finish(self, name, generator):
        self.added.append(generator)


class App:
    """What these requests need of the app; it stands in for the server, too."""

    def __init__(self, mode="ap"):
        self.app = self
        self.clock = MovedClock()
        self.log = quiet_log(self.clock)
        self.settings = FakeSettings()
        self.tasks = Tasks()
        self.network = Module()
        self.network.mode = mode
        self.network.trial = None
        self.network.ssid = "home"
        self.network.password = "homehome"
        self.radio = Radio()
        self.feeds = []

    def module(self):
        """The module of these requests, with this radio."""
        wifi, microcontroller = Module(), Module()
        wifi.radio = self.radio
        wifi.AuthMode = Module()
        wifi.AuthMode.OPEN = OPEN
        microcontroller.watchdog = Module()
        microcontroller.watchdog.feed = lambda: self.feeds.append(len(self.radio.calls))
        sys.modules.update({"wifi": wifi, "microcontroller": microcontroller})
        sys.modules.pop("datalogger.rare.wifi", None)
        try:
            return __import__("datalogger.rare.wifi", None, None, ("wifi",))
        finally:
            for name in ("wifi", "microcontroller"):
                del sys.modules[name]

    def scan(self):
        response = self.module().get(self, "/api/wifi/scan", "", {}, None)
        if response.status_code != 200:
            return response.status_code
        found = json.loads(b"".join(response.body))
        assert found["scanning"] is False
        return found["networks"]

    def post(self, **sent):
        module = self.module()
        return module.post(self, "/api/wifi/try", "", {}, json.dumps(sent).encode()).status_code

    def outcome(self):
        return json.loads(self.module().get(self, "/api/wifi/try", "", {}, None).body)

    def run(self):
        (task,) = self.tasks.added
        next(task)
        assert self.radio.calls == [], "the answer is sent first"
        self.clock.pass_s(2)
        assert next(task, None) is None


def test_the_strongest_of_each_name():
    app = App()
    app.radio.near = [
        Network("a", -80, "psk"),
        Network("", -30, OPEN),
        Network("\0\0", -30, OPEN),
        Network(None, -30, OPEN),
        Network('"ü"', -70, OPEN),
        Network("a", -60, "wpa2", "psk"),
        Network("a", -90, OPEN),
    ]
    found = sorted(app.scan(), key=lambda one: one["ssid"])
    assert found == [
        {"ssid": '"ü"', "rssi": -70, "secure": False},
        {"ssid": "a", "rssi": -60, "secure": True},
    ]


def test_no_more_than_twenty():
    app = App()
    app.radio.near = [
        Network("n%d" % (number * 7 % 50), -number * 7 % 50 - 90) for number in range(50)
    ]
    found = app.scan()
    assert len(found) == 20
    assert min([one["rssi"] for one in found]) == sorted([one.rssi for one in app.radio.near])[-20]


def test_a_join_under_way_ends_before_the_scan():
    app = App()
    app.scan()
    assert app.radio.calls == ["leave", "stop", "scan"]
    app.radio.connected = True
    app.scan()
    assert app.radio.calls[3:] == ["stop", "scan"]


def test_a_radio_that_cannot_scan():
    app = App()
    app.radio.refuses = True
    assert app.scan() == 503


def test_a_network_that_works():
    app = App()
    assert app.outcome() == {"state": "none"}
    assert app.post(ssid="shed", password="shedshed") == 202
    assert app.outcome() == {"state": "trying", "ssid": "shed"}
    assert app.post(ssid="other", password="") == 409
    app.run()
    assert app.outcome() == {"state": "joined", "ssid": "shed", "address": "10.0.0.7"}
    assert app.radio.calls == ["leave", ("shed", "shedshed"), "leave"]
    assert app.feeds == [1, 2, 3]
    assert "shedshed" not in texts(app.log)


def test_a_network_that_does_not():
    app = App()
    app.radio.fails = ("shed",)
    assert app.post(ssid="shed") == 202  # with the password that is saved
    app.run()
    assert app.outcome() == {
        "state": "failed",
        "ssid": "shed",
        "message": "Authentication failure",
    }
    assert app.radio.calls == ["leave", ("shed", "homehome"), "leave"]
    app.tasks.added.clear()
    assert app.post(ssid="shed") == 202


def test_a_network_that_is_missed_is_tried_once_more():
    for missed, state in ((1, "joined"), (2, "failed")):
        app = App()
        app.radio.missed = missed
        app.post(ssid="shed", password="shedshed")
        app.run()
        assert app.outcome()["state"] == state
        assert app.radio.calls == ["leave", ("shed", "shedshed"), ("shed", "shedshed"), "leave"]
        assert app.feeds == [1, 2, 3, 4], "before each that may take long"


def test_back_to_the_network_that_it_was_in():
    for fails in ((), ("shed",), ("shed", "home")):
        app = App("station")
        app.radio.fails = fails
        app.settings.values["STATION_PASSWORD"] = "changed, not in force"
        app.post(ssid="shed", password="")
        app.run()
        assert app.radio.calls == ["leave", ("shed", ""), "leave", ("home", "homehome")]
        assert app.outcome()["state"] == ("failed" if fails else "joined")
        assert ("again failed" in texts(app.log)) == ("home" in fails)
        assert app.feeds == [1, 2, 4]


def test_what_makes_no_sense():
    app = App()
    for sent in ({}, {"ssid": ""}, {"ssid": 5}, {"ssid": "a", "password": 5}):
        assert app.post(**sent) == 400, sent
    assert app.module().post(app, "/api/wifi/try", "", {}, b"[]").status_code == 400
    assert app.tasks.added == [] and app.network.trial is None
