"""A client inside the server's own process, stepped in turn with it; it allocates next to nothing.

Only so can be told what a request takes: with a client elsewhere the server turns round idly while it waits.
"""

import socket

import work


class Client:
    def __init__(self, port, name, keep_alive):
        self.address = socket.getaddrinfo("127.0.0.1", port)[0][-1]
        self.request = work.request_of(name, keep_alive)
        self.view = memoryview(self.request)
        self.keep_alive = keep_alive
        self.buffer = bytearray(4096)
        self.length = 0  # of an answer, once known
        self.left_alone = False  # the server closed a connection that was to be kept
        self.socket = None

    def connect(self):
        self.socket = socket.socket()
        self.socket.connect(self.address)
        self.socket.setblocking(False)

    def ask(self):
        """Generator: send a request and receive the answer, a step of the server after each attempt."""
        if self.socket is None:
            self.connect()
        sent = self.socket.send(self.request)
        while sent < len(self.request):
            yield
            try:
                sent += self.socket.send(self.view[sent:])
            except OSError:
                pass
        received = 0
        quiet = 0
        while True:
            yield
            count = self.socket.readinto(self.buffer)
            if count is None:
                quiet += 1
                if not self.length and self.keep_alive and received and quiet > 200:
                    break
                if quiet > 20000:
                    raise RuntimeError("no answer")
                continue
            quiet = 0
            received += count
            if not count or self.keep_alive and received == self.length:
                break
        if count == 0:
            self.left_alone = self.keep_alive
        if count == 0 or not self.keep_alive:
            self.socket.close()
            self.socket = None
        if self.length and received != self.length:
            raise RuntimeError("an answer of %d bytes, not %d" % (received, self.length))
        self.length = received
