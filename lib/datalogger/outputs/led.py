"""led:PIN: a light-emitting diode that a pin switches."""

from .relay import Device as Relay


class Device(Relay):
    label = "LED"
