"""What people have changed of channels: the setting CHANNELS.

air_temperature: label=Cellar, offset=-0.3; pressure: unit=mbar, factor=1.02, decimals=2
"""

import re

from micropython import const

_MAX_LABEL = const(40)  # characters
_MAX_UNIT = const(12)
_MAX_NUMBER = const(1000000)
_MAX_DECIMALS = const(6)


def parse(text, read=None):
    """{name of a channel: {what: value}}. Raises ValueError with a sentence. read: as _value."""
    changes = {}
    for part in text.split(";"):
        if not part.strip():
            continue
        name, colon, rest = part.partition(":")
        name = name.strip()
        if not colon or not re.match("[a-z0-9_]+$", name):
            raise ValueError("Must be NAME: WHAT=VALUE, WHAT=VALUE; NAME: ...")
        if name in changes:
            raise ValueError("%s is there twice." % name)
        changes[name] = found = {}
        for pair in rest.split(","):
            what, equals, value = pair.partition("=")
            if not equals:
                raise ValueError("%s: %s lacks its value." % (name, pair.strip() or "something"))
            found[what.strip()] = (read or _value)(name, what.strip(), value.strip())
    return changes


def _value(name, what, value):
    """The value in its type."""
    if what in ("label", "unit"):
        most = _MAX_LABEL if what == "label" else _MAX_UNIT
        if len(value) <= most and (value or what == "unit"):
            return value
        raise ValueError("%s: a %s has at most %d characters." % (name, what, most))
    if what == "decimals":
        if value.isdigit() and int(value) <= _MAX_DECIMALS:
            return int(value)
        raise ValueError("%s: decimals are 0 to %d." % (name, _MAX_DECIMALS))
    if what not in ("factor", "offset"):
        raise ValueError(
            "%s: a channel has a label, a unit, decimals, a factor and an offset." % name
        )
    try:
        number = float(value)
    except ValueError:
        number = None
    if number is None or not -_MAX_NUMBER <= number <= _MAX_NUMBER:
        raise ValueError("%s: the %s is no number up to %d." % (name, what, _MAX_NUMBER))
    if what == "factor" and not number:
        raise ValueError("%s: with the factor 0 nothing is measured." % name)
    return number
