"""Pulses at the board's pins, at rates that the computer sets."""

from . import clock, conditions

_before = {}  # by pin: pulses up to the latest change of the rates
_changed_us = 0


def _changed(key):
    global _changed_us
    if key != "pulses":
        return
    for pin in set(_before) | set(_rates):
        _before[pin] = _counted(pin)
    _rates.clear()
    _rates.update(conditions.now["pulses"])
    _changed_us = clock.now_us()


_rates = {}  # Hz by pin
conditions.listeners.append(_changed)


def _counted(pin):
    return _before.get(pin, 0) + _rates.get(pin, 0) * (clock.now_us() - _changed_us) / 1e6


def counted(pin):
    """Pulses at that pin since power-up."""
    if not _rates and conditions.now["pulses"]:
        _changed("pulses")
    return int(_counted(pin))
