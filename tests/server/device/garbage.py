"""Measures what the server allocates, in a process of its own under MicroPython.

Client and server are stepped in turn here, because the heap can only be measured inside the
interpreter. The client allocates nothing. Arguments: what to measure, folder of the files. Prints
one line of JSON.
"""

import gc
import io
import json
import os
import socket as host
import sys

from ehttpserver import FileResponse, Response, Server, route

_GET_FILENO = 10


class Socket(io.IOBase):
    """The least that the server needs; allocates nothing itself."""

    def __init__(self, raw):
        self._raw = raw
        self._descriptor = raw.fileno()
        self.setblocking = raw.setblocking
        self.setsockopt = raw.setsockopt
        self.listen = raw.listen
        self.bind = raw.bind
        self.close = raw.close
        self.send = raw.send
        self._readinto = raw.readinto

    def ioctl(self, request, _argument):
        return self._descriptor if request == _GET_FILENO else -22

    def accept(self):
        return Socket(self._raw.accept()[0]), None

    def recv_into(self, buffer, _size=0):
        count = self._readinto(buffer)
        if count is None:
            raise OSError(11)
        return count


class App(Server):
    @route("/json", "GET")
    def _json(self, path, query_params, headers, body):
        return Response('{"value": 1}', content_type="application/json")

    @route("/file/(.+)", "GET")
    def _file(self, path, query_params, headers, body):
        return FileResponse(_folder + path[5:])

    @route("/pieces", "GET")
    def _pieces(self, path, query_params, headers, body):
        return Response(_quiet())

    @route("/upload", "PUT", max_streamed_bytes=1000000)
    def _upload(self, path, query_params, headers, body):
        size = 0
        with open(_folder + "/uploaded", "wb") as file:
            while True:
                piece = yield
                if not piece:
                    break
                file.write(piece)
                size += len(piece)
        return Response(str(size), 201)


def _quiet():
    yield b"opened"
    while True:
        yield None


class Client:
    """Sends a request and reads the answer into one buffer."""

    buffer = bytearray(8192)

    def __init__(self):
        self._raw = host.socket()
        self._raw.connect(_address)
        self._raw.setblocking(False)

    def request(self, data, length):
        """Send data and read `length` bytes of the answer (0: until nothing more comes)."""
        send = self._raw.send
        readinto = self._raw.readinto
        sent = 0
        received = 0
        idle = 0
        while sent < len(data):
            sent += send(data)
        while received < length or not length:
            next(_server)
            count = readinto(self.buffer)
            if count is not None:
                received += count
                idle = 0
                if not count:
                    break
            else:
                idle += 1
                if idle > 200:
                    break
        return received

    def close(self):
        self._raw.close()


def _get(path):
    return b"GET " + path + b" HTTP/1.1\r\nHost: board\r\nUser-Agent: test\r\nAccept: */*\r\n\r\n"


def _steps(count):
    for _ in range(count):
        next(_server)


def _allocated(function, *arguments):
    """Bytes that the call allocates, whether it keeps or discards them."""
    gc.collect()
    before = gc.mem_alloc()
    function(*arguments)
    return gc.mem_alloc() - before


def _repeat(client, data, length, times):
    for _ in range(times):
        client.request(data, length)


def idle(connections):
    """Bytes that 1000 steps with this many idle connections allocate."""
    clients = [Client() for _ in range(connections)]
    for client in clients:
        client.request(_get(b"/json"), 0)
    _steps(100)
    return {"bytes": _allocated(_steps, 1000)}


def stream():
    """Bytes that 1000 steps with an event stream that has nothing to send allocate."""
    Client().request(_get(b"/pieces"), 0)
    return {"bytes": _allocated(_steps, 1000)}


def keep_alive():
    """Bytes that a kept connection's GET of a small JSON allocates, the mean of 1000."""
    client = Client()
    data = _get(b"/json")
    length = client.request(data, 0)
    _repeat(client, data, length, 10)
    return {"bytes": _allocated(_repeat, client, data, length, 1000) / 1000, "answer": length}


def file(name):
    """Bytes that a GET of a file allocates."""
    client = Client()
    data = _get(b"/file/" + name.encode())
    length = client.request(data, 0)
    _repeat(client, data, length, 2)
    return {"bytes": _allocated(_repeat, client, data, length, 10) / 10, "answer": length}


def growth():
    """Bytes in use after 200 and after 2000 requests of all sorts."""
    data = _get(b"/json")
    used = []
    for rounds in (200, 1800):
        for number in range(rounds):
            client = Client()
            client.request(data, 0 if number % 50 == 0 else 120)
            if number % 3 == 0:
                client.request(_get(b"/file/small.bin"), 0 if number % 50 == 0 else 200)
            if number % 7 == 0:
                client.request(b"GET /json HTT", 1)
            client.close()
            _steps(3)
        _steps(20)
        gc.collect()
        used.append(gc.mem_alloc())
    return {"first": used[0], "last": used[1]}


_folder = sys.argv[2]
gc.collect()
_raw = host.socket()
_raw.setsockopt(host.SOL_SOCKET, host.SO_REUSEADDR, 1)
while True:
    _number = os.urandom(2)
    _address = host.getaddrinfo("127.0.0.1", 20000 + (_number[0] << 8 | _number[1]) % 12000)[0][-1]
    try:
        _server = App().start(Socket(_raw), listen_on=_address)
        next(_server)
        break
    except OSError as error:
        if error.errno != 98:  # the port is in use
            raise
_what = sys.argv[1]
if _what != "growth":
    gc.disable()
print(json.dumps(globals()[_what](*[int(a) if a.isdigit() else a for a in sys.argv[3:]])))
