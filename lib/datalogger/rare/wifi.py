"""GET /api/wifi/scan: the networks in reach. POST and GET /api/wifi/try: whether the board can join
one, before it is saved."""

import json

import microcontroller
import wifi
from adafruit_ticks import ticks_ms
from micropython import const

from ..on_demand import on_demand
from ..web.answers import answer, json_list, refusal

_MAX_NETWORKS = const(20)
# The radio keeps 16 findings. Asked for one more than it has, it waits for the next in C, in a quiet
# place until the scan ends (some two seconds): then the other tasks get this long first.
_PAUSE_TENTHS = const(3)
_WAITED_MS = const(20)
_CONNECT_TIMEOUT_S = const(6)  # less than the watchdog's 8 s
_ANSWER_TENTHS = const(10)  # until the answer to a POST has arrived


def get(server, path, query_params, headers, body):
    """The answer to a GET."""
    app = server.app
    if path == "/api/wifi/try":
        return answer(app.network.trial or '{"state":"none"}')
    radio = wifi.radio
    try:
        # While it is joining, the chip refuses to scan, of which the driver knows nothing: it would
        # wait for an end that never comes
        if not radio.connected:
            radio.stop_station()
        radio.stop_scanning_networks()  # of a client that left
        scan = radio.start_scanning_networks()
    except (OSError, RuntimeError) as error:
        return refusal(503, "It can't look for networks now: %s" % error)
    return answer(_networks(scan, app.clock))


def _networks(scan, clock):
    """The strongest of each name as JSON, in short steps (a generator of texts)."""
    found = {}
    begin = ticks_ms()
    for network in scan:
        until = clock.tenths
        if ticks_ms() - begin > _WAITED_MS:
            until += _PAUSE_TENTHS
        _heard(found, network)
        yield None
        while clock.tenths < until:
            yield None
        begin = ticks_ms()
    yield '{"scanning":false,"networks":['
    yield from json_list(_listed(found))
    yield "]}"


def _heard(found, network):
    """Put a network into `found`, {name: (strength, whether it is secure)}."""
    try:
        ssid = network.ssid
    except ValueError:  # no UTF-8, so nobody could enter it
        return
    rssi = network.rssi
    if not ssid.strip("\0") or ssid in found and found[ssid][0] >= rssi:  # hidden, or weaker
        return
    found[ssid] = (rssi, wifi.AuthMode.OPEN not in network.authmode)
    if len(found) > _MAX_NETWORKS:
        del found[min(found, key=lambda one: found[one][0])]


def _listed(found):
    for ssid in found:
        rssi, secure = found[ssid]
        yield '{"ssid":%s,"rssi":%d,"secure":%s}' % (json.dumps(ssid), rssi, json.dumps(secure))


def post(server, path, query_params, headers, body):
    """The answer to a POST."""
    app = server.app
    try:
        sent = on_demand("json_object").parse(body)
    except ValueError as problem:
        return refusal(400, str(problem))
    ssid = sent.get("ssid")
    password = sent.get("password")
    if password is None:
        password = app.settings["STATION_PASSWORD"]
    if not ssid or not isinstance(ssid, str) or not isinstance(password, str):
        return refusal(400, "ssid or password is missing or no text.")
    network = app.network
    if network.trial and '"state":"trying"' in network.trial:
        return refusal(409, "It is trying a network already.")
    network.trial = '{"state":"trying","ssid":%s}' % json.dumps(ssid)
    app.tasks.finish("Trying a network", _try(app, ssid, password))
    return answer(network.trial, 202)


def _try(app, ssid, password):
    """Join that network and go back to how it was (a task)."""
    until = app.clock.tenths + _ANSWER_TENTHS
    while app.clock.tenths < until:
        yield
    radio = wifi.radio
    feed = microcontroller.watchdog.feed
    network = app.network
    back = network.mode == "station"
    result = '"failed","message":"It failed."'
    # All in one step: the task that looks after the network must not take this one for its own
    try:
        radio.stop_station()  # joined already, it would not look at another password
        feed()
        try:
            radio.connect(ssid, password, timeout=_CONNECT_TIMEOUT_S)
        except OSError as error:
            if str(error).startswith("Authentication"):
                raise
            feed()  # a network that is there is missed now and then
            radio.connect(ssid, password, timeout=_CONNECT_TIMEOUT_S)
        result = '"joined","address":"%s"' % radio.ipv4_address
    except (OSError, RuntimeError, ValueError) as error:
        result = '"failed","message":%s' % json.dumps(str(error))
    finally:
        feed()
        try:
            radio.stop_station()
            if back:
                radio.connect(network.ssid, network.password, timeout=_CONNECT_TIMEOUT_S)
        except (OSError, RuntimeError, ValueError) as error:  # station.py goes on trying
            app.log.warning("Joining %s again failed: %s" % (network.ssid, error))
        feed()
        network.trial = '{"ssid":%s,"state":%s}' % (json.dumps(ssid), result)
        app.log.info("Tried: " + network.trial)
