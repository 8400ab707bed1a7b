"""Live values in the browser by server-sent events, without polling.

The body of the answer is a generator that never ends: it yields an event when there is one, and
b"" for "nothing yet". The LED changes with every value.

Needs ehttpserver and adafruit_ticks in lib/. Joins the network of settings.toml
(CIRCUITPY_WIFI_SSID, CIRCUITPY_WIFI_PASSWORD); without one it makes its own: AP_SSID and
AP_PASSWORD of settings.toml, or "ehttpserver" for both.
"""

import os

import board
import digitalio
import microcontroller
import socketpool
import supervisor
import wifi
from adafruit_ticks import ticks_add, ticks_less, ticks_ms
from ehttpserver import Response, Server, route

PERIOD_MS = 250
MOST_LISTENERS = 3  # of the eight sockets that the board has

PAGE = """<!doctype html>
<title>Live</title>
<h1><output id="value">...</output> &deg;C</h1>
<script>
new EventSource("/events").onmessage = ({ data }) => { value.textContent = data; };
</script>
"""


class LiveServer(Server):
    listeners = 0
    count = 0  # of the values so far
    value = 0.0

    @route("/", "GET")
    def _index(self, path, query_params, headers, body):
        return Response(PAGE, content_type="text/html")

    @route("/events", "GET")
    def _events(self, path, query_params, headers, body):
        if self.listeners >= MOST_LISTENERS:
            return Response("Too many listen already.\n", 503, headers={"Retry-After": "10"})
        fields = {"Cache-Control": "no-store"}
        return Response(self._stream(), content_type="text/event-stream", headers=fields)

    def _stream(self):
        self.listeners += 1
        try:
            sent = 0
            while True:
                if sent == self.count:
                    yield b""
                else:
                    sent = self.count
                    yield b"data: %.1f\n\n" % self.value
        finally:  # the client is gone
            self.listeners -= 1


def measure(server):
    """Take a value now and then."""
    led = digitalio.DigitalInOut(board.LED)
    led.direction = digitalio.Direction.OUTPUT
    due = ticks_ms()
    while True:
        server.value = microcontroller.cpu.temperature
        server.count += 1
        led.value = not led.value
        due = ticks_add(due, PERIOD_MS)
        while ticks_less(ticks_ms(), due):
            yield


if not wifi.radio.connected:
    if supervisor.runtime.run_reason != supervisor.RunReason.STARTUP:
        microcontroller.reset()  # the radio makes a network once only after each reset
    wifi.radio.start_ap(
        os.getenv("AP_SSID", "ehttpserver"), os.getenv("AP_PASSWORD", "ehttpserver")
    )
print("Open http://%s/" % (wifi.radio.ipv4_address or wifi.radio.ipv4_address_ap))

pool = socketpool.SocketPool(wifi.radio)
server = LiveServer()
with pool.socket() as listener:
    listener.setsockopt(pool.SOL_SOCKET, pool.SO_REUSEADDR, 1)
    for _ in zip(server.start(listener), measure(server)):
        pass
