"""The work that every server does, and what its answers must be. Shared by the servers and the client."""

JSON_PATH = "/json"
JSON_BODY = '{"temperature": 21.5, "voltage": 4.95, "free": 81234}'
FILE_PATH = "/file"
FILE_NAME = "data.bin"
FILE_SIZE = 30000
POST_PATH = "/echo"  # answers the number of bytes that it got
POST_SIZE = 8192
RAISE_PATH = "/raise"  # its handler raises ValueError
CALLS_PATH = "/calls"  # answers how often the handler of POST_PATH was called
PLACES = 5  # connections served at once, where a server lets one choose
TYPE_JSON = "application/json"
TYPE_FILE = "application/octet-stream"

_HEAD = "%s HTTP/1.1\r\nHost: 192.168.4.1\r\nUser-Agent: bench\r\nAccept: */*\r\nAccept-Encoding: gzip\r\n"


class Calls:
    """Counts calls of the POST handler."""

    count = 0


def post_body(size):
    return '{"bytes": %d}' % size


def request_of(name, keep_alive):
    """The bytes of a request: name is json, file or post."""
    body = b""
    if name == "post":
        head = _HEAD % ("POST " + POST_PATH) + "Content-Length: %d\r\n" % POST_SIZE
        body = b"x" * POST_SIZE
    else:
        head = _HEAD % ("GET " + (FILE_PATH if name == "file" else JSON_PATH))
    if not keep_alive:
        head += "Connection: close\r\n"
    return (head + "\r\n").encode() + body
