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
``Response`` -> ``_Connection`` (head, pieces of the body) -> socket. The ``Server`` has a fixed number
of connections: it finds out which are ready, and decides who gives way when more clients come.
What a connection says and understands is a generator, ``converse()``, which yields what it waits
for, the ``state``; ``step()`` moves the bytes and resumes it.
"""

import os
import re
from binascii import unhexlify
from errno import EAGAIN
from sys import platform
from time import time

from adafruit_ticks import ticks_ms
from micropython import const

try:
    from traceback import format_exception
except ImportError:  # MicroPython
    format_exception = repr

__version__ = "1.0.0"

# MicroPython finds a global at once, but looks through the builtins one by one
hasattr, isinstance, memoryview = hasattr, isinstance, memoryview  # noqa: PLW0127
len, min, next, str = len, min, next, str  # noqa: PLW0127

# What a connection waits for; of those that give way to a waiting client, the first goes first
_FREE = const(0)  # a client
_ENDING = const(1)  # the client's end of the connection, after the last answer
_IDLE = const(2)  # the first byte of another request
_FRESH = const(3)  # the first byte of its first request
_HEAD = const(4)  # more of a request's head
_BODY = const(5)  # more of its body
_SENDING = const(6)  # the socket to take more of the answer
_STREAMING = const(7)  # the next step, to ask an iterator for more of the answer
_WORKING = const(8)  # the next step, to call the handler

_NEVER = const(1 << 29)  # ms: more than ticks tell
# By state: ms after which a connection gives way when another client waits. They run from the
# first byte of a head, else from the last progress
_PATIENCE = const((0, 0, 50, 500, 1000, 2000, 2000, _NEVER, _NEVER))
_LONGEST = const(1 << 26)  # ms: no connection is so long over its time
_LAST = const(_LONGEST * _STREAMING)
_PROGRESS = const(256)  # bytes; fewer are none while others wait, or a few a second would do
_MAX_SENT = const(1 << 20)  # bytes: what an endless answer counts to, as an int without memory
_CROWDED = const(200)  # ms that others have waited when answers end their connections

# Why a connection was closed: the keys of Server.closed_connections
_ENDED = const("ended")  # in order
_GAVE_WAY = const("gave way")
_TIME_LIMIT = const("time limit")
_GONE = const("client gone")
_ERROR = const("error")

# What a request line means: a tuple of these
_METHOD = const(0)
_HTTP11 = const(3)  # after path and query
_HANDLER = const(4)
_STREAMED = const(5)  # its max_streamed_bytes; without a handler the arguments of a _Refusal

_POLLIN = const(1)
_POLLOUT = const(4)
_READABLE = const(59)  # all but _POLLOUT: data, the end, an error
_CHECK = const(64)  # beside what a poller tells: see whether time is up
_SOL_SOCKET = const(0xFFF)  # CircuitPython's numbers, which other systems refuse
_SO_REUSEADDR = const(4)
_IPPROTO_TCP = const(6)
_TCP_NODELAY = const(1)
_SEGMENT = const(1460)  # bytes that one TCP segment carries, the most that one send is given
_HEAD_PIECE = const(512)  # bytes of a head that are received at once
_QUEUE = const(16)  # clients that may wait to be accepted; the system turns more of them away
_HEAD_LINES = const(4)  # times the longest line: that much the headers may have in all
_MOST_KNOWN = const(512)  # bytes of a request's head that are remembered
_ENDLESS = const((1 << 27) - 1)  # bytes: more than any limit and body
_CLOCK_SET = const(1600000000)  # no clock that was set says less; unset, it begins in 2000
_TICKS_MASK = const(0x1FFFFFFF)  # ticks_ms() wraps at 2**29

_ON_RP2 = platform[:2] == "RP"  # a Pico W or Pico 2 W

_NOT_TOKEN = re.compile("[^!#-'*+.0-9A-Z^-z|~-]")  # RFC 9110 5.6.2
_CONTROL = re.compile("[^\t -~\x80-\U0010ffff]")  # all but tab, printable ASCII and beyond
_METHODS = const(" GET HEAD POST PUT DELETE OPTIONS PATCH TRACE CONNECT ")
_REASONS = const(
    b"200 OK,201 Created,202 Accepted,204 No Content,206 Partial Content,301 Moved Permanently,"
    b"302 Found,303 See Other,304 Not Modified,307 Temporary Redirect,308 Permanent Redirect,"
    b"400 Bad Request,401 Unauthorized,403 Forbidden,404 Not Found,405 Method Not Allowed,"
    b"408 Request Timeout,409 Conflict,413 Content Too Large,414 URI Too Long,"
    b"416 Range Not Satisfiable,417 Expectation Failed,422 Unprocessable Content,"
    b"429 Too Many Requests,431 Header Fields Too Large,500 Internal Server Error,"
    b"501 Not Implemented,503 Service Unavailable,505 HTTP Version Not Supported,"
)
# Endings before their type; the subtype is the ending itself where the main type stands alone
_TYPES = const(
    " html css csv xml text/, js mjs text/javascript, txt log text/plain, htm text/html,"
    " png gif webp jpeg bmp avif image/, jpg image/jpeg, svg image/svg+xml, ico image/x-icon,"
    " woff woff2 ttf otf font/, mp4 webm video/, mp3 audio/mpeg,"
    " json wasm pdf zip application/, webmanifest application/manifest+json, gz application/gzip,"
)


def _reason(status_code):
    start = _REASONS.find(b"%d " % status_code) + 4
    return _REASONS[start : _REASONS.find(b",", start)] if start > 3 else b"Other"


def _field(name, value):
    """Return a header field with the line end before it; ValueError on a control character."""
    line = ("%s: %s" % (name, value)).encode()
    _text(line)
    return b"\r\n" + line


def _text(buffer):
    """Return received bytes as text; ValueError unless they are UTF-8 without control characters
    (RFC 9110 5.5)."""
    text = _utf8(buffer)
    if _CONTROL.search(text):
        raise ValueError
    return text


def _utf8(buffer):
    """Return bytes as text; ValueError unless they are UTF-8."""
    text = str(buffer, "utf-8")
    # MicroPython takes more bytes for a character than it needs, which would hide a slash
    if len(text) < len(buffer):
        for char in text:
            if chr(ord(char)) != char:
                raise ValueError
    return text


def _decode(text):
    """Return the bytes of ``text`` with %XX replaced; ValueError on a bad escape."""
    first, *parts = text.encode().split(b"%")
    for part in parts:
        first += unhexlify(part[:2] or b"%") + part[2:]
    return first


def _size(text, base):
    """Return the number of bytes that the digits say; ValueError when they aren't digits."""
    unhexlify(text + text)  # ValueError for what int() takes: "+5", "1_0", " 5"
    return int(text, base)


def _elapsed(since):
    return (ticks_ms() - since) & _TICKS_MASK


def _hurry(socket, value):
    """Let the system send at once (1) what is sent, or (0) put small pieces together.

    Never on a Pico W: CircuitPython 10.2 stops there with a hard fault when an option is set after
    the client has reset the connection, which may happen at any moment. What is put together there
    waits until the client has acknowledged what came before: for full segments lwIP doesn't wait.
    """
    if not _ON_RP2:
        try:
            socket.setsockopt(_IPPROTO_TCP, _TCP_NODELAY, value)
        except OSError:  # the client is gone, as the next call will tell
            pass


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
        # The members of the class whose body runs at the moment
        members = locals()  # in MicroPython always those of a class body or module
        if "handler" in members:  # CPython
            import sys

            members = sys._getframe(1).f_locals
        # `re` has no fullmatch: the group keeps alternatives together before the "$"
        entry = re.compile("(?:" + path + ")$"), method, handler, max_streamed_bytes
        members["@routes"] = members.get("@routes", ()) + (entry,)
        return handler

    return register


def _collect(server, base):
    """Return the routes of ``base`` and its bases, as instances of class ``server`` see them."""
    table = []
    members = base.__dict__
    for entry in members.get("@routes", ()):
        handler = entry[2]
        # A plain method of the same class may have taken over its name: the route stays its own
        if members.get(handler.__name__) is handler:
            handler = getattr(server, handler.__name__)  # a subclass may have one
        table.append(entry[:2] + (handler, entry[3]))
    for parent in base.__bases__:
        table += _collect(server, parent)
    return table


class _Refusal(Exception):
    """Ends a request; its arguments are those of the Response that says so, after the body."""


class Response:
    """What a handler returns.

    :param body: bytes, str (sent as UTF-8), or an iterator of pieces (bytes-like or str), sent as
      they come; a piece of ``b""`` or None means "nothing yet, ask again at the next step". A
      generator is closed when its client goes.
    :param status_code: 200 to 599; 204 and 304 send no body
    :param content_type: text types get ``charset=utf-8`` added
    :param headers: more header fields, a list or tuple for one that is there several times; one
      with a control character in it (CR, LF or NUL, for example; a tab is none) is not sent, but
      status 500

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
        self.headers = dict(headers or ())


class FileResponse(Response):
    """A file: ``filename.gz`` when it is there and the client takes gzip, else ``filename``.

    Answers 404 (without ``headers``) when there is neither; 304, 206 and 416 by ETag and Range.

    :param filename: path of the file, without ".gz"
    :param headers: more header fields, e.g. Cache-Control
    :param content_type: by the ending of ``filename`` when None
    :param buffer_size: for programs of old; files are read through a buffer of the server's

    ``size`` (bytes) may be lowered until it is returned: what follows in the file is not sent.
    """

    def __init__(
        self,
        filename: str,
        headers: dict | None = None,
        content_type: str | None = None,
        buffer_size: int = 1024,
    ):
        if not content_type:
            ending = filename[filename.rfind(".") + 1 :].lower()
            at = _TYPES.find(" %s " % ending)
            if at >= 0:
                stop = _TYPES.find(",", at)
                content_type = _TYPES[_TYPES.rfind(" ", at, stop) + 1 : stop]
                if content_type[-1] == "/":
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
            self.size = stat[6]
            self.changed = stat[8]
            return True

    def open(self, path: str):
        """Open the file; override it to know when a file that was opened must not be read on."""
        return open(path, "rb")

    def _open(self, connection, headers, fields):
        """Open as the connection's stream the file that the request's headers choose, and add to
        the answer's header fields; return the status, and where in the file the body begins and
        ends."""
        _, gzip, weight = headers.get("accept-encoding", "").lower().partition("gzip")
        weight = weight.partition(",")[0]
        if self.suffix and (not gzip or weight and not weight.strip(" ;q=.0")):
            self._find("")
        status = self.status_code
        start = 0
        stop = size = self.size
        connection.stream = file = self.open(self.filename + self.suffix)
        tag = self.changed
        if self.suffix:
            # CRC32 and size of the content (RFC 1952 2.3.1)
            file.seek(max(0, size - 8))
            tag = int.from_bytes(file.read(8), "little")
            fields["Content-Encoding"] = "gzip"
            fields["Vary"] = "Accept-Encoding"
        else:
            fields["Accept-Ranges"] = "bytes"
            if not _CLOCK_SET < tag <= time() - 2:
                tag = None  # nor can an unset clock tell two contents apart, or FAT's two seconds
        if tag is not None:
            fields["ETag"] = tag = '"%x-%x"' % (size, tag)
        if status == 200:  # not a page about an error, for example
            text = headers.get("if-none-match", "")
            if text == "*" or tag and tag in text:
                status = 304
            elif not self.suffix and headers.get("if-range", tag) == tag:
                text = headers.get("range", "")  # RFC 9110 14.2
                first, dash, last = text[6:].partition("-")
                if text[:6].lower() == "bytes=" and dash and (first + last).encode().isdigit():
                    begin = int(first) if first else max(0, size - int(last))
                    end = min(size, int(last) + 1) if first and last else size
                    if begin >= size:
                        raise _Refusal(416, "text/plain", {"Content-Range": "bytes */%d" % size})
                    if begin < end:
                        start = begin
                        stop = end
                        status = 206
                        fields["Content-Range"] = "bytes %d-%d/%d" % (start, stop - 1, size)
        return status, start, stop


class _Connection:
    """A place in the pool: a socket, its buffer, and the conversation with the client."""

    def __init__(self, server):
        self.server = server
        self.ready = self.state = self.since = 0  # what the socket is ready for, as far as known
        # The stream is a handler that reads the body, or what is sent: a file, or an iterator
        self.socket = self.stream = None
        # All others too: the table of them would grow later, into the middle of the free memory
        self.address = self.dialog = self.request = self.length = self.reason = None
        self.output = self.piece = self.rest = None
        self.events = self.moved = self.start = self.end = self.left = self.stop = 0
        self.begun = self.lines = self.head = self.sent = 0
        self.closing = self.cut = False

    def accept(self, socket, address):
        """Begin a conversation with a new client."""
        self.socket = socket
        self.address = address and address[0]
        socket.setblocking(False)
        self.events = _POLLIN  # what the poller looks for
        if self.server._http_poller:
            self.server._http_poller.register(socket, _POLLIN)
        self.rest = b""  # what was received and not yet taken, while other connections work
        self.state = _FRESH
        self.since = ticks_ms()  # the last progress: each 256 bytes, which `moved` counts
        self.moved = 0
        self.reason = _ENDED
        self.dialog = self.converse()
        self.server.open_connections += 1

    def close(self, reason):
        """Forget the client and all that is held for it."""
        socket = self.socket
        if not socket:
            return
        if self.server._http_poller:
            self.server._http_poller.unregister(socket)
        self.socket = self.dialog = self.output = self.piece = self.request = self.rest = None
        self.ready = self.state = 0
        try:
            socket.close()
            self.release()
        except Exception as error:  # noqa: BLE001 - a generator of the program may raise anything
            self.report(error)
        self.server.open_connections -= 1
        self.server.closed_connections[reason] += 1
        if reason != _ENDED:
            self.report("Connection closed: " + reason)

    def release(self):
        """Let go of what was sent."""
        stream = self.stream
        self.stream = self.piece = None
        if hasattr(stream, "close"):
            stream.close()

    def report(self, msg):
        """Tell an exception, or a message, to debug()."""
        try:
            self.server.debug(msg if isinstance(msg, str) else "".join(format_exception(msg)))
        except Exception:  # noqa: BLE001, S110 - the program's own debug() may fail, too
            pass

    # --- moving the bytes ---

    def step(self, ready):
        """Receive once, or send once, or call the handler once; or see that time is up.

        :param ready: what the poller tells; _POLLOUT also to go on, _CHECK to look at the time
        """
        try:
            state = self.state
            go_on = state > _SENDING
            if state == _SENDING:
                go_on = ready != _CHECK and self.send(ready & _CHECK)
            elif ready & _READABLE and state != _WORKING:
                go_on = self.receive() or go_on
            if go_on:
                self.resume()
            if ready & _CHECK:
                self.check_time()
            state = self.state
            # A socket mostly takes what is sent: it is asked only when it didn't
            events = _POLLOUT if state == _SENDING and not go_on else _POLLIN
            self.ready = _POLLOUT if go_on and state >= _SENDING else 0
            if go_on and state != _STREAMING:
                self.server._http_busy = True
            if events != self.events:
                self.events = events
                if self.server._http_poller:
                    self.server._http_poller.register(self.socket, events)
        except StopIteration:
            self.close(self.reason)
        except Exception as error:  # noqa: BLE001 - whatever it is ends only this connection
            self.report(error)
            self.close(_ERROR)

    def receive(self):
        """Receive what there is room for, behind what was not taken; return whether anything came."""
        state = self.state
        view = self.server._http_view
        end = len(self.rest)
        if end == len(view):  # no room for the requests behind a stream: they are dropped
            self.closing = True
            end = 0
        stop = end + _HEAD_PIECE if _IDLE <= state <= _HEAD else len(view)
        count = self.transfer(view[end:stop])
        if count == 0:
            if state > _FRESH:
                self.reason = _GONE
            raise StopIteration
        if count:
            if end:
                view[:end] = self.rest
            self.start = 0  # what came and is not yet taken lies between start and end
            self.end = end + count
            self.rest = b""
            return True

    def resume(self):
        """Let the conversation go on. What came is in a buffer that belongs to all connections; what
        is not taken is kept elsewhere from one step to the next."""
        rest = self.rest
        if rest:
            self.start = 0
            self.end = end = len(rest)
            self.server._http_view[:end] = rest
            self.rest = b""
        self.state = next(self.dialog)
        if self.start < self.end:
            self.rest = bytes(self.server._http_view[self.start : self.end])

    def send(self, check):
        """Send some of the output and of what follows it, in a file or in a piece of a body; return
        whether that was all.

        :param check: whether it is time for what costs too much in each step

        They are put together in the buffer: what the socket doesn't take is put there once more.
        """
        server = self.server
        segment = output = self.output
        start = len(output)
        left = self.left
        sent = self.sent
        size = start + left
        if size > _SEGMENT:
            # The odd bytes go first: at the end lwIP would keep them until the client has
            # acknowledged what came before, which clients do 40 to 200 ms later
            size = not sent and size % _SEGMENT or _SEGMENT
        if not server.may_send(size, sent):
            if check:
                self.discard()
            return False
        if size > start:
            segment = rest = server._http_segment
            if size < _SEGMENT:
                segment = rest = segment[:size]
            if start:
                segment[:start] = output
                rest = segment[start:]
            at = self.stop - left
            if self.piece:
                rest[:] = memoryview(self.piece)[at : at + size - start]
            else:
                stream = self.stream
                stream.seek(at)
                if stream.readinto(rest) < size - start:
                    raise ValueError  # the file shrank
        elif size < start:
            segment = memoryview(output)[:size]
        count = self.transfer(segment)
        if count is None:
            return False
        if sent < _MAX_SENT:
            self.sent = sent + count
        if count < start:
            self.output = output[count:]
            return False
        if start:
            self.output = b""
        self.left = left = left + start - count
        return not left

    def discard(self):
        """Drop what came behind the request: it may lie in the very memory that the answer waits
        for."""
        try:
            if self.socket.recv_into(self.server._http_view):
                self.closing = True  # another request may have begun there
        except OSError as error:
            if error.errno != EAGAIN:
                self.reason = _GONE
                raise StopIteration

    def transfer(self, segment):
        """Let the socket send the segment, or receive into it; return how many bytes, None when it
        isn't ready."""
        state = self.state
        try:
            if state == _SENDING:
                count = self.socket.send(segment)
            else:
                count = self.socket.recv_into(segment)
        except OSError as error:
            if error.errno == EAGAIN:
                return
            self.reason = _GONE
            raise StopIteration
        self.server._http_busy = True
        moved = self.moved + count
        if state < _HEAD or state > _HEAD and moved >= _PROGRESS:
            self.since = ticks_ms()
            moved = 0
        self.moved = moved
        return count

    def check_time(self):
        """End what takes too long."""
        state = self.state
        reading = state in (_HEAD, _BODY)
        limit = self.server._http_limits[state]
        if limit and _elapsed(self.begun if reading else self.since) > limit * 1000:
            if state > _ENDING:
                self.reason = _TIME_LIMIT
            if not reading:
                raise StopIteration
            self.state = self.dialog.throw(_Refusal(408))

    # --- the conversation: a generator that yields what it waits for ---

    def converse(self):
        """Take requests and answer them, one after the other."""
        server = self.server
        self.closing = False
        while not self.closing:
            headers = {}
            self.request = self.length = None
            self.sent = 0  # bytes of the answer
            self.since = ticks_ms()
            if self.start == self.end:
                yield _IDLE
            self.begun = ticks_ms()
            self.lines = server.max_header_count
            self.head = _HEAD_LINES * server.max_request_line_size
            try:
                if not self.recall_head(headers):
                    first = self.start
                    while not self.take_head(headers):
                        first = -1  # it comes in parts
                        yield _HEAD
                    self.check_head(headers)
                    if first >= 0:
                        self.remember_head(first, headers)
                method, path, query_params, _, handler, streamed = self.request
                body = b""
                if self.length != 0 and not streamed:
                    body = bytearray(self.length or 0)
                    yield from self.read_body(headers, body)
                yield _WORKING
                server.client_address = self.address
                response = server.handle_request(method, path, query_params, headers, body, handler)
                if streamed and not isinstance(response, Response):
                    self.stream = response
                    response = self.feed(None) or (yield from self.read_body(headers, None))
                    while not response:
                        yield _WORKING
                        response = self.feed(b"")
                sending = self.compose(response, headers)
                headers = response = None  # their memory is free while the answer is sent
                yield from sending
            except Exception as error:
                if self.sent:
                    raise  # half an answer and another one after it would be understood by nobody
                arguments = (500,)
                if isinstance(error, _Refusal):
                    arguments = error.args
                elif isinstance(error, ValueError) and self.state < _SENDING:  # while reading
                    arguments = (400,)
                else:
                    self.report(error)
                self.release()
                response = Response(_reason(arguments[0]), *arguments)
                yield from self.compose(response, None)
            self.release()
            sending = response = body = None  # nor is their memory taken between two requests
        # The client closes first: then it has the whole answer, and the board keeps nothing of it
        self.begun = ticks_ms()
        while not self.cut and _elapsed(self.begun) < server.request_timeout_seconds * 1000:
            self.start = self.end = 0  # what comes is dropped
            yield _ENDING

    # --- the head of a request ---

    def recall_head(self, headers):
        """Take the head that came latest, if it came once more; return whether it did."""
        known = self.server._known
        if known:
            text, fields, request, length, closing = known
            start = self.start
            stop = start + len(text)
            if stop <= self.end and self.server._http_view[start:stop] == text:
                self.start = stop
                self.request = request
                self.length = length
                self.closing = closing
                headers.update(fields)
                return True

    def remember_head(self, first, headers):
        """Remember a head that lies whole in the buffer, from ``first`` on: the next one is often
        the same, and to understand it takes long."""
        if self.start - first < _MOST_KNOWN:
            text = bytes(self.server._http_view[first : self.start])
            self.server._known = text, dict(headers), self.request, self.length, self.closing

    def check_head(self, headers):
        """Learn how long the body is and whether the connection ends; refuse a request that can't
        be served."""
        http11 = self.request[_HTTP11]
        streamed = self.request[_STREAMED]
        if http11 and "host" not in headers:
            raise ValueError
        length = headers.get("content-length", 0)
        if "transfer-encoding" in headers:  # RFC 9112 6.3
            if length != 0 or not http11:
                raise ValueError
            if headers["transfer-encoding"].lower() != "chunked":
                raise _Refusal(501)
            length = None
        elif length != 0:
            length = _size(length, 10)
        self.length = length
        self.closing = not http11
        if "connection" in headers:
            for token in headers["connection"].lower().split(","):
                if token.strip() == ("close" if http11 else "keep-alive"):
                    self.closing = http11
        if not self.request[_HANDLER]:
            raise _Refusal(*streamed)
        if (length or 0) > (streamed or self.server.max_body_bytes):
            raise _Refusal(413)
        if http11 and "expect" in headers and headers["expect"].lower() != "100-continue":
            raise _Refusal(417)

    def find_line(self, status):
        """Take a line; return where its text ends, -1 if it has not come to its end. A line that is
        too long is refused with the status."""
        start = self.start
        end = self.end
        buffer = self.server._http_buffer
        stop = buffer.find(b"\n", start, end)
        if (end if stop < 0 else stop) - start > self.server.max_request_line_size + 1:
            raise _Refusal(status)
        if stop >= 0:
            self.start = stop + 1
            if stop > start and buffer[stop - 1] == 13:
                stop -= 1
        return stop

    def take_head(self, headers):
        """Take what is there of the head, or of trailers; return whether that was all."""
        view = self.server._http_view
        while True:
            start = self.start
            stop = self.find_line(431 if self.request else 414)
            if stop < 0:
                return False
            if stop == start and self.request:
                return True
            if stop == start:
                continue  # empty lines may come before a request (RFC 9112 2.2)
            line = _text(view[start:stop])
            if not self.request:
                self.request = self.parse_line(line)
                continue
            self.lines -= 1
            self.head -= stop - start
            if self.lines < 0 or self.head < 0:
                raise _Refusal(431)
            name, colon, value = line.partition(":")
            if not (name and colon) or _NOT_TOKEN.search(name):
                raise ValueError
            name = name.lower()
            value = value.strip(" \t")
            if name in headers:
                if name == "host":
                    raise ValueError
                value = headers[name] + ", " + value  # no number any more, if Content-Length
                if len(value) > self.server.max_request_line_size:
                    raise _Refusal(431)
            headers[name] = value

    def parse_line(self, text):
        """Return what a request line means (RFC 9112 3): see _METHOD and what follows it."""
        method, target, version = text.split(" ", 2)  # ValueError when there are fewer
        if not method or _NOT_TOKEN.search(method):
            raise ValueError
        http11 = version == "HTTP/1.1"
        if not http11 and version != "HTTP/1.0":
            raise _Refusal(505 if re.match("HTTP/[0-9]\\.[0-9]$", version) else 400)
        target, _, query_params = target.partition("?")
        if target[:1] != "/":
            if target[:7].lower() == "http://":  # the absolute form
                target = "/" + target[7:].partition("/")[2]
            elif target != "*" or method != "OPTIONS":
                raise ValueError
        target = _text(_decode(target))
        return (method, target, query_params, http11) + self.find_route(method, target)

    def find_route(self, method, path):
        """Return the handler and its max_streamed_bytes, or None and the refusal."""
        allowed = ""
        for pattern, allow, handler, streamed in self.server._http_routes:
            try:
                fits = path == "*" or pattern.match(path)
            except Exception:  # noqa: BLE001 - the expression can't bear a path so long
                raise _Refusal(414)
            if fits:
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

    # --- the body of a request ---

    def read_body(self, headers, body):
        """Receive the body into ``body``, or (None) feed the handler until it returns a response;
        a generator."""
        if "expect" in headers and self.request[_HTTP11]:
            self.output = b"HTTP/1.1 100 Continue\r\n\r\n"
            self.left = 0
            yield _SENDING
            self.sent = 0
        self.since = ticks_ms()
        left = self.length or 0  # bytes to the end of the body, or of its chunk (RFC 9112 7.1)
        at = 0
        after = False  # is it the turn of the line end after a chunk?
        view = self.server._http_view
        while left or self.length is None:
            self.state = _BODY  # what has no meaning from here on is the client's fault
            start = self.start
            if not left:
                stop = self.find_line(400)
                if stop < 0:
                    yield _BODY
                    continue
                line = _text(view[start:stop])
                if after != (not line):
                    raise ValueError
                after = not after
                if line:
                    left = _size(line.partition(";")[0].rstrip(" \t"), 16)
                    if at + left > (self.request[_STREAMED] or self.server.max_body_bytes):
                        raise _Refusal(413)
                    if not left:
                        while not self.take_head({}):  # trailers
                            yield _BODY
                        break
                continue
            count = min(self.end - start, left)
            if not count:
                yield _BODY
                continue
            self.start = start + count
            piece = view[start : start + count]
            at += count
            left -= count
            if body is not None:
                body[at - count : at] = piece
                if left:
                    yield _BODY
                continue
            self.state = _WORKING
            response = self.feed(piece)
            if response:
                return response
            self.begun = self.since  # as long as something comes, it may take its time
            if self.start < self.end:
                yield _WORKING
        self.length = 0

    def feed(self, piece):
        """Hand a piece of the body to the handler; return its response if that is one."""
        self.server.client_address = self.address
        try:
            self.stream.send(piece)
        except StopIteration as result:
            return result.value or True

    # --- the answer ---

    def compose(self, response, headers):
        """Put the head into the output, with the body behind it if that is no iterator; return an
        iterable of the states in which the answer is sent."""
        status = response.status_code
        body = response.body
        fields = response.headers
        start = self.left = 0
        size = None
        if body is None:  # a FileResponse
            fields = dict(fields)
            status, start, stop = response._open(self, headers, fields)
            size = stop - start
        elif hasattr(body, "__next__"):
            self.stream = body
        else:
            size = len(body)
        self.piece = body
        self.since = ticks_ms()
        self.output, left = self.make_head(status, response.content_type, fields, size)
        if left == 0 or self.request and self.request[_METHOD] == "HEAD":
            self.release()
        elif size is None:
            return self.send_pieces(left)
        elif left != size:
            raise ValueError  # the program has a Content-Length of its own
        else:
            self.left = size
            self.stop = start + size
        return (_SENDING,)

    def make_head(self, status, content_type, fields, left):
        """Return the head of an answer, and the bytes of its body, None: they come in chunks."""
        head = b""
        for name in fields:
            values = fields[name]
            kind = name.lower()
            if kind == "content-type":
                content_type = values
            elif kind == "connection":
                self.closing = True
            elif kind == "content-length":
                left = int(values)
            else:
                for value in values if isinstance(values, (list, tuple)) else (values,):
                    head += _field(name, value)
        http11 = not self.request or self.request[_HTTP11]
        self.cut = not http11
        if status in (204, 304):
            left = 0
        elif left is not None:
            head += b"\r\nContent-Length: %d" % left
        elif http11:
            head += b"\r\nTransfer-Encoding: chunked"
        else:
            left = _ENDLESS
            self.closing = True
        if self.length != 0 or self.server._http_waited > _CROWDED:
            self.closing = True
        if self.closing:
            head += b"\r\nConnection: close"
        elif not http11:
            head += b"\r\nConnection: keep-alive"
        kind = status, content_type
        known, start = self.server._start
        if known != kind:
            if content_type[:5] == "text/" and "charset" not in content_type:
                content_type += "; charset=utf-8"
            start = b"HTTP/1.1 %d %s" % (status, _reason(status))
            start += _field("Content-Type", content_type)
            self.server._start = kind, start
        return start + head + b"\r\n\r\n", left

    def send_pieces(self, left):
        """Send the head and then the pieces of a body of so many bytes, None: in chunks."""
        end = b""  # of the chunk before
        _hurry(self.socket, 0)
        for piece in self.stream:
            if not piece:
                yield _SENDING if self.output else _STREAMING
                self.since = ticks_ms()
                continue
            if isinstance(piece, str):
                piece = piece.encode()
            self.piece = piece
            self.left = self.stop = size = len(piece)
            if left is None:
                self.output += end + b"%x\r\n" % size
                end = b"\r\n"
            else:
                left -= size
                if left < 0:
                    raise ValueError  # more than the Content-Length
            yield _SENDING
        _hurry(self.socket, 1)  # before the end of the body: for lwIP that alone sends nothing
        if left is None:
            self.output += end + b"0\r\n\r\n"
        elif left:  # the end of the connection has to say so
            self.cut = self.closing = True
        if self.output:
            yield _SENDING


class Server:
    """An HTTP server; its subclasses' methods decorated with ``route`` handle the requests.

    A connection ends after an answer that says so, when its client leaves, or by a limit. When
    all places are taken and another client waits, the first connection in this table gives way,
    of several the one that is longest over its time:

    | it waits for | it gives way after | it is closed after |
    |---|---|---|
    | the client's end, after the last answer | 0 ms | 1 s of silence |
    | another request | 50 ms | ``idle_timeout_seconds`` |
    | its first request | 500 ms | ``idle_timeout_seconds`` |
    | more of a request's head | 1000 ms since its first byte | ``request_timeout_seconds`` (408) |
    | more of a request's body | 2000 ms without progress | ``request_timeout_seconds`` (408) |
    | the client to take more of an answer | 2000 ms without progress | ``request_timeout_seconds`` |
    | the program: a handler, or an iterator that has nothing yet | never | never |

    Progress is each 256 bytes. The last answer's end, and a body that a handler takes in pieces,
    may take ``request_timeout_seconds`` and as long as there is progress, respectively.

    :param max_request_line_size: bytes of the request line, and of each header line; all
        headers together may have four times that
    :param max_header_count: header lines of a request
    :param max_body_bytes: of a body that is handed over whole
    :param request_timeout_seconds: for a request from its first byte to its last, and for a
      client to read anything of what it is sent
    :param debug: print diagnostics
    :param idle_timeout_seconds: for a connection without a request; it is given up at once
      when another client waits for its place

    ``closed_connections`` counts the connections that were closed, by the reason, of which all but
    the first are told to ``debug()``:

    - "ended": in order, by either side
    - "gave way": another client waited, and this one was idle or slow
    - "time limit": nothing came, or nothing was taken, for too long
    - "client gone": the client left in the middle of a request or an answer
    - "error": an exception in the middle of an answer, or no memory or socket for a new client

    ``client_address`` is the address of the client whose request is being handled,
    ``open_connections`` the number of those that are open. ``incoming`` becomes True whenever a
    client has sent something: from then on the network's memory may be less than it was; the
    program sets it to False.

    A program may set ``ending_ms``: so many more ms a client has for closing the connection after
    its last answer while another waits. On a board a connection that the server closes first keeps
    172 bytes of the network's memory for two minutes, one that the client closes first none.
    """

    ending_ms = 0
    client_address = None
    open_connections = 0
    incoming = False

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
        self.closed_connections = {_ENDED: 0, _GAVE_WAY: 0, _TIME_LIMIT: 0, _GONE: 0, _ERROR: 0}
        self._debug = debug

    def debug(self, msg):
        """Take a diagnostic message; override it to send them elsewhere."""
        if self._debug:
            print(msg)

    def html_decode(self, text: str) -> str:
        """Decode a value of a form: "+" is a space, %XX a byte of UTF-8."""
        try:
            return _utf8(_decode(text.replace("+", " ")))
        except ValueError:
            return text

    def handle_request(
        self, method: str, path: str, query_params: str, headers: dict, body, handler
    ) -> Response:
        """Call the handler; override it to look at every request first, or at every response."""
        return handler(self, path, query_params, headers, body)

    def may_accept(self) -> bool | None:
        """Say whether a client that waits may come in; override it where memory is short.

        Asked in each step in which one may wait. The answer must cost little; with False the client
        waits on, with None it is turned away: its connection is reset, as its request is not read.
        """
        return True

    def may_send(self, size: int, sent: int) -> bool:
        """Say whether so many bytes may be handed to the network; override it where memory is short.

        Asked before everything that is sent. The answer must cost little; with False it is asked
        again in the next step, until the client gives way or its time is up.

        :param size: bytes, 1460 at most
        :param sent: bytes of the same answer that have been sent before, counted up to 1 MB
        """
        return True

    def forget(self):
        """Let go of the latest request's head with what it means, and of how the latest answer
        began: kept for when the same comes again, they may lie in the middle of the free memory."""
        self._known = None
        self._start = None, b""

    def start(
        self,
        listening_socket,
        listen_on: tuple = ("0.0.0.0", 80),
        max_parallel_connections: int = 5,
    ):
        """Serve, as a generator.

        Each step accepts at most one connection and, for each that is open, receives once, or sends
        once, or calls a handler once. It yields whether any of that was done: a program that does
        much else may give a busy server several steps in a row. ``close()`` the generator to close
        the connections.

        :param listening_socket: a stream socket, not yet bound
        :param listen_on: address and port
        :param max_parallel_connections: the size of the pool. All share one buffer of
          ``max_request_line_size`` bytes, 1460 at least; a place takes more only while a request
          lies there in parts. Up to 16 more clients wait for a place.
        """
        listening_socket.setblocking(False)
        try:
            # A program that starts again need not wait until its old connections are forgotten
            listening_socket.setsockopt(_SOL_SOCKET, _SO_REUSEADDR, 1)
        except Exception:  # noqa: BLE001, S110 - not on a board
            pass
        listening_socket.bind(listen_on)
        listening_socket.listen(_QUEUE)
        self.forget()
        # Named so that a program's own names for its own things stay free
        self._http_routes = _collect(type(self), type(self))
        # What is received and sent, within one step of a connection
        self._http_buffer = bytearray(max(self.max_request_line_size + 2, _SEGMENT))
        self._http_view = memoryview(self._http_buffer)
        self._http_segment = self._http_view[:_SEGMENT]
        idle = self.idle_timeout_seconds
        request = self.request_timeout_seconds
        # By state: seconds after which a connection ends; 0: never
        self._http_limits = 0, 1, idle, idle, request, request, request, 0, 0
        self._http_waited = 0  # ms that clients have waited without a break, as far as known
        self._http_poller = None
        try:
            import select

            poller = select.poll()
            poller.register(listening_socket, _POLLIN)
            poller.ipoll(0)
            self._http_poller = poller
        except Exception:  # noqa: BLE001, S110 - no select, or sockets that it can't take
            pass
        connections = []
        while len(connections) < max_parallel_connections:
            connections.append(_Connection(self))
        try:
            yield from self._http_serve(listening_socket, connections)
        finally:
            for connection in connections:
                connection.close(_ENDED)

    def _http_serve(self, listening_socket, connections):
        """In each step (a generator) let each connection do one thing and take in one client; yield
        whether there was work."""
        poller = self._http_poller
        tells = False  # does the poller tell when nobody waits? CircuitPython's issue 8964: never
        before = idle = 0  # ticks of the step before; steps without work
        empty_at = ticks_ms()  # when nobody waited, as far as known
        while True:
            now = ticks_ms()
            due = now >> 4 != before >> 4  # every 16 ms
            before = now
            self._http_busy = False
            someone = not poller
            check = _CHECK + _READABLE
            if poller:
                check = due and _CHECK
                for socket, events in poller.ipoll(0):
                    for connection in connections:
                        if connection.socket is socket:
                            connection.ready |= events
                            if events & _READABLE:
                                self.incoming = True
                            break
                    else:
                        someone = True
            for connection in connections:
                if connection.ready or check and connection.state:
                    connection.step(connection.ready | check)
            tells = tells or not someone
            # Where nothing tells whether somebody waits, accept() in vain is an exception, and that
            # is memory: it is tried every 16 ms, and each fourth step soon after there was work
            look = tells or due or not idle & (3 if idle < 64 else 15)
            if not someone or look and self._http_admit(listening_socket, connections):
                empty_at = now
            self._http_waited = (now - empty_at) & _TICKS_MASK
            idle = 0 if self._http_busy else idle + 1 & 0xFFF
            yield self._http_busy

    def _http_admit(self, listening_socket, connections):
        """Take in a client that waits: in a free place, else in that of the connection that gives
        way first; return whether it is certain that no other waits."""
        for place in connections:
            if not place.state:
                break
        else:
            place = self._http_slow(connections)
        allowed = self.may_accept()
        if allowed is None:
            try:
                listening_socket.accept()[0].close()
            except Exception:  # noqa: BLE001, S110 - nobody is there, or no socket for it
                pass
        if not (place and allowed):
            return False
        try:
            socket, address = listening_socket.accept()
            _hurry(socket, 1)
            place.close(_GAVE_WAY if place.state > _ENDING else _ENDED)
            place.accept(socket, address)
            self._http_busy = True
        except OSError:  # nobody is there (EAGAIN), or is gone again
            return True
        except Exception as error:  # noqa: BLE001 - RuntimeError("Out of sockets"), MemoryError
            place.report(error)
            slow = self._http_slow(connections)
            place.close(_ERROR)
            if slow:
                slow.close(_GAVE_WAY)  # so that the next client finds a socket
        return False

    def _http_slow(self, connections):
        """Return the connection that gives way first to a client that waits, None when none does."""
        slow = None
        first = _LAST
        for connection in connections:
            state = connection.state
            over = _elapsed(connection.since) - _PATIENCE[state]
            if state == _ENDING:
                over -= self.ending_ms
            rank = state * _LONGEST - over
            if state and over >= 0 and rank < first:
                slow = connection
                first = rank
        return slow
