"""What can be seen of the board: its digital outputs and NeoPixels. Reported only when the computer
asks for it."""

import binascii

from . import clock, link, power


def switched(pin_name, value):
    """A digital output changed."""
    if "pins" in power.traced:
        link.report("pin", pin_name, value, clock.uptime_ms())


def shown(pin_name, content):
    """These bytes went out to a NeoPixel strip."""
    if "pixels" in power.traced:
        link.report("pixels", pin_name, binascii.hexlify(content).decode(), clock.uptime_ms())
