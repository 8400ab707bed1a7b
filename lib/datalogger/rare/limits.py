"""Which limits channels have: the setting LIMITS.

air_temperature: low=5, high=30, hysteresis=1, seconds=60, high_output=fan; humidity: high=80
"""

from micropython import const

from ..on_demand import on_demand

_MAX_NUMBER = const(1000000)
_MAX_SECONDS = const(86400)
_NUMBERS = ("low", "high", "hysteresis", "seconds")
_MISSING = "LIMITS: there is no %s called %s."
_OUTPUTS = ("low_output", "high_output")


def parse(text):
    """{name of a channel: {what: value}}. Raises ValueError with a sentence."""
    found = on_demand("channel_changes").parse(text, _value)
    taken = []
    for name in found:
        limits = found[name]
        low = limits.get("low")
        high = limits.get("high")
        if low is None and high is None:
            raise ValueError("%s: low or high is missing." % name)
        if low is None and "low_output" in limits or high is None and "high_output" in limits:
            raise ValueError("%s: an output needs its limit." % name)
        for output in [limits[what] for what in _OUTPUTS if what in limits]:
            if output in taken:
                raise ValueError("%s is to follow two limits." % output)
            taken.append(output)
        if None not in (low, high) and limits.get("hysteresis", 0) >= high - low:
            raise ValueError("%s: low must be below high by more than hysteresis." % name)
    return found


def _value(name, what, value):
    """The value in its type."""
    if what in _OUTPUTS:
        if value:
            return value
        raise ValueError("%s: %s needs a name." % (name, what))
    if what not in _NUMBERS:
        raise ValueError("%s: limits are %s." % (name, ", ".join(_NUMBERS + _OUTPUTS)))
    most = _MAX_SECONDS if what == "seconds" else _MAX_NUMBER
    least = -most if what in ("low", "high") else 0
    try:
        number = float(value)
    except ValueError:
        number = None
    if number is None or not least <= number <= most:
        raise ValueError("%s: %s is no number from %d to %d." % (name, what, least, most))
    return number


def watch(app):
    """Watch the limits of the settings; the log is told of what can't be."""
    try:
        limits = app.readings.limits = load(app)
    except Exception as error:  # noqa: BLE001 - nothing else may stop for it
        app.log.failure("The limits can't be watched.", error)
    else:
        app.tasks.add("Limits", limits.run)


def load(app):
    """The Limits of the settings."""
    from ..sensors.limits import Limits

    chosen = parse(app.settings["LIMITS"])
    readings = app.readings
    outputs = {output.name: output for output in app.outputs}
    limits = []
    for index, channel in enumerate(readings.channels):
        if channel.name in chosen:
            limits.append(_limit(index, channel, chosen.pop(channel.name), outputs, app.log))
    for name in chosen:
        app.log.warning(_MISSING % ("channel", name))
    return Limits(limits, readings, app.clock, app.log)


def _limit(index, channel, chosen, outputs, log):
    from ..sensors.limits import Limit
    from ..sensors.readings import fixed

    kept = {}
    for what in ("low", "high", "hysteresis"):
        value = chosen.get(what)
        kept[what] = None if value is None else fixed(value, channel.decimals)
    following = {}
    for what in _OUTPUTS:
        if what in chosen:
            if chosen[what] not in outputs:
                log.warning(_MISSING % ("output", chosen[what]))
            following[what.split("_")[0]] = outputs.get(chosen[what])
    tenths = int(chosen.get("seconds", 0) * 10)
    return Limit(index, kept["low"], kept["high"], kept["hysteresis"] or 0, tenths, following)
