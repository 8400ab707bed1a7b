"""An animation beside the server: both are generators, and zip() steps them in turn.

Blinks the LED; or, with NEOPIXEL_PIN = "GP16" in settings.toml, runs a rainbow over a NeoPixel on
that pin. http://ADDRESS/ tells how far it is, and http://ADDRESS/speed/N changes its pace.

Needs ehttpserver and adafruit_ticks in lib/. Joins the network of settings.toml
(CIRCUITPY_WIFI_SSID, CIRCUITPY_WIFI_PASSWORD); without one it makes its own: AP_SSID and
AP_PASSWORD of settings.toml, or "ehttpserver" for both.
"""

import os

import board
import digitalio
import microcontroller
import neopixel_write
import socketpool
import supervisor
import wifi
from adafruit_ticks import ticks_add, ticks_less, ticks_ms
from ehttpserver import Response, Server, route

BLINK_MS = 250
RAINBOW_MS = 20


class SpeedServer(Server):
    percent = 100
    steps = 0

    @route("/", "GET")
    def _index(self, path, query_params, headers, body):
        return Response("%d steps, speed %d %%\n" % (self.steps, self.percent))

    @route("/speed/[1-9][0-9]?[0-9]?", "GET")
    def _set_speed(self, path, query_params, headers, body):
        self.percent = int(path[len("/speed/") :])
        return Response("Speed %d %%\n" % self.percent)


def blink(server):
    """Switch the LED on and off."""
    led = digitalio.DigitalInOut(board.LED)
    led.direction = digitalio.Direction.OUTPUT
    while True:
        led.value = not led.value
        yield from wait(server, BLINK_MS)


def rainbow(server, pin_name):
    """Take one NeoPixel through all colours."""
    pin = digitalio.DigitalInOut(getattr(board, pin_name))
    pin.direction = digitalio.Direction.OUTPUT
    colour = bytearray(3)  # green, red, blue
    while True:
        for rising in range(3):
            for level in range(64):
                colour[rising] = level
                colour[rising - 1] = 63 - level
                neopixel_write.neopixel_write(pin, colour)
                yield from wait(server, RAINBOW_MS)


due = ticks_ms()


def wait(server, milliseconds):
    """Let the server work until the next step is due. The steps keep their pace: a late one does
    not delay those that follow."""
    global due
    server.steps += 1
    due = ticks_add(due, milliseconds * 100 // server.percent)
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
server = SpeedServer()
pixel = os.getenv("NEOPIXEL_PIN")
animation = rainbow(server, pixel) if pixel else blink(server)
with pool.socket() as listener:
    listener.setsockopt(pool.SOL_SOCKET, pool.SO_REUSEADDR, 1)
    for _ in zip(server.start(listener), animation):
        pass
