# SPDX-FileCopyrightText: 2026 the ehttpserver maintainers
#
# SPDX-License-Identifier: MIT
"""An HTTP/1.1 server for CircuitPython that never waits.

The whole server is one generator: every ``next()`` does a small, bounded piece of work and
comes back, so that animations, motors and loggers run beside it without asyncio::

    class MyServer(Server):
        @route("/api/value/([0-9]+)", "GET")
        def _value(self, path, query_params, headers, body):
            return Response('{"value": 1}', content_type="application/json")


    for _ in MyServer().start(listening_socket):
        ...  # one step of everything else

Data flows one way: socket -> ``_Connection`` (request line, headers, body) -> handler ->
``Response`` -> ``_Connection`` (head, pieces of the body) -> socket. A connection is a place in a
pool of fixed size. What it says and understands is a generator, ``converse()``, which yields what
it waits for, the ``state``; ``step()`` moves the bytes and resumes it.
"""

import os
import re
from binascii import unhexlify
from errno import EAGAIN

from adafruit_ticks import ticks_ms
from micropython import const

try:
    from traceback import format_exception
except ImportError:  # MicroPython
    format_exception = repr

__version__ = "1.0.0"
__repo__ = "https://github.com/bablokb/ehttpserver"

# MicroPython finds a global at once, but looks through the builtins one by one
len, next, str = len, next, str  # noqa: PLW0127

# What a connection waits for
_FRESH = const(-8)  # the first byte of its first request; as _IDLE a multiple of _SENDING: step()
_IDLE = const(0)  # the first byte of another request
_HEAD = const(1)  # more of a request's head
_BODY = const(2)  # more of its body
_FLOWING = const(3)  # the same, of which a KB has come
_SENDING = const(4)  # the socket to take what is to be sent
_STREAMING = const(5)  # the next step, to ask an iterator for more of the body
_WORKING = const(6)  # the next step, to call the handler

_POLLIN = const(1)
_POLLOUT = const(4)
_READABLE = const(59)  # all but _POLLOUT: data, the end, an error
_CHECK = const(64)  # beside what a poller tells: see whether time is up
_SOL_SOCKET = const(0xFFF)  # CircuitPython's numbers, which other systems refuse
_SO_REUSEADDR = const(4)
_IPPROTO_TCP = const(6)
_TCP_NODELAY = const(1)
_SEGMENT = const(1460)  # bytes that one TCP segment carries, the most that one send is given
_BESIDE_HEAD = const(1160)  # bytes of a body that mostly fit into one segment with the head
_QUEUE = const(24)  # clients that may wait to be accepted; the system turns more of them away
_GRACE = const(50)  # ms that an idle connection keeps its place while others wait
_CROWDED = const(200)  # ms that others have waited when connections are no longer kept
_MOST_WAITED = const(500)  # ms of waiting that count
_GIVE_WAY = const(100000)  # ms without progress x weight x ms that others have waited: too much
_WEIGHTS = const(b"\2\x14\4\1\4\0\0\0")  # by what a connection waits for, first _FRESH
_FREE = const((1 << 27) - 1)  # the score of a free place
_ROUTES = const(3)  # where in _again
_MOST_KNOWN = const(512)  # bytes of a request line, and of header fields, that are kept
_ENDLESS = const(_FREE - (1 << 20))  # bytes: more than any limit and body; the least idle score
_TICKS_MASK = const(0x1FFFFFFF)  # ticks_ms() wraps at 2**29

_NOT_TOKEN = re.compile("[^!#-'*+.0-9A-Z^-z|~-]")  # RFC 9110 5.6.2
_CONTROL = re.compile("[^\t -~\x80-\U0010ffff]")  # all but tab, printable ASCII and beyond
_METHODS = const(" GET HEAD POST PUT DELETE OPTIONS PATCH TRACE CONNECT ")
_REASONS = const(
    b"200 OK,201 Created,204 No Content,206 Partial Content,302 Found,"
    b"304 Not Modified,400 Bad Request,401 Unauthorized,403 Forbidden,404 Not Found,"
    b"405 Method Not Allowed,408 Request Timeout,409 Conflict,413 Content Too Large,"
    b"414 URI Too Long,416 Range Not Satisfiable,429 Too Many Requests,"
    b"431 Header Fields Too Large,500 Internal Server Error,501 Not Implemented,"
    b"503 Service Unavailable,505 HTTP Version Not Supported,"
)
# Endings before their type; the subtype is the ending itself where the main type stands alone
_TYPES = const(
    " html css csv xml text/, js mjs text/javascript, txt log text/plain,"
    " png gif webp image/, jpg image/jpeg, svg image/svg+xml, ico image/x-icon, woff2 font/,"
    " json wasm pdf application/, webmanifest application/manifest+json, gz application/gzip,"
)

_routes = []  # (pattern, method, function, max_streamed_bytes) of every @route, in source order


def _reason(status_code):
    return _REASONS.partition(b"%d " % status_code)[2].partition(b",")[0] or b"Other"


def _text(buffer):
    """Return received bytes as text; ValueError unless they are UTF-8 without control characters
    (RFC 9110 5.5)."""
    text = str(buffer, "utf-8")
    if _CONTROL.search(text):
        raise ValueError
    return text


def _decode(text):
    """Return the bytes of ``text`` with %XX replaced; ValueError on a bad escape."""
    first, *parts = text.encode().split(b"%")
    for part in parts:
        first += unhexlify(part[:2] or b"%") + part[2:]
    return first


def route(path: str, method: str = "GET", max_streamed_bytes: int = 0):
    """Decorate a method of a ``Server`` subclass to handle requests.

    :param path: regular expression (the `re` of CircuitPython) that the whole
      percent-decoded path must match
    :param method: HTTP method; GET routes answer HEAD too
    :param max_streamed_bytes: 0 hands the body over whole, up to the server's
      ``max_body_bytes``. More makes the handler a generator that takes a body of up to that many
      bytes in pieces: ``piece = yield`` is a memoryview that is valid until the next ``yield``, and
      empty at the end of the body; ``return`` gives the response. Returning before the first
      ``yield`` refuses the body unread. When the client vanishes the generator is closed.

    The handler is called as ``handler(self, path, query_params, headers, body)``: path decoded,
    with its leading slash; query_params the raw text after "?"; headers a dict with lower-case
    names; body bytes-like. It returns a ``Response``.
    """

    def register(handler):
        # `re` has no fullmatch: the group keeps alternatives together before the "$"
        _routes.append((re.compile("(?:" + path + ")$"), method, handler, max_streamed_bytes))
        return handler

    return register


def _collect(server, base, claimed):
    """Return the routes of ``base`` and its bases, as instances of class ``server`` see them.

    A decorator can't know its class, and CircuitPython has no ``__init_subclass__``. What a class
    body registered is found by what it left behind: the handlers that the class still holds, all
    between the first and the last of them, and neighbours whose name a plain method took over.
    """
    inherited = []
    for parent in base.__bases__:
        inherited += _collect(server, parent, claimed)
    handlers = []
    for entry in _routes:
        handlers.append(entry[2])
    members = base.__dict__
    marks = ""  # of each entry: "h" held, "t" perhaps taken over
    for handler in handlers:
        member = members.get(handler.__name__)
        taken_over = member and member not in handlers and handler not in claimed
        marks += "h" if member is handler else "t" if taken_over else " "
    own = (re.search("t*h(.*h)?t*", marks) or re.search("t+|$", marks)).group(0)
    start = marks.find(own)
    table = []
    for entry in _routes[start : start + len(own)]:
        handler = entry[2]
        claimed.append(handler)
        if members.get(handler.__name__) is handler:
            override = getattr(server, handler.__name__)  # a subclass may have one
            if override is not handler:
                entry = entry[:2] + (override, entry[3])
        table.append(entry)
    return table + inherited


def _size(text, base):
    """Return the number of bytes that the digits say; ValueError when they aren't digits."""
    unhexlify(text + text)  # ValueError for what int() takes: "+5", "1_0", " 5"
    return int(text, base) if len(text) < 20 else _ENDLESS


class _Refusal(Exception):
    """Ends a request; its arguments are those of the Response that says so, after the body."""


class Response:
    """What a handler returns.

    :param body: bytes, str (sent as UTF-8), or an iterator of bytes-like pieces, sent as they come;
      a piece of ``b""`` or None means "nothing yet, ask again at the next step". A generator is
      closed when its client goes.
    :param status_code: 200 to 599; 204 and 304 send no body
    :param content_type: text types get ``charset=utf-8`` added
    :param headers: more header fields; one with a control character in it (CR, LF or NUL, for
      example; a tab is none) is not sent, but status 500

    ``status_code`` and ``headers`` (a dict of its own) may be changed until it is returned.
    """

    def __init__(
        self,
        body,
        status_code: int = 200,
        content_type: str = "text/plain",
        headers: dict | None = None,
    ):
        self.body = body.encode() if isinstance(body, str) else body
        self.status_code = status_code
        self.content_type = content_type
        self.headers = dict(headers) if headers else {}


class FileResponse(Response):
    """A file: ``filename.gz`` when it is there and the client takes gzip, else ``filename``.

    Answers 404 (without ``headers``) when there is neither; 304, 206 and 416 by ETag and Range.

    :param filename: path of the file, without ".gz"
    :param headers: more header fields, e.g. Cache-Control
    :param content_type: by the ending of ``filename`` when None
    :param buffer_size: for programs of old; files are read through the connection's buffer
    """

    def __init__(
        self,
        filename: str,
        headers: dict | None = None,
        content_type: str | None = None,
        buffer_size: int = 1024,
    ):
        if not content_type:
            ending = filename.split(".")[-1].lower()
            content_type = _TYPES.partition(" %s " % ending)[2].partition(",")[0].split(" ")[-1]
            if content_type.endswith("/"):
                content_type += ending
        super().__init__(None, 200, content_type or "application/octet-stream", headers)
        self.filename = filename
        if not (self._find(".gz") or self._find("")):
            super().__init__(_reason(404), 404)

    def _find(self, suffix):
        """Make ``filename + suffix`` the file to send, if it is one."""
        try:
            stat = os.stat(self.filename + suffix)
        except OSError:
            return
        if stat[0] & 0x8000:  # not a folder
            self.suffix = suffix
            self.stat = stat
            return True

    def _open(self, headers, buffer, fields):
        """Choose by the request's headers what to send, and add to the answer's header fields;
        return its status, its size and its pieces."""
        text = headers.get("accept-encoding", "").lower()
        weight = text.partition("gzip")[2].partition(",")[0]
        if "gzip" not in text or weight and not weight.strip(" ;q=.0"):
            self._find("")
        status = self.status_code
        start = 0
        stop = size = self.stat[6]
        tag = self.stat[8]
        if self.suffix:
            # CRC32 and size of the content (RFC 1952 2.3.1)
            for trailer in self._read(max(0, size - 8), size, buffer):
                tag = int.from_bytes(trailer, "little")
            fields["Content-Encoding"] = "gzip"
            fields["Vary"] = "Accept-Encoding"
        else:
            fields["Accept-Ranges"] = "bytes"
        fields["ETag"] = tag = '"%x-%x"' % (size, tag)
        text = headers.get("if-none-match", "")
        if status == 200:  # not a page about an error, for example
            if tag in text or text == "*":
                status = 304
            elif not self.suffix and headers.get("if-range", tag) == tag:
                text = headers.get("range", "")
                first, dash, last = text[6:].partition("-")
                if text.startswith("bytes=") and dash and (first + last).encode().isdigit():
                    begin = int(first) if first else max(0, size - int(last))
                    end = min(size, int(last) + 1) if first and last else size
                    if begin >= size:
                        raise _Refusal(416, "text/plain", {"Content-Range": "bytes */%d" % size})
                    if begin < end:
                        start = begin
                        stop = end
                        status = 206
                        fields["Content-Range"] = "bytes %d-%d/%d" % (start, stop - 1, size)
        return status, stop - start, self._read(start, stop, buffer)

    def _read(self, start, stop, buffer):
        """Read piece by piece through the memory of ``buffer`` (a generator)."""
        with open(self.filename + self.suffix, "rb") as file:
            file.seek(start)
            piece = buffer[:_BESIDE_HEAD]
            while start < stop:
                start += len(piece)
                if start > stop:
                    piece = piece[: stop - start]  # without what is too much
                if file.readinto(piece) < len(piece):
                    raise OSError  # the file shrank
                yield piece
                piece = buffer


class _Connection:
    """A place in the pool: a socket, its buffer, and the conversation with the client."""

    def __init__(self, server, poller):
        self.server = server
        self._again = server._again
        self.poller = poller
        self.ready = 0  # what the socket is ready for, as far as known
        self.buffer = bytearray(max(server.max_request_line_size + 2, _SEGMENT))
        self.view = memoryview(self.buffer)
        # The stream is a handler that reads the body, or an iterator that is sent
        self.socket = self.stream = None

    def accept(self, listening_socket):
        """Take a new client in, in place of the one that has this place."""
        socket = listening_socket.accept()[0]
        self.close()
        socket.setblocking(False)
        self.socket = socket
        self.events = _POLLIN  # what the poller looks for
        if self.poller:
            self.poller.register(socket, _POLLIN)
        self.start = self.end = 0  # what was received and not yet taken lies between them
        self.since = ticks_ms()  # the time limit runs from here
        self.state = _FRESH
        self.dialog = self.converse()
        # Else the end of a file waits until the client has acknowledged what came before
        socket.setsockopt(_IPPROTO_TCP, _TCP_NODELAY, 1)

    def close(self):
        """Forget the client and all that is held for it."""
        socket = self.socket
        if not socket:
            return
        self.socket = self.dialog = self.output = self.request = None
        self.ready = 0
        if self.poller:
            self.poller.unregister(socket)
        try:
            socket.close()
            self.release()
        except Exception as error:  # noqa: BLE001 - a generator of the program may raise anything
            self.report(error)

    def release(self):
        stream = self.stream
        self.stream = None
        if hasattr(stream, "close"):
            stream.close()

    def report(self, error):
        try:
            self.server.debug("".join(format_exception(error)))
        except Exception:  # noqa: BLE001, S110 - the program's own debug() may fail, too
            pass

    def step(self, ready):
        """Receive once, or send once, or call the handler once; or see that time is up.

        :param ready: what the poller tells; _POLLOUT also to go on, _CHECK to look at the time
        """
        state = self.state
        go_on = state > _SENDING
        try:
            try:
                if state == _SENDING:
                    output = self.output
                    size = len(output)
                    count = self.socket.send(
                        output if size <= _SEGMENT else memoryview(output)[:_SEGMENT]
                    )
                    # A few bytes now and then are no progress while others wait
                    if count >> 9 or not self.server._waited:
                        self.since = ticks_ms()
                    go_on = count == size
                    if not go_on:
                        self.output = memoryview(output)[count:]
                elif ready & _READABLE and state != _WORKING:
                    go_on = self.read() or go_on
            except OSError as error:
                if error.errno != EAGAIN:
                    raise
            if go_on:
                state = next(self.dialog)
                # The next piece of a body is no progress where the last one had to wait
                if state == _SENDING and self.events == _POLLIN:
                    self.since = ticks_ms()
            # With a full buffer nobody notices that the client of a quiet stream has gone
            if ready >= _CHECK and (state < _STREAMING or self.end == len(self.buffer)):
                server = self.server
                limit = server.request_timeout_seconds if state > 0 else server.idle_timeout_seconds
                if limit * 1000 < (ticks_ms() - self.since) & _TICKS_MASK:
                    if not state % _SENDING:  # it is idle, or it sends
                        raise StopIteration
                    state = self.dialog.throw(_Refusal(408))
                    self.since = ticks_ms()
            self.state = state
            ready = 0
            events = _POLLIN
            if state >= _SENDING:
                if go_on:
                    ready = _POLLOUT  # worth a try
                else:
                    events = _POLLOUT
            self.ready = ready
            if events != self.events and self.poller:
                self.events = events
                self.poller.modify(self.socket, events)
        except Exception as error:  # noqa: BLE001 - whatever it is ends only this connection
            if not isinstance(error, StopIteration):
                self.report(error)
            self.close()

    def read(self):
        """Receive what there is room for; return whether anything came."""
        start = self.start
        end = self.end
        view = self.view
        if start:
            end -= start
            if end:
                view[:end] = view[start : self.end]
            self.start = 0
            self.end = end
        if end < len(view):
            count = self.socket.recv_into(view[end:])
            if not count:
                raise StopIteration
            self.end = end + count
            if self.state <= _IDLE:
                self.since = ticks_ms()
            return True

    # --- the conversation: a generator that yields what it waits for ---

    def converse(self):
        """Take requests and answer them, one after the other."""
        server = self.server
        while True:
            self.closing = True  # unless the request is received to its end
            self.request = self.output = None
            headers = {}
            self.lines = server.max_header_count
            if self.start == self.end:
                yield _IDLE
            try:
                while not self.take_head(headers):
                    yield _HEAD
                method, path, query_params, http11, handler, streamed = self.request
                length = headers.get("content-length", 0)
                if http11 and "host" not in headers:
                    raise ValueError
                if "transfer-encoding" in headers:  # RFC 9112 6.3
                    if length != 0 or not http11:
                        raise ValueError
                    if headers["transfer-encoding"].lower() != "chunked":
                        raise _Refusal(501)
                    length = None
                elif length != 0:
                    length = _size(length, 10)
                closing = headers.get("connection", "").lower()
                closing = server._waited > _CROWDED or (
                    "close" in closing if http11 else "keep-alive" not in closing
                )
                if length == 0:
                    self.closing = closing
                if not handler:
                    raise _Refusal(*streamed)
                limit = streamed or server.max_body_bytes
                if (length or 0) > limit:
                    raise _Refusal(413)
                expect = http11 and headers.get("expect")
                if expect and expect.lower() != "100-continue":
                    raise _Refusal(417)
                body = b""
                if length != 0 and not streamed:
                    body = bytearray(length or 0)
                    yield from self.read_body(expect, length, limit, body)
                    self.closing = closing
                yield _WORKING
                response = server.handle_request(method, path, query_params, headers, body, handler)
                if streamed and not isinstance(response, Response):
                    self.stream = response
                    response = self.feed(None) or (
                        yield from self.read_body(expect, length, limit, None)
                    )
                    while not response:
                        self.closing = closing
                        yield _WORKING
                        response = self.feed(b"")
                output, left, body = self.compose(response, headers)
                response = None  # its memory is free while the answer is sent
                if body:
                    yield from self.write(output, left, body)
            except Exception as error:
                if self.output:
                    raise  # the answer had begun
                refusal = (500,)
                if isinstance(error, _Refusal):
                    refusal = error.args
                elif isinstance(error, ValueError) and self.state != _WORKING:
                    refusal = (400,)
                else:
                    self.report(error)
                self.release()
                response = Response(_reason(refusal[0]), *refusal)
                output, left, body = self.compose(response, headers)
            if not body:
                self.output = output
                yield _SENDING
            if self.closing:
                return

    def read_body(self, expect, stop, max_body_bytes, body):
        """Receive into ``body``, or (None) feed the handler until it returns a response."""
        if expect:
            self.output = b"HTTP/1.1 100 Continue\r\n\r\n"
            yield _SENDING
            self.output = None
        chunked = stop is None
        received = 0
        stop = stop or 0  # where the chunk ends, or the body
        due = False  # is it the turn of the line end after a chunk?
        while chunked or received < stop:
            # What fails from here on is the client's fault
            self.state = _FLOWING if received >> 10 else _BODY
            start = self.start
            if received == stop:
                end = self.find_line()
                if end < 0:
                    yield _BODY
                    continue
                line = _text(self.view[start:end])
                if due != (not line):
                    raise ValueError
                due = not due
                if line:
                    length = _size(line.partition(";")[0].strip(), 16)
                    stop += length
                    if stop > max_body_bytes:
                        raise _Refusal(413)
                    if not length:
                        while not self.take_head({}):  # trailers
                            yield _BODY
                        return
                continue
            count = min(self.end - start, stop - received)
            if not count:
                yield self.state
                continue
            self.start = start + count
            piece = self.view[start : start + count]
            if body is None:
                yield _WORKING
                response = self.feed(piece)
                if response:
                    return response
                if (received ^ received + count) >> 10:
                    self.since = ticks_ms()  # each KB earns the time to send another
            else:
                body[received : received + count] = piece
            received += count

    # --- its parts that need not wait ---

    def find_line(self):
        """Take a line; return where its text ends, -1 if it has not come to its end."""
        start = self.start
        end = self.end
        stop = self.buffer.find(b"\n", start, end)
        if (end if stop < 0 else stop) - start > self.server.max_request_line_size + 1:
            raise _Refusal(431 if self.request else 414)
        if stop >= 0:
            self.start = stop + 1
            if stop > start and self.buffer[stop - 1] == 13:
                stop -= 1
        return stop

    def take_head(self, headers):
        """Take the lines of the head that are there; return whether that was all."""
        view = self.view
        known = self._again
        fields = 0  # where they begin, if they are all there
        while True:
            start = self.start
            request = self.request
            if not headers:
                text, meaning = known[not request]
                stop = start + len(text)
                if stop <= self.end and view[start:stop] == text:
                    self.start = stop
                    if request:
                        headers.update(meaning)
                        return True
                    self.request = meaning
                    fields = stop
                    continue
            stop = self.find_line()
            if stop < 0:
                return False
            end = self.start
            if not request:
                if stop > start:
                    self.request = self.parse_line(_text(view[start:stop]))
                    fields = end
                    if end - start < _MOST_KNOWN:
                        known[1] = bytes(view[start:end]), self.request
                    continue
            elif stop == start:
                if fields and end - fields < _MOST_KNOWN:
                    known[0] = bytes(view[fields:end]), dict(headers)
                return True
            if not self.lines:
                raise _Refusal(431)
            self.lines -= 1
            if stop == start:  # empty lines may come before a request (RFC 9112 2.2)
                continue
            colon = self.buffer.find(b":", start, stop)
            if colon <= start:
                raise ValueError
            name = _text(view[start:colon]).lower()
            if _NOT_TOKEN.search(name):
                raise ValueError
            value = _text(view[colon + 1 : stop]).strip(" \t")
            if name in headers:
                if name == "host":
                    raise ValueError
                value = headers[name] + ", " + value  # no number any more, if Content-Length
            headers[name] = value

    def parse_line(self, text):
        """Return method, path, query, whether it is HTTP/1.1 (RFC 9112 3), and the route."""
        method, target, version = text.split(" ", 2)  # ValueError when there are fewer
        if not method or _NOT_TOKEN.search(method):
            raise ValueError
        http11 = version == "HTTP/1.1"
        if not http11 and version != "HTTP/1.0":
            raise _Refusal(505 if re.match("HTTP/[0-9]\\.[0-9]$", version) else 400)
        target, _, query_params = target.partition("?")
        if not target.startswith("/"):
            if target[:7].lower() == "http://":  # the absolute form
                target = "/" + target[7:].partition("/")[2]
            elif target != "*" or method != "OPTIONS":
                raise ValueError
        target = _text(_decode(target))
        return (method, target, query_params, http11) + self.find_route(method, target)

    def find_route(self, method, path):
        """Return the handler and its max_streamed_bytes, or None and the refusal."""
        allowed = ""
        for pattern, allow, handler, streamed in self._again[_ROUTES]:
            if path == "*" or pattern.match(path):
                if allow == method or allow == "GET" and method == "HEAD":
                    return handler, streamed
                if allow not in allowed:
                    allowed += allow + ", "
        if " %s " % method not in _METHODS:
            return None, (501,)
        if not allowed:
            return None, (404,)
        fields = {"Allow": allowed.replace("GET", "GET, HEAD") + "OPTIONS"}
        return None, (204 if method == "OPTIONS" else 405, "text/plain", fields)

    def feed(self, buffer):
        """Hand a piece of the body to the handler; return its response if that is one."""
        try:
            self.stream.send(buffer)
        except StopIteration as result:
            return result.value or True

    def compose(self, response, headers):
        """Return the head of an answer, the size of the body, None if unknown, and its pieces;
        a small body is in the head already."""
        request = self.request
        status = response.status_code
        body = response.body
        fields = response.headers
        size = -1
        if body is None:  # a FileResponse
            # The buffer is free unless a next request has begun to lie in it
            body = self.view if self.start == self.end else bytearray(512)
            fields = dict(fields)
            status, left, body = response._open(headers, body[:_SEGMENT], fields)
        elif hasattr(body, "__next__"):
            left = None
        else:
            left = size = len(body)
            body = (body,)
        self.stream = body
        content_type = response.content_type
        head = b""
        bodiless = status in (204, 304)
        announce = not bodiless
        for name in fields:
            value = fields[name]
            kind = name.lower()
            if kind == "content-type":
                content_type = value
            elif kind == "connection":
                self.closing = True
            else:
                line = ("%s: %s" % (name, value)).encode()
                _text(line)
                head += b"\r\n" + line
                if kind == "content-length":
                    left = int(value)
                    announce = False
        if announce:
            if left is not None:
                head += b"\r\nContent-Length: %d" % left
            elif request[3]:
                head += b"\r\nTransfer-Encoding: chunked"
            else:
                left = _ENDLESS
                self.closing = True
        if self.closing:
            head += b"\r\nConnection: close"
        elif not request[3]:
            head += b"\r\nConnection: keep-alive"
        known = self._again
        kind = status, content_type
        last, start = known[2]
        if last != kind:
            if content_type.startswith("text/") and "charset" not in content_type:
                content_type += "; charset=utf-8"
            line = content_type.encode()
            _text(line)
            start = b"HTTP/1.1 %d %s\r\nContent-Type: %s" % (status, _reason(status), line)
            known[2] = kind, start
        head = start + head + b"\r\n\r\n"
        if bodiless or request and request[0] == "HEAD":
            self.release()
            body = ()
        elif left == size and len(head) + size <= _SEGMENT:
            head += body[0]
            body = self.stream = ()
        return head, left, body

    def write(self, output, count, body):
        """Send the output, then the pieces of the body, which has so many bytes; None: chunked."""
        chunk_end = b""  # what stands before the next chunk
        for piece in body:
            if piece:
                if count is None:
                    output += chunk_end + b"%x\r\n" % len(piece)
                    chunk_end = b"\r\n"
                else:
                    count -= len(piece)  # what is left
                    if count < 0:
                        raise ValueError  # more than the Content-Length
                if not output:
                    output = piece
                elif len(output) + len(piece) <= _SEGMENT:
                    output += piece
                else:
                    self.output = output
                    yield _SENDING
                    output = piece
            if output:
                self.output = output
                output = b""
                yield _SENDING
            else:
                yield _STREAMING
        if count is None:
            output += chunk_end + b"0\r\n\r\n"
        elif count:
            self.closing = True  # it was less than the Content-Length
        if output:
            self.output = output
            yield _SENDING
        self.release()


class Server:
    """An HTTP server; its subclasses' methods decorated with ``route`` handle the requests.

    :param max_request_line_size: bytes of the request line, and of each header line
    :param max_header_count: header lines of a request
    :param max_body_bytes: of a body that is handed over whole
    :param request_timeout_seconds: for a request from its first byte to its last, and for a
      client to read anything of what it is sent
    :param debug: print diagnostics
    :param idle_timeout_seconds: for a connection without a request; it is given up at once
      when another client waits for its place
    """

    def __init__(
        self,
        max_request_line_size: int = 4096,
        max_header_count: int = 50,
        max_body_bytes: int = 65536,
        request_timeout_seconds: int = 10,
        debug: bool = False,
        idle_timeout_seconds: int = 5,
    ):
        self.max_request_line_size = max_request_line_size
        self.max_header_count = max_header_count
        self.max_body_bytes = max_body_bytes
        self.request_timeout_seconds = request_timeout_seconds
        self.idle_timeout_seconds = idle_timeout_seconds
        self._debug = debug

    def debug(self, msg):
        """Take a diagnostic message; override it to send them elsewhere."""
        if self._debug:
            print(msg)

    def html_decode(self, text: str) -> str:
        """Decode a value of a form: "+" is a space, %XX a byte of UTF-8."""
        try:
            return str(_decode(text.replace("+", " ")), "utf-8")
        except ValueError:
            return text

    def handle_request(
        self, method: str, path: str, query_params: str, headers: dict, body, handler
    ) -> Response:
        """Call the handler; override it to look at every request first, or at every response."""
        return handler(self, path, query_params, headers, body)

    def start(
        self,
        listening_socket,
        listen_on: tuple = ("0.0.0.0", 80),
        max_parallel_connections: int = 5,
    ):
        """Serve, as a generator.

        Each step accepts at most one connection and, for each that is open, receives once, or sends
        once, or calls a handler once. ``close()`` the generator to close them.

        :param listening_socket: a stream socket, not yet bound
        :param listen_on: address and port
        :param max_parallel_connections: the size of the pool; each place costs a buffer of
          ``max_request_line_size`` bytes, 1460 at least. Up to 24 more clients wait for a place.
        """
        # What may come again: header fields and a request line, and what they mean; a status with
        # a content type, and how such an answer begins; a tuple equals no bytes. And the routes
        self._again = [((0,), None)] * 3 + [_collect(type(self), type(self), [])]
        listening_socket.setblocking(False)
        try:
            # A program that starts again need not wait until its old connections are forgotten
            listening_socket.setsockopt(_SOL_SOCKET, _SO_REUSEADDR, 1)
        except Exception:  # noqa: BLE001, S110 - not on a board
            pass
        listening_socket.bind(listen_on)
        listening_socket.listen(_QUEUE)
        try:
            import select

            poller = select.poll()
            poller.register(listening_socket, _POLLIN)
            ipoll = poller.ipoll
            # Whether it tells that somebody waits; CircuitPython's issue 8964: it says so always
            tells = not poller.poll(0)
        except Exception:  # noqa: BLE001 - no select, or sockets that it can't take
            poller = tells = None
        connections = []
        while len(connections) < max_parallel_connections:
            connections.append(_Connection(self, poller))
        check = _CHECK + _READABLE  # for good, where there is no poller
        # _waited: ms that others have waited for a place, as far as known
        self._waited = turn = before = 0
        try:
            while True:
                now = ticks_ms()
                turn = (turn + 1) & 3
                # Each fourth step where nothing tells who waits: accept() in vain is an exception
                looks = tells or not turn
                someone_waits = looks and not poller
                if poller:
                    check = looks and (before ^ now) >> 4 and _CHECK  # every 16 ms
                    for socket, events in ipoll(0):
                        for connection in connections:
                            if connection.socket is socket:
                                connection.ready |= events
                                break
                        else:
                            someone_waits = looks
                for connection in connections:
                    if connection.ready or check and connection.socket:
                        connection.step(connection.ready | check)
                if someone_waits or tells and self._waited:
                    elapsed = now - before  # wrong once in six days, for what waits half a second
                    if not someone_waits or _admit(self, listening_socket, connections):
                        elapsed = -elapsed
                    self._waited = max(0, min(self._waited + elapsed, _MOST_WAITED))
                if looks:  # else the time goes to the next look
                    before = now
                yield
        finally:
            for connection in connections:
                connection.close()


def _admit(server, listening_socket, pool):
    """Accept a connection in a free place, or in that of a client that does nothing.

    An idle one has a moment. One that takes its time with a request, or with reading its answer,
    has the less the longer others have waited, and the least for a request's head: who had to wait
    for a place has sent it long since. Return whether a place was free or idle, or nobody waited
    after all.
    """
    place = idle = None
    most = _GIVE_WAY
    for connection in pool:
        score = _FREE
        if connection.socket:
            score = (ticks_ms() - connection.since) & _TICKS_MASK
            if connection.state:
                score *= server._waited * _WEIGHTS[connection.state]
            elif score > _GRACE:
                score += _ENDLESS
                idle = connection
        if score > most:
            most = score
            place = connection
    try:
        if place:
            place.accept(listening_socket)
    except (OSError, AttributeError):  # nobody is there (EAGAIN), or no setsockopt()
        return True
    except Exception as error:  # noqa: BLE001 - RuntimeError("Out of sockets"), MemoryError
        connection.report(error)
        place.close()
        if idle:
            idle.close()
    return most >= _ENDLESS
