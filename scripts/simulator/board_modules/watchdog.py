"""`watchdog`: the guard is in simulate.py, which ends the program when it isn't fed in time."""

from core import guard

_LONGEST_S = 8.388607


class WatchDogTimeout(Exception):
    pass


class WatchDogMode:
    RAISE = None
    RESET = None

    def __init__(self, name):
        self._name = name

    def __repr__(self):
        return "watchdog.WatchDogMode." + self._name


WatchDogMode.RAISE = WatchDogMode("RAISE")
WatchDogMode.RESET = WatchDogMode("RESET")


class WatchDogTimer:
    def __init__(self):
        self._timeout = None
        self._mode = None

    def feed(self):
        guard.feed()  # also one that boot.py has started

    @property
    def timeout(self):
        return self._timeout

    @timeout.setter
    def timeout(self, value):
        if not 0 < value <= _LONGEST_S:
            raise ValueError("timeout duration exceeded the maximum supported value")
        self._timeout = value
        if self._mode is not None:
            guard.start(value)

    @property
    def mode(self):
        return self._mode

    @mode.setter
    def mode(self, value):
        if value is WatchDogMode.RAISE:
            raise NotImplementedError("RAISE mode is not implemented")
        if value is not None and self._timeout is None:
            raise ValueError("WatchDogTimer.timeout must be greater than 0")
        self._mode = value
        guard.start(self._timeout if value is not None else 0)
