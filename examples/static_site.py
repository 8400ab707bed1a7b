"""A web site from the folder /www of the drive: HTML, style sheets, scripts, pictures.

Put the files there as they are or, better, compressed: `gzip -9 index.html` makes index.html.gz,
which takes a third of the space and of the time and is still served as /index.html. Browsers keep
what they have and only ask whether it changed (ETag).

Needs ehttpserver and adafruit_ticks in lib/. Joins the network of settings.toml
(CIRCUITPY_WIFI_SSID, CIRCUITPY_WIFI_PASSWORD); without one it makes its own: AP_SSID and
AP_PASSWORD of settings.toml, or "ehttpserver" for both.
"""

import os

import microcontroller
import socketpool
import supervisor
import wifi
from ehttpserver import FileResponse, Server, route


class SiteServer(Server):
    # Each part of a path begins with a letter or digit: no "..", nothing hidden, nothing outside.
    @route("/([a-zA-Z0-9][a-zA-Z0-9_-]*/)*([a-zA-Z0-9][a-zA-Z0-9_.-]*)?", "GET")
    def _file(self, path, query_params, headers, body):
        if path[-1] == "/":
            path += "index.html"
        return FileResponse("/www" + path, {"Cache-Control": "no-cache"})


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
    for _ in SiteServer(max_request_line_size=1024).start(listener):
        pass
