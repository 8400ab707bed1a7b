"""CPython's own sockets, recv and makefile included; a ledger records their calls."""

import socket


class StockPool:
    def __init__(self, ledger):
        self.ledger = ledger
        self.made = 0
        self.port = None

    def socket(self):
        listener = StockSocket(socket.AF_INET, socket.SOCK_STREAM)
        listener.pool = self
        return listener


class StockSocket(socket.socket):
    """A socket.socket that counts; `pool` is set by whoever makes it."""

    __slots__ = ("number", "pool")

    def bind(self, address):
        super().bind(address)
        self.pool.port = self.getsockname()[1]

    def accept(self):
        self.pool.ledger.accept_called()
        descriptor, address = self._accept()
        connection = StockSocket(self.family, self.type, self.proto, fileno=descriptor)
        connection.pool = self.pool
        connection.number = self.pool.made
        self.pool.made += 1
        self.pool.ledger.opened()
        return connection, address

    def recv_into(self, *arguments):
        self.pool.ledger.received(self.number)
        return super().recv_into(*arguments)

    def recv(self, *arguments):
        self.pool.ledger.received(self.number)
        return super().recv(*arguments)

    def send(self, data, *arguments):
        self.pool.ledger.sent(self.number, len(data))
        taken = super().send(data, *arguments)
        self.pool.ledger.taken += taken
        return taken

    def close(self):
        if self.fileno() >= 0 and hasattr(self, "number"):
            self.pool.ledger.closed()
        super().close()
