"""The work that every server does, and what its answers must be. Shared by the servers and the clients."""

import sys

JSON_PATH = "/json"
JSON_BODY = '{"temperature": 21.5, "voltage": 4.95, "free": 81234}'
FILE_PATH = "/file"
FILE_NAME = "data.bin"
FILE_SIZE = 30000
POST_PATH = "/echo"
POST_SIZE = 8192
PLACES = 5  # connections served at once, where a server lets one choose
TYPE_JSON = "application/json"
TYPE_FILE = "application/octet-stream"
RAISE = b"raise"  # body of a POST whose handler raises
SHORT = b"four"  # body of a POST that is shorter than announced

_POSTED = '{"bytes": %d}'
_HEAD = "%s HTTP/1.1\r\nHost: 192.168.4.1\r\nUser-Agent: bench\r\nAccept: */*\r\nAccept-Encoding: gzip\r\n"


def posted(body):
    """What the handler of a POST answers."""
    if body == RAISE:
        raise ValueError("as asked")
    if body == SHORT:
        sys.stderr.write('@bench {"event": "short"}\n')
    return _POSTED % len(body)


def body_of(name):
    """The right answer to a request: name is json or post."""
    return (JSON_BODY if name == "json" else _POSTED % POST_SIZE).encode()


def post(body, size):
    """The bytes of a POST that announces so many bytes."""
    return (
        _HEAD % ("POST " + POST_PATH) + "Content-Length: %d\r\nConnection: close\r\n\r\n" % size
    ).encode() + body


def request_of(name, keep_alive):
    """The bytes of a request: name is json, file or post."""
    if name == "post":
        return post(b"x" * POST_SIZE, POST_SIZE)
    head = _HEAD % ("GET " + (FILE_PATH if name == "file" else JSON_PATH))
    if not keep_alive:
        head += "Connection: close\r\n"
    return (head + "\r\n").encode()
