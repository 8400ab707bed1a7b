"""Wi-Fi: own network, joining one, falling back."""

from datalogger.wifi.access_point import AccessPoint
from datalogger.wifi.station import Station
from fakes import FakeSettings, MovedClock, quiet_log, raises, texts


class Radio:
    def __init__(self):
        self.hostname = ""
        self.ap_active = False
        self.starts = 0
        self.tries = 0
        self.reachable = True
        self.joined = False
        self.stations_ap = []
        self.broken = False

    @property
    def connected(self):
        return self.joined and self.reachable

    @property
    def ipv4_address(self):
        return "10.0.0.7" if self.connected else None

    @property
    def ipv4_address_ap(self):
        return "192.168.4.1" if self.ap_active else None

    def start_ap(self, ssid, password):
        if self.broken:
            raise RuntimeError("AP could not be started")
        self.starts += 1
        self.ap_active = True
        self.own = (ssid, password)

    def connect(self, ssid, password, timeout):
        self.tries += 1
        assert 0 < timeout < 8
        if not self.reachable:
            raise OSError(113)
        self.joined = True


class Mdns:
    made = []  # noqa: RUF012 - shared on purpose

    class Server:
        def __init__(self, radio):
            Mdns.made.append(self)

        def advertise_service(self, *, service_type, protocol, port):
            self.service = (service_type, protocol, port)


def make(kind, **settings):
    clock = MovedClock()
    log = quiet_log(clock)
    radio = Radio()
    settings = FakeSettings(**settings)
    feeds = []
    if kind is AccessPoint:
        return AccessPoint(clock, settings, log, radio), clock, radio, log, feeds
    Mdns.made.clear()
    network = Station(clock, settings, log, radio, None, lambda: feeds.append(1), Mdns)
    return network, clock, radio, log, feeds


def run(task, clock, seconds):
    for _ in range(seconds * 2):
        clock.pass_s(0.5)
        next(task)


def test_own_network():
    network, clock, radio, _, _ = make(AccessPoint)
    assert not network.ready and network.address() is None
    task = network.run()
    run(task, clock, 2)
    assert network.ready and network.mode == "ap" and network.ssid == "net"
    assert radio.own == ("net", "password") and radio.starts == 1
    assert network.address() == "192.168.4.1"
    assert radio.hostname == "logger"
    assert network.clients() == 0 and network.signal_dbm() is None


def test_own_network_that_is_still_up_after_a_reload():
    network, clock, radio, _, _ = make(AccessPoint)
    radio.ap_active = True
    run(network.run(), clock, 2)
    assert network.ready and radio.starts == 0


def test_a_reset_when_the_own_network_cannot_start_again():
    clock = MovedClock()
    radio = Radio()
    radio.broken = True
    resets = []
    network = AccessPoint(clock, FakeSettings(), quiet_log(clock), radio, lambda: resets.append(1))
    raises(RuntimeError, next, network.run())
    assert resets == [1]
    fresh = AccessPoint(clock, FakeSettings(), quiet_log(clock), radio)
    raises(RuntimeError, next, fresh.run())
    assert resets == [1]


def test_passwords_are_not_logged():
    for kind in (AccessPoint, Station):
        network, clock, radio, log, _ = make(kind)
        radio.reachable = False
        run(network.run(), clock, 60)
        assert "homehome" not in texts(log) and "password" not in texts(log)


def test_joining():
    network, clock, radio, _, feeds = make(Station)
    run(network.run(), clock, 5)
    assert network.mode == "station" and network.ready and not network.fallback
    assert network.address() == "10.0.0.7" and network.ssid == "home"
    assert radio.tries == 1 and not radio.ap_active
    assert len(feeds) == 2
    assert Mdns.made[0].hostname == "logger"
    assert Mdns.made[0].service == ("_http", "_tcp", 80)


def test_falling_back_and_finding_the_network_again():
    network, clock, radio, _, _ = make(Station)
    radio.reachable = False
    task = network.run()
    run(task, clock, 30)
    assert network.mode == "ap" and network.fallback and network.ready
    assert network.ssid == "net" and radio.starts == 1
    tries = radio.tries
    run(task, clock, 260)
    assert radio.tries == tries
    run(task, clock, 320)
    assert radio.tries > tries
    radio.reachable = True
    run(task, clock, 320)
    assert network.mode == "station" and not network.fallback
    assert radio.ap_active  # once stopped, it could not be started again


def test_nobody_is_cut_off_by_another_try():
    network, clock, radio, _, _ = make(Station)
    radio.reachable = False
    task = network.run()
    run(task, clock, 30)
    radio.stations_ap = ["phone"]
    run(task, clock, 320)
    tries = radio.tries
    run(task, clock, 2000)
    assert radio.tries == tries
    radio.stations_ap = []
    run(task, clock, 320)
    assert radio.tries > tries


def test_a_lost_network():
    network, clock, radio, log, _ = make(Station)
    task = network.run()
    run(task, clock, 5)
    radio.reachable = False
    run(task, clock, 50)
    assert network.mode == "station"  # CircuitPython joins again by itself
    assert texts(log).count("is lost") == 1
    radio.reachable = True
    run(task, clock, 5)
    radio.reachable = False
    run(task, clock, 100)
    assert network.mode == "ap" and network.fallback
    radio.reachable = True
    run(task, clock, 320)
    assert network.mode == "station"
    assert len(Mdns.made) == 1


def test_own_names():
    network, clock, _, _, _ = make(
        AccessPoint, EXTRA_HOST_NAMES="logger.lan, LOGGER.example".lower()
    )
    run(network.run(), clock, 1)
    for name in ("192.168.4.1", "logger", "Logger.local", "logger.lan", "logger.example"):
        assert network.is_own_name(name), name
        assert network.is_own_name(name + "."), name  # fully qualified, as DNS writes it
    for name in (
        "",
        ".",
        "logger.local..",
        "10.0.0.7",
        "evil.example",
        "logger.lan.evil",
        "logger.evil",
        "192.168.4.1.nip.io",
    ):
        assert not network.is_own_name(name), name
