"""A pin that one object at a time may use, until it is deinitialized."""


class HeldPin:
    """What the objects of all modules that take one pin have in common."""

    def __init__(self, pin):
        if pin._in_use:
            raise ValueError("%s in use" % pin._name)
        pin._in_use = True
        self._pin = pin

    def deinit(self):
        if self._pin is not None:
            self._pin._in_use = False
            self._pin = None

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.deinit()

    def _open_pin(self):
        if self._pin is None:
            raise ValueError(
                "Object has been deinitialized and can no longer be used. Create a new object."
            )
        return self._pin
