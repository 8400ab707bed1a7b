"""A web server on a bare board: http://ADDRESS/ and http://ADDRESS/hello/NAME.

Needs ehttpserver and adafruit_ticks in lib/. Joins the network of settings.toml
(CIRCUITPY_WIFI_SSID, CIRCUITPY_WIFI_PASSWORD); without one it makes its own: AP_SSID and
AP_PASSWORD of settings.toml, or "ehttpserver" for both.
"""

import os

import microcontroller
import socketpool
import supervisor
import wifi
from ehttpserver import Response, Server, route


class HelloServer(Server):
    @route("/", "GET")
    def _index(self, path, query_params, headers, body):
        text = "<!doctype html><title>Pico W</title><h1>The chip has %.1f &deg;C</h1>"
        return Response(text % microcontroller.cpu.temperature, content_type="text/html")

    @route("/hello/([^/]+)", "GET")
    def _hello(self, path, query_params, headers, body):
        return Response("Hello, %s!\n" % path[len("/hello/") :])


if not wifi.radio.connected:
    if supervisor.runtime.run_reason != supervisor.RunReason.STARTUP:
        microcontroller.reset()  # the radio makes a network once only after each reset
    wifi.radio.start_ap(
        os.getenv("AP_SSID", "ehttpserver"), os.getenv("AP_PASSWORD", "ehttpserver")
    )
print("Open http://%s/" % (wifi.radio.ipv4_address or wifi.radio.ipv4_address_ap))

pool = socketpool.SocketPool(wifi.radio)
with pool.socket() as listener:
    listener.setsockopt(pool.SOL_SOCKET, pool.SO_REUSEADDR, 1)
    for _ in HelloServer().start(listener):
        pass
