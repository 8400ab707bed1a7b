"""`select` for CPython, which has no ipoll; MicroPython brings the board's own."""

from core import conditions, host
from core.host import SystemPoll as _SystemPoll
from core.host import error as _os_error

POLLIN = 1
POLLOUT = 4
POLLERR = 8
POLLHUP = 16

_ENOENT = 2
_ASK_FOR_EVENTS = 3
_ASK_AGAIN_US = 1000


class poll:
    def __init__(self):
        self._system = _SystemPoll()
        self._objects = {}
        self._masks = {}

    def register(self, obj, eventmask=POLLIN | POLLOUT):
        number = obj.fileno()
        self._objects[number] = obj
        self._set(number, eventmask)

    def _set(self, number, eventmask):
        self._masks[number] = eventmask
        self._system.set(number, eventmask)

    def _number(self, obj):
        for number, registered in self._objects.items():
            if registered is obj:
                return number
        return None

    def unregister(self, obj):
        number = self._number(obj)
        if number is not None:
            del self._objects[number]
            del self._masks[number]
            self._system.remove(number)

    def modify(self, obj, eventmask):
        number = self._number(obj)
        if number is None:
            raise _os_error(_ENOENT)
        self._set(number, eventmask)

    def poll(self, timeout=-1):
        return list(self.ipoll(timeout))

    def ipoll(self, timeout=-1, flags=0):
        """Yields (object, events) for what is ready within `timeout` ms."""
        wait = self._wait_faultily if conditions.now["faulty_poll"] else self._system.wait
        for number, events in wait(timeout):
            yield self._objects[number], events
            if flags & 1:
                self._set(number, 0)

    def _wait_faultily(self, timeout):
        end = None if timeout < 0 else host.now_us() + timeout * 1000
        while True:
            ready = []
            for number, obj in self._objects.items():
                events = obj.ioctl(_ASK_FOR_EVENTS, self._masks[number])
                if events:
                    ready.append((number, events))
            if ready or (end is not None and host.now_us() >= end):
                return ready
            host.sleep_us(_ASK_AGAIN_US)
