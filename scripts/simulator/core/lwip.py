"""What lwIP keeps in memory for TCP, and what it does when there is none: packets are lost, and
sending waits (ports/raspberrypi/common-hal/socketpool/Socket.c and lwip_inc of CircuitPython 10.2).

The real connections are the system's. It takes at once what is sent here, so what is waiting is
read from its counters.
"""

from array import array

from . import clock, conditions, guard, host, outer_heap

SEGMENT = 1460
_WINDOW = 8 * SEGMENT  # bytes received and not read, at most
_SEND_BUFFER = 8 * SEGMENT  # bytes sent and not acknowledged, at most
_MOST_BUFFERS = 32  # that one connection may have to send
_PACKET = 1548  # bytes that a packet takes, however small
_CONNECTION = 172  # bytes that a connection takes
_TIME_WAIT_S = 120  # for which a connection is kept that the board has closed first
_CLOSING_US = 1000000  # in which the rest must have been acknowledged after close()
_LOOK_US = 1000
# The radio brings no more than a packet in this time, 12 Mbit/s, which is more than the real one
_PACKET_US = 1000
_MOST_AT_ONCE = 8  # packets after a pause
_WAIT_US = 50000
_MOST_WAITS = 200
_ENOMEM = 12

_listeners = []
_open = []  # Connections, or None
_closing = []
_ended = array("H", [0] * _TIME_WAIT_S)  # connections in TIME_WAIT, by the second of their end
_second = 0  # up to which they are forgotten
_air_us = 0  # until when the radio is busy with what has arrived


def begin():
    clock.checks.append(work)


def work():
    """What goes on beside the program: what has arrived is taken in."""
    for listener in _listeners:
        listener.work()
    for connection in _open:
        if connection:
            connection.work()
    for connection in _closing:
        if connection:
            connection.finish()
    _forget_ended()


def _forget_ended():
    global _second
    now = clock.now_us() // 1000000
    _second = max(_second, now - _TIME_WAIT_S)
    while _second < now:
        _second += 1
        number = _ended[_second % _TIME_WAIT_S]
        if number:
            _ended[_second % _TIME_WAIT_S] = 0
            outer_heap.take(-number * _CONNECTION)


def _keep(connections, connection):
    """In a free slot, or in a new one. These lists never shrink: when they grew again they would
    move to the middle of Python's memory, where the board keeps nothing of the kind."""
    if None in connections:
        connections[connections.index(None)] = connection
    else:
        connections.append(connection)


def _packets(size):
    return (size + SEGMENT - 1) // SEGMENT


def _packet_arrives():
    """Whether the radio has brought another packet by now."""
    global _air_us
    now = clock.now_us()
    if _air_us > now:
        return False
    _air_us = max(_air_us, now - _MOST_AT_ONCE * _PACKET_US) + _PACKET_US
    return True


class Connection:
    """The memory of one. `unread` is how many bytes the program can read, `ended` whether the
    other end has said that it sends no more, `broken` whether it was reset: then nothing is kept
    for it any more."""

    def __init__(self, native, window):
        self.native = native
        self.no_delay = False
        self.ended = False
        self.broken = False
        self.unread = 0
        self._arrived = 0  # bytes that the system has for the program
        self._window = window
        self._sizes = []  # bytes of the segments to be acknowledged, oldest first
        self._sent_us = []  # when each was sent; the last may wait for more (None)
        self._waiting = 0  # bytes in all of them
        self._look_us = 0
        self._close_by_us = 0
        outer_heap.take(_CONNECTION)

    def opened(self):
        """The program has it now."""
        self._window = _WINDOW
        _keep(_open, self)
        return self

    # --- what the other end does

    def work(self):
        """Take in what has arrived. Without memory for a packet nothing does, acknowledgements
        included."""
        if self.broken or not outer_heap.fits(_PACKET):
            return
        state = host.connection_state(self.native)
        if state & host.BROKEN:
            self.reset()
            return
        if self._sizes:
            self._acknowledge()
        self._arrived = state >> 4
        if self.unread < self._arrived:
            self._receive()
        self.ended = bool(state & host.PEER_CLOSED)

    def look(self):
        """The same for who asks again and again: once a millisecond of the computer is enough."""
        now = host.now_us()
        if now >= self._look_us:
            self._look_us = now + _LOOK_US
            self.work()

    def has_lost(self):
        """Whether bytes have been sent here that have not arrived yet, or found no memory."""
        return self._arrived > self.unread

    def reset(self):
        """The other end has reset the connection."""
        if not self.broken:
            self.broken = True
            self._forget()

    def _receive(self):
        arrived = min(self._arrived, self._window)
        while self.unread < arrived:
            size = min(arrived, (self.unread // SEGMENT + 1) * SEGMENT)
            if self.unread % SEGMENT == 0:  # the first of another packet
                if not outer_heap.fits(_PACKET) or not _packet_arrives():
                    return
                outer_heap.take(_PACKET)
            self.unread = size

    def _acknowledge(self):
        now = clock.now_us()
        latest = now - conditions.now["round_trip_ms"] * 1000
        left = host.unacknowledged(self.native)
        while self._sizes and self._waiting - self._sizes[0] >= left:
            sent_us = self._sent_us[0]
            if sent_us is not None and sent_us > latest:
                return
            if sent_us is None and conditions.now["round_trip_ms"]:
                self._sent_us[0] = now  # what was before it is acknowledged: it goes
                return
            self._waiting -= self._sizes.pop(0)
            self._sent_us.pop(0)
            outer_heap.take(-_PACKET)

    # --- what the program does

    def room(self):
        """Bytes that send() takes."""
        return _SEND_BUFFER - self._waiting

    def has_read(self, count):
        before = _packets(self.unread)
        self.unread = max(0, self.unread - count)
        self._arrived = max(0, self._arrived - count)
        outer_heap.take((_packets(self.unread) - before) * _PACKET)

    def make_room(self, size):
        """How many of `size` bytes can be sent now: waits for memory or a free buffer, whatever
        the socket's timeout is, and raises OSError(ENOMEM) after 10 s. Something must be free."""
        size = min(size, self.room())
        for _ in range(_MOST_WAITS):
            while not self._fits(size):
                if size <= SEGMENT:
                    break
                size = (size - 1) // SEGMENT * SEGMENT
            else:
                return size
            guard.hold(_WAIT_US)
            work()
        raise host.error(_ENOMEM)

    def _fits(self, size):
        more = self._more_segments(size)
        return len(self._sizes) + more <= _MOST_BUFFERS and (
            more == 0 or outer_heap.fits(more * _PACKET)
        )

    def _more_segments(self, size):
        return _packets(max(0, size - self._room_in_last()))

    def _room_in_last(self):
        """Bytes that go into the last segment, which has not been sent yet."""
        if self._sizes and self._sent_us[-1] is None:
            return SEGMENT - self._sizes[-1]
        return 0

    def has_sent(self, size):
        """So many bytes more are on their way. Nagle's algorithm, unless the program has turned it
        off, lets a small one wait until all others are acknowledged."""
        self._waiting += size
        into_last = min(size, self._room_in_last())
        if into_last:
            self._sizes[-1] += into_last
            size -= into_last
            if self._sizes[-1] == SEGMENT:
                self._sent_us[-1] = clock.now_us()
        while size > 0:
            part = min(size, SEGMENT)
            waits = part < SEGMENT and self._sizes and not self.no_delay
            self._sizes.append(part)
            self._sent_us.append(None if waits else clock.now_us())
            outer_heap.take(_PACKET)
            size -= part

    # --- its end

    def close(self):
        """Let the connection end; what isn't acknowledged a second later is lost."""
        if self in _open:
            _open[_open.index(self)] = None
        self.work()
        if self.broken:
            host.close(self.native)
            return
        if self._arrived:
            self._forget()
            host.close(self.native)  # which resets it
            return
        if not self.ended:  # this end is the first to close
            _forget_ended()
            _ended[_second % _TIME_WAIT_S] += 1
            outer_heap.take(_CONNECTION)
        host.set_no_delay(self.native, 1)  # no small rest waits any longer
        self._close_by_us = clock.now_us() + _CLOSING_US
        _keep(_closing, self)
        self.finish()

    def finish(self):
        """After close(): the real one is closed when all has arrived, or a second has passed."""
        self.work()
        if self._sizes and clock.now_us() < self._close_by_us:
            return
        _closing[_closing.index(self)] = None
        if self._sizes:
            self.refuse()
            return
        if not self.broken:
            self._forget()
        host.close(self.native)

    def refuse(self):
        """Reset the connection."""
        if not self.broken:
            self._forget()
        host.abort(self.native)

    def _forget(self):
        packets = len(self._sizes) + _packets(self.unread)
        self._sizes = []
        self._sent_us = []
        self._waiting = self.unread = 0
        outer_heap.take(-_CONNECTION - packets * _PACKET)


class Listener:
    """The clients that wait to be accepted; more than `most` are refused with a reset."""

    def __init__(self, native, most):
        self._native = native
        self._most = max(1, most)
        self._waiting = []  # (Connection, host, port)
        _listeners.append(self)

    def work(self):
        for waiting in self._waiting[:]:
            waiting[0].work()
            if waiting[0].broken:
                self._waiting.remove(waiting)
                waiting[0].refuse()
        # Without memory the client's packets are lost. Those of its handshake take the radio's time
        while (
            outer_heap.fits(_CONNECTION + _PACKET)
            and host.connection_state(self._native) & host.READABLE
            and _packet_arrives()
        ):
            self._hold(host.accept(self._native))

    def _hold(self, accepted):
        if accepted is None:
            return
        native, peer, port = accepted
        if len(self._waiting) < self._most:
            connection = Connection(native, SEGMENT)
            connection.work()
            if connection.broken:  # it came and went: nobody hears of it
                connection.refuse()
            else:
                self._waiting.append((connection, peer, port))
        else:
            host.abort(native)

    def somebody_waits(self):
        self.work()
        return bool(self._waiting)

    def accept(self):
        """(Connection, host, port) of who has waited longest, None if nobody does."""
        return self._waiting.pop(0) if self.somebody_waits() else None

    def close(self):
        _listeners.remove(self)
        for connection, _, _ in self._waiting:
            connection.refuse()
        host.close(self._native)
