"""The limit: nothing but socket calls. It looks at one byte of a request and sends an answer made beforehand.

What it does is what no server can avoid: poll, accept, receive, send at most one TCP segment a step and connection,
read the file for it. It does not understand HTTP.
"""

import select

import work
from sockets import SEGMENT

_POLLIN = 1
_POLLOUT = 4
_IPPROTO_TCP = 6
_TCP_NODELAY = 1
_HEAD = "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
_FILE_HEAD = (_HEAD % (work.TYPE_FILE, work.FILE_SIZE)).encode()


def _answer(body):
    return (_HEAD % (work.TYPE_JSON, len(body))).encode() + body


class Limit:
    def __init__(self, spec, pool):
        self.keep_alive = spec.get("keep_alive", False)
        self.buffer = bytearray(SEGMENT)
        self.file = spec["folder"] + "/" + work.FILE_NAME
        self.json = _answer(work.body_of("json"))
        self.posted = _answer(work.body_of("post"))
        self.listener = pool.listener(spec["port"], work.PLACES)
        self.poller = select.poll()
        self.poller.register(self.listener, _POLLIN)
        self.conversations = {}  # {socket: generator}

    def step(self):
        conversations = self.conversations
        for socket, _ in self.poller.ipoll(0):
            if socket not in conversations:
                self.accept()
                continue
            try:
                next(conversations[socket])
            except (StopIteration, OSError):
                del conversations[socket]

    def accept(self):
        try:
            socket = self.listener.accept()[0]
        except (OSError, RuntimeError):  # it is gone again, or there are too many
            return
        if self.keep_alive:  # else the close sends what is left
            socket.setsockopt(_IPPROTO_TCP, _TCP_NODELAY, 1)
        self.poller.register(socket, _POLLIN)
        self.conversations[socket] = self.converse(socket)

    def converse(self, socket):
        """A generator that is continued whenever the socket is ready."""
        buffer = self.buffer
        try:
            while True:
                count = socket.recv_into(buffer)
                if not count:
                    return
                if buffer[5] == 102:  # GET /file
                    yield from self.send_file(socket)
                elif buffer[0] == 80:  # POST
                    left = buffer.find(b"\r\n\r\n") + 4 + work.POST_SIZE - count
                    while left > 0:
                        yield
                        left -= socket.recv_into(buffer)
                    socket.send(self.posted)
                else:
                    socket.send(self.json)
                if not self.keep_alive:
                    return
                yield
        finally:
            self.poller.unregister(socket)
            socket.close()

    def send_file(self, socket):
        self.poller.modify(socket, _POLLOUT)
        buffer = bytearray(SEGMENT)
        view = memoryview(buffer)
        size = len(_FILE_HEAD)
        view[:size] = _FILE_HEAD
        with open(self.file, "rb") as file:
            count = size + file.readinto(view[size:])
            while count:
                sent = 0
                while sent < count:
                    sent += socket.send(view[sent:count])
                    yield
                count = file.readinto(buffer)
        self.poller.modify(socket, _POLLIN)


def run(spec, pool, beside):
    step = Limit(spec, pool).step
    for _ in beside:
        step()
