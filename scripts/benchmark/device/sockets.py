"""MicroPython's sockets with CircuitPython's methods, as thin as can be: what is measured is the server.

The simulator's stand-in is exact, and costs more than many a server; here each call is the interpreter's own, except
for accept, recv_into and close. The limits of the Pico W hold: 8 sockets in all, at most one TCP segment received at a
time, a send buffer of 8 segments.
"""

import errno
import io
import select
import socket

SEGMENT = 1460  # bytes of one TCP segment
_SEND_BUFFER = 8 * SEGMENT
_MAX_SOCKETS = 8  # the listening one included
_GET_FILE_NUMBER = 10  # ioctl request by which select.poll() finds the socket
_SO_SNDBUF = 7 if socket.SO_REUSEADDR == 2 else 0x1001  # Linux, else BSD and macOS


class Socket(io.IOBase):
    def __init__(self, pool, native):
        self._pool = pool
        self._native = native
        self._timeout = None
        self._readinto = native.readinto
        self.send = native.send

    def __getattr__(self, name):
        """What is the interpreter's own and rarely called; among it the methods of a stream, for asyncio."""
        return getattr(self._native, name)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def ioctl(self, request, argument):
        return self._native.fileno() if request == _GET_FILE_NUMBER else -errno.EINVAL

    def setblocking(self, flag):
        self.settimeout(None if flag else 0)

    def settimeout(self, seconds):
        self._timeout = seconds
        self._native.setblocking(False)  # MicroPython's would wait for a full buffer otherwise

    def bind(self, address):
        self._native.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._native.setsockopt(socket.SOL_SOCKET, _SO_SNDBUF, _SEND_BUFFER)
        if isinstance(address, tuple):  # asyncio has looked it up already
            address = socket.getaddrinfo(address[0], address[1])[0][-1]
        self._native.bind(address)

    def accept(self):
        native = self._native.accept()[0]
        if not self._pool.take():
            native.close()
            raise RuntimeError("Out of sockets")
        accepted = Socket(self._pool, native)
        accepted.settimeout(self._timeout)  # as on the board
        return accepted, ("127.0.0.1", 0)

    def recv_into(self, buffer, size=0):
        size = min(size or SEGMENT, SEGMENT)
        count = self._readinto(buffer, size)
        if count is None:
            if self._timeout == 0:
                raise OSError(errno.EAGAIN)
            self._wait()
            count = self._readinto(buffer, size)
        return count

    def _wait(self):
        poller = select.poll()
        poller.register(self._native, select.POLLIN)
        if not poller.poll(-1 if self._timeout is None else int(self._timeout * 1000)):
            raise OSError(errno.ETIMEDOUT)

    def close(self):
        if self._native:
            self._native.close()
            self._native = None
            self._pool.open -= 1


class SocketPool:
    """CircuitPython's, and what asyncio needs of the module `socket`."""

    AF_INET = socket.AF_INET
    SOCK_STREAM = socket.SOCK_STREAM
    SOL_SOCKET = socket.SOL_SOCKET
    SO_REUSEADDR = socket.SO_REUSEADDR
    getaddrinfo = staticmethod(socket.getaddrinfo)

    def __init__(self):
        self.open = 0

    def take(self):
        """Count one socket more; False when there is no room for it."""
        if self.open >= _MAX_SOCKETS:
            return False
        self.open += 1
        return True

    def socket(self, family=socket.AF_INET, kind=socket.SOCK_STREAM):
        self.take()
        return Socket(self, socket.socket(family, kind))

    def listener(self, port, places):
        """A listening socket that never waits, for servers that take one as it is."""
        listener = self.socket()
        listener.setblocking(False)
        listener.bind(("127.0.0.1", port))
        listener.listen(places)
        return listener
