"""The surroundings of a simulated board, which can be changed while it runs."""

import math

DEFAULTS = {
    # "none": powered by a charger or battery; "mounted": a computer has the drive; "ejected": a
    # computer that has ejected the drive.
    "usb": "none",
    "usb_power": True,  # 5 V at the USB plug (VBUS)
    "voltage": None,  # V at VSYS; None: about 4.94, drifting
    "temperature": None,  # °C of the chip; None: about 23.5, drifting
    "failing": [],  # "temperature", "voltage": reading them raises OSError
    # Chips that are attached, as the setting SENSORS names them; takes effect at a start. With
    # "ds18b20" two of them are.
    "sensors": [],
    "measured": {},  # what they measure: {"bme280": {"temperature": 21.5}}; others drift
    "faults": {},  # {"bme280": "unplugged"}, or "stuck", "crc", "slow"; see chips/
    "pulses": {},  # at pins, in Hz: {"GP15": 2.5}
    "pins": {},  # inputs by name: {"GP15": true, "A0": 1.65 (V)}
    "wifi": True,  # False: no station network is in reach
    "networks": {},  # those in reach: {"name": "password"}
    "signal_dbm": -58,
    "stations": 1,  # devices in the board's own network
    "round_trip_ms": 0,  # until what is sent can be acknowledged, in the board's time
    "speed": 1,  # the board's time runs so much faster than the computer's
    # What is in the slot for an SD card: a folder of the computer or, for MicroPython, a file that is
    # an image of a card; "" for none.
    "card": "",
    "drive_changed": 0,  # a new value: the computer has written to the drive's folder
}

_TYPES_WITHIN = {
    "measured": (dict, "objects"),
    "faults": (str, "texts"),
    "pulses": ((int, float), "numbers"),
    "pins": ((bool, int, float), "numbers, true or false"),
    "networks": (str, "texts"),
}
_FAULTS = {"unplugged", "stuck", "crc", "slow"}
_CHOICES = {"usb": ("none", "mounted", "ejected")}


def check(changes):
    """Returns `changes`; raises ValueError for a name or value that means nothing."""
    for name, value in changes.items():
        if name not in DEFAULTS:
            raise ValueError(f"unknown condition {name!r}; there are {', '.join(DEFAULTS)}")
        _check_type(name, value)
        if name in _CHOICES and value not in _CHOICES[name]:
            raise ValueError(f"{name} must be one of {', '.join(_CHOICES[name])}")
        if name == "faults" and not set(value.values()) <= _FAULTS:
            raise ValueError(f"a fault must be one of {', '.join(sorted(_FAULTS))}")
        if name == "speed" and not 0 < value <= 100_000:
            raise ValueError("speed must be above 0 and at most 100000")
    return changes


def _check_type(name, value):
    """Raises ValueError for a value of another type than the default, below its first level too."""
    wanted = DEFAULTS[name]
    if wanted is None:
        fits, what = value is None or _is_number(value), "a number or null"
    elif isinstance(wanted, bool):
        fits, what = isinstance(value, bool), "true or false"
    elif isinstance(wanted, (int, float)):
        fits, what = _is_number(value), "a number"
    elif isinstance(wanted, str):
        fits, what = isinstance(value, str), "a text"
    elif isinstance(wanted, list):
        fits, what = isinstance(value, list) and _all_of(str, value), "a list of texts"
    else:
        fits, what = isinstance(value, dict), "an object"
        types = _TYPES_WITHIN.get(name)
        if fits and types:
            fits, what = _all_of(types[0], value.values()), f"an object of {types[1]}"
    if not fits:
        raise ValueError(f"{name} must be {what}")


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _all_of(types, values):
    return all(isinstance(value, types) for value in values)
