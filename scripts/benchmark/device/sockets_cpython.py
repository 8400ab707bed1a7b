"""CPython's sockets with the limits of the Pico W: 8 in all, one TCP segment received at a time, a small send buffer."""

import socket

from limits import MOST_SOCKETS, SEGMENT, SEND_BUFFER


class Socket(socket.socket):
    def bind(self, address):
        self.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        super().bind(address)

    def accept(self):
        descriptor, address = self._accept()
        accepted = self.pool.socket_class(self.family, self.type, self.proto, descriptor)
        accepted.pool = self.pool
        if not self.pool.take():
            accepted.detach()
            socket.close(descriptor)
            raise RuntimeError("Out of sockets")
        accepted.settimeout(self.gettimeout())  # as on the board
        return accepted, address

    def recv_into(self, buffer, size=0):
        return super().recv_into(buffer, min(size or len(buffer), SEGMENT))

    def close(self):
        if self.fileno() >= 0:
            self.pool.open -= 1
            super().close()


class CountingSocket(Socket):
    """Tells the pool of every transfer, so that steps with work in them can be told from idle ones."""

    def send(self, data):
        count = super().send(data)
        self.pool.transfers += 1
        return count

    def recv_into(self, buffer, size=0):
        count = super().recv_into(buffer, size)
        self.pool.transfers += 1
        return count


class SocketPool:
    AF_INET = socket.AF_INET
    SOCK_STREAM = socket.SOCK_STREAM
    SOL_SOCKET = socket.SOL_SOCKET
    SO_REUSEADDR = socket.SO_REUSEADDR
    getaddrinfo = staticmethod(socket.getaddrinfo)

    def __init__(self, counting=False):
        self.socket_class = CountingSocket if counting else Socket
        self.open = 0
        self.transfers = 0

    def take(self):
        if self.open >= MOST_SOCKETS:
            return False
        self.open += 1
        return True

    def socket(self, family=AF_INET, kind=SOCK_STREAM):
        self.take()
        made = Socket(family, kind)
        made.pool = self
        return made
