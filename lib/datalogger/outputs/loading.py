"""Makes the outputs that the setting OUTPUTS chooses, one by one, each in its safe state: one that
can't be had never keeps the others away."""

from micropython import const

_MAX_OUTPUTS = const(8)
_NAME_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789_"


class Output:
    """An output. Its device has set(value) and `safe`, the value at the start, which also tells
    whether it is a switch (True or False) or a number; perhaps `label`, `unit`, `lowest` and
    `highest`."""

    def __init__(self, name, label, device):
        """name: as in addresses and metrics; label: what people read."""
        self.name = name
        self.label = label
        self.device = device
        self.set(device.safe)

    def set(self, value):
        """Set it; raises whatever the device does."""
        self.device.set(value)
        self.value = value


def load(text, log):
    """The outputs of a text such as "relay:GP15:pump pwm:GP16", as a list of Output."""
    outputs = []
    items = text.split()
    if len(items) > _MAX_OUTPUTS:
        log.error("Of the outputs only the first %d are used." % _MAX_OUTPUTS)
    for item in items[:_MAX_OUTPUTS]:
        try:
            outputs.append(_output(item, [output.name for output in outputs]))
        except Exception as error:  # noqa: BLE001 - any device may raise anything
            log.failure("The output %s can't be used." % item, error)
    return outputs


def _output(item, taken):
    kind, pin, given = (item + "::").split(":")[:3]
    path = __name__[: __name__.rfind(".")] + "." + kind
    device = __import__(path, None, None, ("Device",)).Device(pin)
    label = given or getattr(device, "label", kind)
    label = label[:1].upper() + label[1:].replace("_", " ")
    name = unique = "".join([one for one in given or kind if one in _NAME_LETTERS])
    count = 1
    while unique in taken:
        count += 1
        unique = "%s_%d" % (name, count)
    if count > 1:
        label += " %d" % count
    return Output(unique, label, device)
