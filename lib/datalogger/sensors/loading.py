"""Imports the sensors one by one: one that can't be had never keeps the others away."""

from ..log import described

_NAME_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789_"


class Missing:
    """In the place of a sensor that can't be imported, or lacks something it must have."""

    unit = ""
    decimals = 0

    def __init__(self, listed, problem):
        """listed: what stands in SENSORS; problem: a sentence for people."""
        text = listed if isinstance(listed, str) else getattr(listed, "__name__", "sensor")
        label = getattr(listed, "label", None)
        self.label = label if isinstance(label, str) else text.split(".")[-1]
        self.name = "".join([one for one in self.label.lower() if one in _NAME_LETTERS])
        self._problem = problem

    def __call__(self):
        raise RuntimeError(self._problem)


def load(log):
    """The sensors that kinds.py lists, all with the names that a sensor needs."""
    try:
        from .kinds import SENSORS
    except Exception as error:  # noqa: BLE001 - whatever somebody has written into it
        log.failure("The list of sensors can't be read.", error)
        return ()
    return checked(SENSORS, log)


def checked(listed, log):
    """The sensors of a list of classes, and of texts such as "chip.ChipTemperature"."""
    found = []
    names = []
    for one in listed:
        try:
            sensor = _imported(one) if isinstance(one, str) else one
            _check(sensor, names)
        except Exception as error:  # noqa: BLE001 - any driver may raise anything
            log.failure("The sensor %s can't be used." % (one,), error)
            sensor = Missing(one, described(error))
            while sensor.name in names:
                sensor.name += "_"
        names.append(sensor.name)
        found.append(sensor)
    return tuple(found)


def _imported(text):
    """The class that a text such as "chip.ChipTemperature" names."""
    module, _, name = text.rpartition(".")
    package = __name__[: __name__.rfind(".")]
    return getattr(__import__(package + "." + module, None, None, (name,)), name)


def _check(sensor, names):
    """Raises ValueError or AttributeError where the sensor lacks something."""
    for needed in ("label", "unit", "name"):
        if not isinstance(getattr(sensor, needed), str):
            raise ValueError("%s is no text" % needed)
    if type(sensor.decimals) is not int or not 0 <= sensor.decimals <= 6:
        raise ValueError("decimals is no number from 0 to 6")
    if sensor.name in names:
        raise ValueError("another sensor has the name %s, too" % sensor.name)
    for letter in sensor.name or "?":
        if letter not in _NAME_LETTERS:
            raise ValueError("name has more than small letters, digits and underscores")
