"""The admin server: its address on the network and what every request passes."""

import gc

from adafruit_ticks import ticks_ms
from ehttpserver import Response, Server
from micropython import const

from .answers import Watched, refusal

_MAX_CONNECTIONS = const(5)  # eight sockets in all: the listener, the name server, one to spare
_QUIET_TENTHS = const(5)
_BUSY_MS = const(15)  # of a round are the server's, as long as it has work
_TICKS_MASK = const(0x1FFFFFFF)  # ticks_ms() wraps at 2**29
# Bytes that the network must have left in one piece: to accept a client (whose request lies in the
# same memory until it is read), for a page or a small piece, and to go on with a long answer. Those
# who read long ones slowly stop first, so that there is some left for the others, also after one
# packet more and another client who waits
_TO_ACCEPT = const(3500)
_FOR_A_PAGE = const(6700)  # a segment, and three more who wait for a place (nine packets)
_TO_GO_ON = const(10500)
# While clients send, eight packets more may come at any moment
_TO_BE_SAFE = const(14000)
_SAFE_TENTHS = const(2)
_PAGE = const(5840)  # bytes of an answer: four segments
_STUCK_TENTHS = const(10)  # without memory to send anything: those who wait are turned away
# What may come after a look at the memory: the radio brings no more than a packet in a millisecond,
# eight after a pause. A client who waits for a place takes three of them, and the memory of one
_BURST_MS = const(8)
_PACKET = const(1548)
_CLIENT_A_MS = const(573)
_SMALL = const(512)  # bytes
_LOOK_TENTHS = const(2)  # a look at the memory takes 11 ms
_NO_MEMORY = "The board is short of memory at the moment; try again."


class BaseServer(Server):
    """The admin server without its routes, which routes.py adds."""

    ending_ms = 250

    def __init__(self, app, access, heap=0):
        """app: the App; access: an Access; heap: bytes of Python's heap, which is in one piece, 0
        where that isn't known."""
        super().__init__(
            max_request_line_size=766,  # with its end, and five times, the memory of connections
            max_header_count=40,
            max_body_bytes=1024,
        )
        self.app = app
        self.requests = 0
        self.responses = [0] * 6  # by hundreds of the status
        self._access = access
        self._latest = 0
        self._remembers = False
        self._stuck_at = None  # since when nothing could be sent, None while something can
        self._heap = heap
        self._left = 0  # bytes that the network can still get, as far as known
        self._look_at = 0
        self._looked = 0  # ticks of the latest look
        self._had_enough = False
        self._safe_at = 0  # when others than may_send() have taken nothing for a while

    def handle_request(self, method, path, query_params, headers, body, handler):
        """Check, handle, count."""
        self.requests += 1
        self._latest = self.app.clock.tenths
        self._remembers = True
        what = "%s %s" % (method, path[:60])
        response = self._access.check(method, path, headers, self.client_address)
        if response is None:
            try:
                response = super().handle_request(
                    method, path, query_params, headers, body, handler
                )
                if not isinstance(response, Response):
                    return self._followed(response, what)
            except Exception as error:  # noqa: BLE001 - a handler may fail in any way
                response = self._failed(what, error)
        return self._finished(response, what)

    def _followed(self, steps, what):
        """Let a handler that is a generator go on (a generator that returns its response)."""
        try:
            response = yield from steps
        except Exception as error:  # noqa: BLE001 - it may fail in any way
            response = self._failed(what, error)
        return self._finished(response, what)

    def _failed(self, what, error):
        """Tell that a handler failed; returns the response that says so."""
        if isinstance(error, MemoryError):
            gc.collect()
            self.app.log.warning("No memory for %s: %s." % (what, error))
            return refusal(503, _NO_MEMORY, headers={"Retry-After": "2"})
        self.app.log.failure(what + " failed.", error)
        return refusal(500, "This failed on the board; its log tells more.")

    def _finished(self, response, what):
        """Count a response and watch over what is made while it is sent; returns it."""
        self.responses[response.status_code // 100] += 1
        if hasattr(response.body, "__next__"):
            turn = getattr(response, "turn", None)
            response.body = Watched(response.body, self.app.log, what, turn)
        return response

    def debug(self, msg):
        """Write the server's diagnostics to the log."""
        self.app.log.debug(str(msg))

    def is_quiet(self):
        """Whether the latest request was some time ago. What the server keeps of it is dropped
        then: it may lie in the middle of the free memory."""
        quiet = self.app.clock.tenths - self._latest > _QUIET_TENTHS
        if quiet and self._remembers:
            self._remembers = False
            self.forget()
        return quiet

    def may_accept(self):
        """Whether the network has memory for another client. While nobody is served, it can't get
        more by waiting. Those who wait have sent their requests, which take the memory that the
        others need: where nobody has got anything for a while, they are turned away."""
        if self.is_quiet() or self._network_has(_TO_ACCEPT):
            return True
        if self._stuck_at is None or self.app.clock.tenths - self._stuck_at <= _STUCK_TENTHS:
            return False
        return None

    def may_send(self, size, sent):
        """Whether the network has memory for so many bytes. Without it, send() would block until
        the watchdog bites."""
        wanted = _TO_GO_ON if sent >= _PAGE and size > _SMALL else _FOR_A_PAGE
        if not self._network_has(wanted) or (
            self._left < _TO_BE_SAFE and self.app.clock.tenths < self._safe_at
        ):
            if self._stuck_at is None:
                self._stuck_at = self.app.clock.tenths
            return False
        self._stuck_at = None
        self._left -= _PACKET
        return True

    def _network_has(self, wanted):
        """Whether the network can get so many bytes. It shares its memory with Python:
        gc.mem_free() counts what is free for either."""
        if not self._heap:
            return True
        if self._left < wanted:
            look = self._had_enough
        else:
            look = self._left < _FOR_A_PAGE + self._unseen()
        if look or self.app.clock.tenths >= self._look_at:
            self._look(wanted)
        return self._left >= wanted

    def _look(self, wanted):
        """See how much memory the network can still get; remember whether that is enough."""
        # mem_free() comes last: what the network has changes while these two are looked at
        left = gc.mem_alloc() - self._heap + gc.mem_free()
        now = self.app.clock.tenths
        # Clients who only come and go, as in a crowd, leave half of the time for sending
        if left < self._left and (self.incoming or now >= self._safe_at + _SAFE_TENTHS):
            self._safe_at = now + _SAFE_TENTHS
        self._left = left
        self._looked = ticks_ms()
        self.incoming = False
        self._had_enough = left >= wanted
        self._look_at = now + (_LOOK_TENTHS if self._had_enough else 1)

    def _unseen(self):
        """Bytes of the network's memory, at most, that clients have taken since the latest look: those
        of whom the poller has told, or else those who wait for a place."""
        since = (ticks_ms() - self._looked) & _TICKS_MASK
        return (_BURST_MS + since) * _PACKET if self.incoming else since * _CLIENT_A_MS

    def serve(self, pool):
        """The task that serves (a generator). pool: a socketpool.SocketPool."""
        while not self.app.network.ready:
            yield
        listener = pool.socket(pool.AF_INET, pool.SOCK_STREAM)
        steps = self.start(listener, max_parallel_connections=_MAX_CONNECTIONS)
        try:
            listener.setsockopt(pool.SOL_SOCKET, pool.SO_REUSEADDR, 1)
            begin = ticks_ms()
            for busy in steps:
                if not busy or (ticks_ms() - begin) & _TICKS_MASK >= _BUSY_MS:
                    yield
                    begin = ticks_ms()
        finally:
            steps.close()
            listener.close()
