"""`select`: what the board's sockets say of themselves."""

from core import clock, host
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
        # [object or None, events asked for]. As on the board they never get fewer
        self._masks = []

    def _find(self, obj):
        for mask in self._masks:
            if mask[0] is obj:
                return mask
        return None

    def register(self, obj, eventmask=POLLIN | POLLOUT):
        obj.ioctl  # noqa: B018 - what is no stream is refused
        mask = self._find(obj) or self._find(None)
        if mask:
            mask[:] = obj, eventmask
        else:
            self._masks.append([obj, eventmask])

    def unregister(self, obj):
        mask = self._find(obj)
        if mask:
            mask[0] = None

    def modify(self, obj, eventmask):
        mask = self._find(obj)
        if mask is None:
            raise _os_error(_ENOENT)
        mask[1] = eventmask

    def poll(self, timeout=-1):
        return list(self.ipoll(timeout))

    def ipoll(self, timeout=-1, flags=0):
        """(object, events) for each that is ready within `timeout` ms. As on the board nothing is
        allocated while nothing is ready."""
        end = None if timeout < 0 else host.now_us() + timeout * 1000
        while True:
            ready = self._ready(flags & 1)
            if ready or (end is not None and host.now_us() >= end):
                return ready
            clock.uptime_us()
            host.sleep_us(_ASK_AGAIN_US)

    def _ready(self, once):
        ready = ()
        for mask in self._masks:
            events = mask[0] and mask[0].ioctl(_ASK_FOR_EVENTS, mask[1])
            if events:
                ready += ((mask[0], events),)
                if once:
                    mask[1] = 0
        return ready
