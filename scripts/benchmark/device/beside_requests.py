"""Runs beside a server in MicroPython: makes requests of one kind and tells what they allocated.

`request` is json, file or post, `keep_alive` whether one connection serves all, `count` how many are measured after
`warm_up` others. `closes` is told instead when the server keeps no connection. The client is in the server's own process and
allocates next to nothing: with a client elsewhere the server would turn round idly while it waits.
"""

import gc
import socket

import work

_QUIET_STEPS = 200  # after so many the first answer is complete
_MAX_STEPS = 20000


class Client:
    def __init__(self, port, name, keep_alive):
        self.address = socket.getaddrinfo("127.0.0.1", port)[0][-1]
        self.request = work.request_of(name, keep_alive)
        self.view = memoryview(self.request)
        self.keep_alive = keep_alive
        self.buffer = bytearray(4096)
        self.length = 0  # of an answer; that of the first is found out
        self.left_alone = False  # the server closed a connection that was to be kept
        self.socket = None

    def ask(self):
        """Generator: send a request and receive the answer, a step of the server after each attempt."""
        if self.socket is None:
            self.socket = socket.socket()
            self.socket.connect(self.address)
            self.socket.setblocking(False)
        sent = self.socket.send(self.request)
        while sent < len(self.request):
            yield
            try:
                sent += self.socket.send(self.view[sent:])
            except OSError:
                pass
        received = quiet = 0
        while received != self.length or not received:
            yield
            count = self.socket.readinto(self.buffer)
            if count is None:
                quiet += 1
                if quiet > _QUIET_STEPS and received and not self.length:
                    break
                if quiet > _MAX_STEPS:
                    raise RuntimeError("no answer")
                continue
            if not count:
                self.left_alone = self.keep_alive
                break
            quiet = 0
            received += count
        if self.left_alone or not self.keep_alive:
            self.socket.close()
            self.socket = None
        if self.length and received != self.length:
            raise RuntimeError("an answer of %d bytes, not %d" % (received, self.length))
        self.length = received


def begin(spec, report):
    yield
    yield
    client = Client(spec["port"], spec["request"], spec["keep_alive"])
    ask = client.ask
    for _ in range(spec["warm_up"]):
        for _ in ask():
            yield
        if client.left_alone:
            report("requests", closes=True)
            return
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    for _ in range(spec["count"]):
        for _ in ask():
            yield
    bytes_allocated = gc.mem_alloc() - before
    report("requests", bytes=bytes_allocated, count=spec["count"], answer=client.length)
