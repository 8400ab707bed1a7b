"""Sockets with a Pico W's limits, as CircuitPython's `socketpool` has them.

They wrap the sockets of the interpreter, CPython or MicroPython. `Limits` says what is limited; a
ledger records every call. There is no recv, makefile or sendall, as on the board.
"""

import errno
import os
import select
import socket as host
import sys

_MICROPYTHON = sys.implementation.name == "micropython"
_EPIPE = 32
_POLLRDHUP = 0x2000  # Linux: the peer has shut down its sending side
_SO_SNDBUF = 7
_POLL = 3  # ioctl request by which MicroPython's select asks what a stream is ready for
_GET_FILENO = 10  # and by which it asks for the file descriptor
_POLLIN = 1
_POLLOUT = 4
_POLLERR = 8
_AGAIN = -1

if _MICROPYTHON:
    import io

    _Base = io.IOBase
else:
    _Base = object


class Limits:
    """What a kind of socket can't do.

    sockets: how many there may be at once, the listening one included (None: any number)
    segment: most bytes one recv_into returns (None: any number)
    send_buffer: bytes the stack buffers for sending (None: as the host does)
    half_close_breaks: sending to a peer that has shut down its side raises EPIPE
    pollable: select.poll accepts the socket
    board_poll: poll reports what it reports on a Pico W: the listening socket is always readable
      (adafruit/circuitpython issue 8964), a connection that was reset never
    sends, receives: what successive calls of a socket do, cyclically: at most that many bytes, or
      -1 for EAGAIN
    """

    def __init__(
        self,
        sockets=None,
        segment=None,
        send_buffer=None,
        half_close_breaks=False,
        pollable=True,
        board_poll=False,
        sends=(),
        receives=(),
    ):
        self.sockets = sockets
        self.segment = segment
        self.send_buffer = send_buffer
        self.half_close_breaks = half_close_breaks
        self.pollable = pollable
        self.board_poll = board_poll
        self.sends = sends
        self.receives = receives
        self.trickle = None


_PICO_W = {"sockets": 8, "segment": 1460, "send_buffer": 11680, "half_close_breaks": True}


def limits(kind):
    """The limits of a kind of socket, by its name."""
    if kind == "stock":
        return Limits()
    if kind == "limited":
        return Limits(**_PICO_W)
    if kind == "unpollable":
        return Limits(pollable=False, **_PICO_W)
    if kind == "board-poll":
        return Limits(board_poll=True, **_PICO_W)
    if kind == "mean":
        return Limits(
            sends=(1, _AGAIN, 1460, 3, _AGAIN, _AGAIN, 700),
            receives=(_AGAIN, 1460, 1, 13, _AGAIN, 2, 1460),
            **_PICO_W,
        )
    raise ValueError(kind)


class Pool:
    """Makes sockets; the counterpart of `socketpool.SocketPool`."""

    def __init__(self, ledger, limits):
        self.ledger = ledger
        self.limits = limits
        self.open = 0
        self.made = 0
        self.port = None  # of the listening socket, once bound
        self._failures = {}  # operation -> what the next call raises

    def socket(self):
        if not self.take():
            raise RuntimeError("Out of sockets")
        return self.wrap(host.socket())

    def wrap(self, raw):
        raw.setblocking(False)
        return (PollableSocket if self.limits.pollable else Socket)(self, raw)

    def take(self):
        """Take one of the free sockets; returns False when there is none."""
        if self.limits.sockets is not None and self.open >= self.limits.sockets:
            return False
        self.open += 1
        return True

    def give_back(self):
        self.open -= 1

    def reserve(self, count):
        """Count sockets as used by the rest of the program (negative: give them back)."""
        self.open += count

    def script(self, sends, receives):
        """Replace what successive sends and receives do."""
        self.limits.sends = sends
        self.limits.receives = receives

    def trickle(self, first, size, every):
        """After the `first` sends of each socket, let one send in `every` take at most `size` bytes
        and the others none; `every` = 0 ends that."""
        self.limits.trickle = (first, size, every) if every else None

    def fail(self, operation, number):
        """Let the next call of accept, recv or send raise OSError(number, "injected"); 0 stands for
        RuntimeError("Out of sockets")."""
        self._failures[operation] = number

    def check(self, operation):
        if operation in self._failures:
            number = self._failures.pop(operation)
            if number:
                raise OSError(number, "injected")
            raise RuntimeError("Out of sockets")

    def most(self, script, number, size):
        """How many bytes the script lets the call of that number move."""
        if script:
            allowed = script[number % len(script)]
            if allowed < 0:
                raise OSError(errno.EAGAIN, "EAGAIN")
            return min(size, allowed)
        return size


class Socket(_Base):
    def __init__(self, pool, raw):
        self._pool = pool
        self._raw = raw
        self._number = pool.made
        self._blocking = True
        self._connection = False
        self._sends = 0
        self._receives = 0
        pool.made += 1

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def setblocking(self, flag):
        self._blocking = flag

    def settimeout(self, seconds):
        self._blocking = seconds != 0

    def setsockopt(self, level, option, value):
        self._raw.setsockopt(level, option, value)

    def bind(self, address):
        name, port = address
        if port:
            self._pool.port = _bind(self._raw, name, port)
        else:
            self._pool.port = _bind_to_free_port(self._raw, name)

    def listen(self, backlog):
        self._raw.listen(backlog)

    def accept(self):
        pool = self._pool
        pool.ledger.accept_called()
        self._check_open("accept")
        raw, address = self._raw.accept()
        try:
            pool.check("accept")
            if not pool.take():
                raise RuntimeError("Out of sockets")
        except Exception:
            raw.close()
            raise
        if pool.limits.send_buffer:
            raw.setsockopt(host.SOL_SOCKET, _SO_SNDBUF, pool.limits.send_buffer // 2)
        connection = pool.wrap(raw)
        connection._blocking = self._blocking
        connection._connection = True
        pool.ledger.opened()
        return connection, ("127.0.0.1", 0) if _MICROPYTHON else address

    def recv_into(self, buffer, size=0):
        pool = self._pool
        pool.ledger.received(self._number)
        self._check_open("recv")
        pool.check("recv")
        if size < 0 or size > len(buffer):
            raise ValueError("size")
        size = size or len(buffer)
        if not size:
            raise ValueError("recv_into an empty buffer")
        if pool.limits.segment:
            size = min(size, pool.limits.segment)
        self._receives += 1
        view = memoryview(buffer)[: pool.most(pool.limits.receives, self._receives, size)]
        if not _MICROPYTHON:
            return self._raw.recv_into(view)
        count = self._raw.readinto(view)
        if count is None:
            raise OSError(errno.EAGAIN, "EAGAIN")
        return count

    def send(self, data):
        pool = self._pool
        size = len(data)
        pool.ledger.sent(self._number, size)
        self._check_open("send")
        pool.check("send")
        if pool.limits.half_close_breaks and self._peer_closed():
            raise OSError(_EPIPE, "EPIPE")
        self._sends += 1
        size = pool.most(pool.limits.sends, self._sends, size)
        if pool.limits.trickle and self._sends > pool.limits.trickle[0]:
            _, most, every = pool.limits.trickle
            size = min(size, most)
            if self._sends % every:
                raise OSError(errno.EAGAIN, "EAGAIN")
        taken = self._raw.send(memoryview(data)[:size])
        pool.ledger.taken += taken
        return taken

    def close(self):
        if self._raw is not None:
            self._raw.close()
            self._raw = None
            self._pool.give_back()
            if self._connection:
                self._pool.ledger.closed()

    def _check_open(self, operation):
        if self._raw is None:
            raise OSError(errno.EBADF, "closed")
        if self._blocking:
            self._pool.ledger.violation(operation + " on a blocking socket")

    def _peer_closed(self):
        poller = select.poll()
        poller.register(self._raw, _POLLRDHUP)
        return bool(poller.poll(0))


class PollableSocket(Socket):
    """A socket that select.poll accepts, by its file descriptor in both interpreters."""

    def fileno(self):
        return -1 if self._raw is None else self._raw.fileno()

    def ioctl(self, request, wanted):
        if not self._pool.limits.board_poll:
            return self.fileno() if request == _GET_FILENO else -errno.EINVAL
        if request != _POLL or self._raw is None:
            return -errno.EINVAL
        if not self._connection:
            return wanted & _POLLIN
        poller = select.poll()
        poller.register(self._raw, wanted | _POLLRDHUP)
        for _, events in poller.poll(0):
            if events & _POLLERR:
                return 0
            return events & wanted
        return 0


def _bind(raw, name, port):
    raw.setsockopt(host.SOL_SOCKET, host.SO_REUSEADDR, 1)
    raw.bind(host.getaddrinfo(name, port)[0][-1])
    return port


def _bind_to_free_port(raw, name):
    if not _MICROPYTHON:
        _bind(raw, name, 0)
        return raw.getsockname()[1]
    while True:  # MicroPython's sockets can't tell the port that the system chose
        number = os.urandom(2)
        try:
            return _bind(raw, name, 20000 + (number[0] << 8 | number[1]) % 12000)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
