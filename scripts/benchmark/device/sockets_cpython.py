"""CPython's sockets with the limits of the Pico W: 8 in all, one TCP segment received at a time, a small send buffer."""

import socket

from limited_pool import LimitedPool
from limits import SEGMENT, SEND_BUFFER


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


class SocketPool(LimitedPool):
    def __init__(self, counting=False):
        super().__init__(CountingSocket if counting else Socket)

    def socket(self, family=socket.AF_INET, kind=socket.SOCK_STREAM):
        self.take()
        made = Socket(family, kind)
        made.pool = self
        return made
