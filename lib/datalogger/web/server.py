"""The admin server: its address on the network and what every request passes."""

import gc

from ehttpserver import Response, Server
from micropython import const

from .answers import Watched, refusal

_MAX_CONNECTIONS = const(5)  # eight sockets in all: the listener, the name server, one to spare
_QUIET_TENTHS = const(5)
_NO_MEMORY = "The board is short of memory at the moment; try again."


class BaseServer(Server):
    """The admin server without its routes, which routes.py adds."""

    def __init__(self, app, access):
        """app: the App; access: an Access."""
        super().__init__(
            max_request_line_size=1458,  # with its end one TCP segment: memory, five times
            max_header_count=40,
            max_body_bytes=1024,
        )
        self.app = app
        self.requests = 0
        self.responses = [0] * 6  # by hundreds of the status
        self._access = access
        self._latest = 0
        self._remembers = False

    def handle_request(self, method, path, query_params, headers, body, handler):
        """Check, handle, count."""
        self.requests += 1
        self._latest = self.app.clock.tenths
        self._remembers = True
        app = self.app
        what = "%s %s" % (method, path[:60])
        response = self._access.check(method, path, headers)
        if response is None:
            try:
                response = super().handle_request(
                    method, path, query_params, headers, body, handler
                )
            except MemoryError as error:
                gc.collect()
                app.log.warning("No memory for %s: %s." % (what, error))
                response = refusal(503, _NO_MEMORY, headers={"Retry-After": "2"})
            except Exception as error:  # noqa: BLE001 - a handler may fail in any way
                app.log.failure(what + " failed.", error)
                response = refusal(500, "This failed on the board; its log tells more.")
        if isinstance(response, Response):
            self.responses[response.status_code // 100] += 1
            if hasattr(response.body, "__next__"):
                response.body = Watched(response.body, app.log, what)
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

    def serve(self, pool):
        """The task that serves (a generator). pool: a socketpool.SocketPool."""
        while not self.app.network.ready:
            yield
        listener = pool.socket(pool.AF_INET, pool.SOCK_STREAM)
        try:
            listener.setsockopt(pool.SOL_SOCKET, pool.SO_REUSEADDR, 1)
            yield from self.start(listener, max_parallel_connections=_MAX_CONNECTIONS)
        finally:
            listener.close()
