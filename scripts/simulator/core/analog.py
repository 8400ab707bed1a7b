"""What the board measures: plausible values that drift, or those that the computer sets."""

import math

from . import clock, conditions, host

_EIO = 5
_REFERENCE_V = 3.3
_FULL_SCALE = 65535
_TWELVE_BITS = 0xFFF0


def temperature():
    """°C of the chip, in the steps of its sensor (about 0.47 °C)."""
    value = _value("temperature", 23.5 + 2.5 * math.sin(clock.uptime_ms() / 900000))
    return round(value / 0.468) * 0.468


def supply_voltage():
    """V at VSYS."""
    return _value("voltage", 4.94 + 0.03 * math.sin(clock.uptime_ms() / 400000))


def reading(pin_name):
    """The 16-bit value of an analog pin: VSYS through the board's divider by three, others as set,
    in V."""
    if pin_name in ("A3", "VOLTAGE_MONITOR"):
        volts = supply_voltage() / 3
    else:
        volts = conditions.now["pins"].get(pin_name, 0.0)
    raw = int(volts / _REFERENCE_V * _FULL_SCALE)
    return min(max(raw, 0), _FULL_SCALE) & _TWELVE_BITS


def _value(name, drifting):
    if name in conditions.now["failing"]:
        raise host.error(_EIO)
    value = conditions.now[name]
    return drifting if value is None else value
