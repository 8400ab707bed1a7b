"""The server inside asyncio: one task steps it, others do what they want.

Needs ehttpserver, adafruit_ticks and asyncio in lib/ (`circup install asyncio` brings the last
two). Joins the network of settings.toml (CIRCUITPY_WIFI_SSID, CIRCUITPY_WIFI_PASSWORD); without
one it makes its own: AP_SSID and AP_PASSWORD of settings.toml, or "ehttpserver" for both.
"""

import asyncio
import os

import board
import digitalio
import microcontroller
import socketpool
import supervisor
import wifi
from ehttpserver import Response, Server, route


class CountServer(Server):
    flashes = 0

    @route("/", "GET")
    def _index(self, path, query_params, headers, body):
        return Response("The LED has flashed %d times.\n" % self.flashes)


async def serve(server, listener):
    for _ in server.start(listener):
        await asyncio.sleep(0)  # the other tasks' turn


async def blink(server):
    with digitalio.DigitalInOut(board.LED) as led:
        led.direction = digitalio.Direction.OUTPUT
        while True:
            led.value = not led.value
            server.flashes += led.value
            await asyncio.sleep(0.25)


async def main():
    pool = socketpool.SocketPool(wifi.radio)
    server = CountServer()
    with pool.socket() as listener:
        listener.setsockopt(pool.SOL_SOCKET, pool.SO_REUSEADDR, 1)
        await asyncio.gather(serve(server, listener), blink(server))


if not wifi.radio.connected:
    if supervisor.runtime.run_reason != supervisor.RunReason.STARTUP:
        microcontroller.reset()  # the radio makes a network once only after each reset
    wifi.radio.start_ap(
        os.getenv("AP_SSID", "ehttpserver"), os.getenv("AP_PASSWORD", "ehttpserver")
    )
print("Open http://%s/" % (wifi.radio.ipv4_address or wifi.radio.ipv4_address_ap))

asyncio.run(main())
