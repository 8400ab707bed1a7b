"""`select` for CPython, which has no ipoll; MicroPython brings the board's own."""

from core import host
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
        self._masks = []  # [object, events asked for]

    def _find(self, obj):
        for mask in self._masks:
            if mask[0] is obj:
                return mask
        return None

    def register(self, obj, eventmask=POLLIN | POLLOUT):
        obj.ioctl  # noqa: B018 - what is no stream is refused
        mask = self._find(obj)
        if mask:
            mask[1] = eventmask
        else:
            self._masks.append([obj, eventmask])

    def unregister(self, obj):
        mask = self._find(obj)
        if mask:
            self._masks.remove(mask)

    def modify(self, obj, eventmask):
        mask = self._find(obj)
        if mask is None:
            raise _os_error(_ENOENT)
        mask[1] = eventmask

    def poll(self, timeout=-1):
        return list(self.ipoll(timeout))

    def ipoll(self, timeout=-1, flags=0):
        """Yields (object, events) for what is ready within `timeout` ms."""
        for mask, events in self._wait(timeout):
            yield mask[0], events
            if flags & 1:
                mask[1] = 0

    def _wait(self, timeout):
        end = None if timeout < 0 else host.now_us() + timeout * 1000
        while True:
            ready = []
            for mask in self._masks:
                events = mask[0].ioctl(_ASK_FOR_EVENTS, mask[1])
                if events:
                    ready.append((mask, events))
            if ready or (end is not None and host.now_us() >= end):
                return ready
            host.sleep_us(_ASK_AGAIN_US)
