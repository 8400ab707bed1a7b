"""A server with the API of ehttpserver and common faults, to see that bench.py finds them.

It serves one connection at a time and waits for it, an exception in a handler ends it, and it hands
a truncated body over as if it were whole.
"""

import os

_routes = []


def route(path, method="GET"):
    def register(handler):
        _routes.append((path, method, handler))
        return handler

    return register


class Response:
    def __init__(self, body, status_code=200, content_type="text/plain"):
        self.body = body.encode() if isinstance(body, str) else body
        self.status_code = status_code
        self.content_type = content_type


class FileResponse(Response):
    def __init__(self, filename):
        with open(filename, "rb") as file:
            super().__init__(file.read(os.stat(filename)[6]))


class Server:
    def start(self, listening_socket, listen_on, max_parallel_connections):
        listening_socket.bind(listen_on)
        listening_socket.listen(max_parallel_connections)
        listening_socket.setblocking(False)
        while True:
            try:
                connection = listening_socket.accept()[0]
            except OSError:
                connection = None
            if connection:
                self._serve(connection)
            yield

    def _serve(self, connection):
        connection.settimeout(5)
        data = self._receive(connection)
        if data:
            connection.send(self._answer(data))
        connection.close()

    def _receive(self, connection):
        buffer = bytearray(1460)
        data = b""
        missing = 1
        while missing > 0:
            count = connection.recv_into(buffer)
            if not count:
                break
            data += buffer[:count]
            head, end, body = data.partition(b"\r\n\r\n")
            if end:
                _, _, length = head.lower().partition(b"content-length: ")
                missing = int(length.split(b"\r\n")[0] or 0) - len(body)
        return data

    def _answer(self, data):
        head, _, body = data.partition(b"\r\n\r\n")
        method, path = head.decode().split(" ")[:2]
        for pattern, allowed, handler in _routes:
            if (pattern, allowed) == (path, method):
                response = handler(self, path, "", {}, body)
                lines = "HTTP/1.1 %d X\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
                head = lines % (response.status_code, response.content_type, len(response.body))
                return head.encode() + response.body
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
