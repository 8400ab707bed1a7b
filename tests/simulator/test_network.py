"""Wi-Fi and mDNS as on the Pico W."""


def test_access_point_starts_once(on_board, vm):
    on_board(
        """
import ipaddress, wifi
radio = wifi.radio
assert radio.ipv4_address_ap is None and not radio.ap_active and radio.stations_ap is None
refused = ("net", "short"), ("net", "x" * 65), ("net", "x" * 64), ("", "long enough"), ("x" * 33, "")
for ssid, password in refused:
    try:
        radio.start_ap(ssid, password)
        assert False
    except ValueError:
        pass
radio.start_ap("net", "long enough", channel=6, max_connections=2)
assert str(radio.ipv4_address_ap) == "127.0.0.1" and radio.ap_active
assert radio.ipv4_address_ap == ipaddress.IPv4Address("127.0.0.1")
assert len(radio.stations_ap) == 2 and str(radio.stations_ap[0].ipv4_address) == "192.168.4.16"
radio.stop_ap()
assert radio.ipv4_address_ap is None
try:
    radio.start_ap("net", "long enough")
    assert False
except RuntimeError as error:
    assert "AP could not be started" in str(error)
""",
        vm=vm,
        stations=2,
    )


def test_stopped_access_point_starts_again_after_a_reset_only(boards, vm):
    script = """
import microcontroller, supervisor, wifi
count = microcontroller.nvm[0] % 255
microcontroller.nvm[0] = count + 1
try:
    wifi.radio.start_ap("net", "long enough")
    print(count, "up")
except RuntimeError:
    print(count, "refused")
if count == 0:
    wifi.radio.stop_ap()
    supervisor.reload()
if count == 1:
    microcontroller.reset()
"""
    board = boards(vm=vm, files={"code.py": script}, payload=False, start=False)
    assert board.run_to_the_end().split("\n")[:3] == ["0 up", "1 refused", "2 up"]


def test_station_joins_the_networks_in_reach(on_board, vm):
    on_board(
        """
import time, wifi
radio = wifi.radio
names = sorted(network.ssid for network in radio.start_scanning_networks())
radio.stop_scanning_networks()
assert names == ["home", "open"], names
before = time.monotonic()
for ssid, password in (("home", "wrong-word"), ("away", "secret-word")):
    try:
        radio.connect(ssid, password, timeout=2)
        assert False
    except ConnectionError as error:
        print(error)
assert time.monotonic() - before >= 3
assert not radio.connected and radio.ipv4_address is None
radio.connect("home", "secret-word")
assert radio.connected and str(radio.ipv4_address) == "127.0.0.1" and radio.addresses == ("127.0.0.1",)
radio.hostname = "logger"
for name in ("", "d" * 254, "my logger", "-logger", "a..b", "d" * 64):
    try:
        radio.hostname = name
        assert False, name
    except ValueError:
        pass
assert radio.hostname == "logger" and len(radio.mac_address) == 6
radio.stop_station()
assert not radio.connected
radio.connect("open")
assert radio.connected
""",
        vm=vm,
        networks={"home": "secret-word", "open": ""},
        speed=5,
    )


def test_lost_network_shows_and_comes_back(boards, vm):
    script = """
import time, wifi
wifi.radio.connect("home", "secret-word")
seen = None
while True:
    if wifi.radio.connected != seen:
        seen = wifi.radio.connected
        print("connected", seen, wifi.radio.ipv4_address)
    time.sleep(0.01)
"""
    board = boards(
        vm=vm,
        files={"code.py": script},
        payload=False,
        start=False,
        networks={"home": "secret-word"},
        speed=5,
    )
    board.power_on()
    board.wait_for_output("connected True 127.0.0.1")
    board.change(wifi=False)
    board.wait_for_output("connected False None")
    board.change(wifi=True)
    board.wait_or_fail(lambda: board.output().count("connected True") == 2, "not back")


def test_mdns_answers_in_station_mode_only(boards, vm):
    script = """
import mdns, wifi
server = mdns.Server(wifi.radio)
server.hostname = "early"
server.advertise_service(service_type="_http", protocol="_tcp", port=80)
try:
    mdns.Server(wifi.radio)
except RuntimeError as error:
    print(error)
wifi.radio.connect("home", "secret-word")
server.hostname = "logger"
server.advertise_service(service_type="_http", protocol="_tcp", port=80)
server.deinit()
mdns.Server(wifi.radio)
"""
    board = boards(
        vm=vm,
        files={"code.py": script},
        payload=False,
        start=False,
        networks={"home": "secret-word"},
        speed=5,
    )
    assert board.run_to_the_end() == "mDNS already initialized\n"
    assert board.events("mdns") == [["logger"], [None], ["cpy-0a0b0c"]]
    assert board.events("mdns service") == [["_http", "_tcp", 80]]
