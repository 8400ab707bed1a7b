"""Which chips hang on which pins of the board. The computer names them as the setting SENSORS does,
in the condition `sensors`; models are in chips/."""

from . import conditions, power

_SDA = 0  # pin of the I2C bus that has none named, as in lib/datalogger/sensors/buses.py

i2c = {}  # number of the SDA pin: the chips
one_wire = {}  # number of the pin: the chips


def begin():
    """Loads the models of the chips that are attached. Takes place before the program starts: the
    memory of the models is not the program's."""
    if power.phase != "code":
        return
    for item in conditions.now["sensors"]:
        kind, _, rest = item.partition(":")
        place, _, address = rest.partition(":")
        if place.startswith("0x"):
            place, address = "", place
        module = __import__("chips." + kind, None, None, ("attach",))
        for bus, chip in module.attach(item, place, address):
            (one_wire if bus == "1-wire" else i2c).setdefault(
                pin_number(place, module.PIN), []
            ).append(chip)


def pin_number(name, usual=_SDA):
    """Number of the GPIO that is called "GP26" or "A0"; `usual` where there is no name."""
    if not name:
        return usual
    return int(name[2:]) if name[0] == "G" else 26 + int(name[1:])


def chip_at(sda, address):
    """The chip that answers to the address on a bus, None when there is none."""
    for chip in i2c.get(sda, ()):
        if chip.address == address and chip.fault() != "unplugged":
            return chip
    return None


def present(chips):
    """Those of the chips that are plugged in."""
    return [chip for chip in chips if chip.fault() != "unplugged"]


def is_stuck(chips):
    """Whether one of the chips holds its bus down."""
    return any(chip.fault() == "stuck" for chip in chips)
