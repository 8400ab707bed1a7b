"""`digitalio`: outputs are reported to the computer where it asks for that; inputs are
conditions."""

from core import conditions, lights
from core.held_pin import HeldPin as _HeldPin


class DriveMode:
    PUSH_PULL = None
    OPEN_DRAIN = None

    def __init__(self):
        pass


class Direction:
    INPUT = None
    OUTPUT = None

    def __init__(self):
        pass


class Pull:
    UP = None
    DOWN = None

    def __init__(self):
        pass


DriveMode.PUSH_PULL = DriveMode()
DriveMode.OPEN_DRAIN = DriveMode()
Direction.INPUT = Direction()
Direction.OUTPUT = Direction()
Pull.UP = Pull()
Pull.DOWN = Pull()


class DigitalInOut(_HeldPin):
    def __init__(self, pin):
        super().__init__(pin)
        self._direction = Direction.INPUT
        self._value = False
        self._pull = None
        self._drive_mode = DriveMode.PUSH_PULL

    def switch_to_output(self, value=False, drive_mode=DriveMode.PUSH_PULL):
        self._open_pin()
        self._direction = Direction.OUTPUT
        self._drive_mode = drive_mode
        self.value = value

    def switch_to_input(self, pull=None):
        self._open_pin()
        self._direction = Direction.INPUT
        self._pull = pull

    @property
    def direction(self):
        self._open_pin()
        return self._direction

    @direction.setter
    def direction(self, value):
        if value is Direction.OUTPUT:
            self.switch_to_output()
        elif value is Direction.INPUT:
            self.switch_to_input()
        else:
            raise ValueError("Invalid direction")

    @property
    def value(self):
        name = self._open_pin()._name
        if self._direction is Direction.OUTPUT:
            return self._value
        if name == "VBUS_SENSE":
            return bool(conditions.now["usb_power"])
        return bool(conditions.now["pins"].get(name, self._pull is Pull.UP))

    @value.setter
    def value(self, value):
        pin = self._open_pin()
        if self._direction is not Direction.OUTPUT:
            raise AttributeError("Cannot set value when direction is input.")
        value = bool(value)
        if value != self._value:
            self._value = value
            lights.switched(pin._name, value)

    @property
    def drive_mode(self):
        if self._direction is not Direction.OUTPUT:
            raise AttributeError("Drive mode not used when direction is input.")
        return self._drive_mode

    @drive_mode.setter
    def drive_mode(self, mode):
        self._drive_mode = mode

    @property
    def pull(self):
        if self._direction is Direction.OUTPUT:
            raise AttributeError("Pull not used when direction is output.")
        return self._pull

    @pull.setter
    def pull(self, pull):
        if self._direction is Direction.OUTPUT:
            raise AttributeError("Pull not used when direction is output.")
        self._pull = pull
