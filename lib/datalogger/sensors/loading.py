"""Makes the sensors that the setting SENSORS chooses, one by one: one that can't be had never
keeps the others away."""

from micropython import const

from ..on_demand import on_demand
from .readings import Channel, Sensor

_MAX_SENSORS = const(16)  # rare/suspects.py has a bit for each
_NAME_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789_"
_NO_DRIVER = "The driver %s is not on the drive: python3 scripts/deploy.py brings it"
_NO_KIND = "There is no kind of sensor called %s: lib/datalogger/sensors/%s.py is not on the drive"


class Missing:
    """In the place of a kind that can't be had: it raises when it is to make a device."""

    def __init__(self, problem):
        """problem: an exception; None for a sensor that is off, of which no device is made."""
        self._problem = problem

    def __call__(self, *arguments):
        raise self._problem


def load(text, changes, log, feed=None, marks=None, off=0):
    """The sensors of a text such as "chip bme280:GP2:0x76", as a list of Sensor. changes: the
    setting CHANNELS; feed, marks, off: see Readings."""
    sensors = []
    names = Names(on_demand("channel_changes").parse(changes) if changes else {})
    items = text.split()
    if len(items) > _MAX_SENSORS:
        log.error("Of the sensors only the first %d are read." % _MAX_SENSORS)
    for index, item in enumerate(items[:_MAX_SENSORS]):
        if feed:
            feed()
        if marks:
            marks[0] = index + 1  # making a device may hang, too
        sensors.append(_sensor(item, off >> index & 1, names, log))
        if marks:
            marks[0] = 0
    return sensors


def _sensor(item, is_off, names, log):
    name, arguments = _parts(item)
    kind = device = None
    try:
        if is_off:
            kind = Missing(None)  # it isn't even loaded: that may be what hangs
        else:
            kind = _kind(name)
            device = kind(*arguments)
    except Exception as error:  # noqa: BLE001 - any driver may raise anything
        if kind is None:
            log.failure("The sensor %s can't be used." % item, error)
            kind = Missing(error)
        # else it is tried again, and Readings tells why it fails
    try:
        channels = checked((device or kind).channels, names)
    except Exception as error:  # noqa: BLE001 - whatever somebody has written there
        if not isinstance(kind, Missing):
            log.failure("The sensor %s can't be used." % item, error)
            kind = Missing(error)
            device = None
        label = "".join([one for one in name if one in _NAME_LETTERS])
        channels = checked(((label or "sensor", name, "", 0),), names)
    return Sensor(item, kind, arguments, channels, device)


def _parts(item):
    """Name of the kind, and its arguments: texts. An address may stand in the place of a pin."""
    arguments = item.split(":")
    name = arguments.pop(0)
    if arguments and arguments[0][:2] == "0x":
        arguments.insert(0, "")
    return name, arguments


def _kind(name):
    """The class Device of the module of that name in this room. Raises whatever that raises."""
    path = __name__[: __name__.rfind(".")] + "." + name
    try:
        return __import__(path, None, None, ("Device",)).Device
    except ImportError as error:
        parts = str(error).split("'")  # no module named 'NAME'
        if len(parts) < 3 or not parts[0].lower().startswith("no module"):
            raise
        if parts[1] == path:
            raise ImportError(_NO_KIND % (name, name))
        raise ImportError(_NO_DRIVER % parts[1])


class Names:
    """The names of channels that are taken, and what people have changed of them."""

    def __init__(self, changes):
        """changes: as channel_changes.parse() makes it."""
        self.changes = changes
        self._taken = []

    def take(self, name):
        """(name, number) of a new channel: a second one of the same name is NAME_2."""
        count = 1
        unique = name
        while unique in self._taken:
            count += 1
            unique = "%s_%d" % (name, count)
        self._taken.append(unique)
        return unique, count


def checked(given, names):
    """The channels that a device names, as a list of Channel, as people have changed them. names: a
    Names. Raises ValueError or TypeError."""
    channels = []
    for name, label, unit, decimals in given:
        for text in (name, label, unit):
            if not isinstance(text, str):
                raise ValueError("%s is no text" % (text,))
        if type(decimals) is not int or not 0 <= decimals <= 6:
            raise ValueError("decimals is no number from 0 to 6")
        for letter in name or "?":
            if letter not in _NAME_LETTERS:
                raise ValueError("the name has more than small letters, digits and underscores")
        name, count = names.take(name)
        if count > 1:
            label += " %d" % count
        new = names.changes.get(name, {}).get
        shown = new("label", label), new("unit", unit), new("decimals", decimals)
        channels.append(Channel(name, *shown, new("factor", 1), new("offset", 0)))
    if not channels:
        raise ValueError("it has no channels")
    return channels
