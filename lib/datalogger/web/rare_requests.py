"""The rare requests, and all that change something: their code is loaded for each of them.

The module in rare/ has a function for each method, called like a handler; put() takes the body in
pieces.
"""

import re

from ehttpserver import route
from micropython import const

from ..on_demand import on_demand
from .turns import Turn

_MAX_UPLOAD = const(400000)  # bytes; the whole drive has 501,760
_MAX_BODY = const(1024)  # of a GET, which nobody reads
_QUICK_TENTHS = const(30)  # of waiting for a turn
_LONG_TENTHS = const(300)
_LONG = "/api/files /api/deploy"  # answers that take seconds: they have a queue of their own
_OF_A_SPAN = re.compile("(^|&)(from|to|points)(=|&|$)")


class RareRequests:
    """Mix-in of the admin server."""

    @route("/metrics|/api/files(/[^/]+)?|/api/deploy", "GET", max_streamed_bytes=_MAX_BODY)
    @route(
        "/api/(status|readings|history|outputs|i2c|settings([.]toml)?|log)",
        "GET",
        max_streamed_bytes=_MAX_BODY,
    )
    def _get_rare(self, path, query_params, headers, body):
        """A generator that returns the response: it waits for its turn."""
        name = _name(path)
        if name == "deploy":
            name = "deployed"
        elif name == "history" and _OF_A_SPAN.search(query_params):
            name = "spans"
        turn = self.turn(name == "spans" or path in _LONG)
        response = None
        try:
            yield from turn.wait()
            response = turn.borrow(name).get(self, path, query_params, headers, body)
        finally:
            if response and hasattr(response.body, "__next__"):
                response.turn = turn  # ends when all has been sent
            else:
                turn.end()
        return response

    def turn(self, is_long=False):
        """A new Turn in one of the two queues."""
        if is_long:
            return Turn(self.long_turns, self.app.clock, _LONG_TENTHS)
        return Turn(self.turns, self.app.clock, _QUICK_TENTHS)

    @route("/api/(settings([.]toml)?|deploy/.+)", "PUT", max_streamed_bytes=_MAX_UPLOAD)
    def _put(self, path, *request):
        return on_demand(_name(path)).put(self, path, *request)

    @route("/api/(files/[^/]+|log|deploy(/.+)?)", "DELETE")
    def _delete(self, path, *request):
        return on_demand(_name(path)).delete(self, path, *request)

    @route("/api/(recorder|outputs/[^/]+|deploy)", "POST")
    def _control(self, path, *request):
        return on_demand(_name(path)).post(self, path, *request)

    @route("/api/(login|logout|time|restart|drive)", "POST")
    def _post(self, path, *request):
        return on_demand("actions").post(self, path, *request)


def _name(path):
    """Name of the module for /metrics, or for /api/NAME, /api/NAME/... and, NAME_toml,
    /api/NAME.toml."""
    names = path.replace(".toml", "_toml").split("/")
    name = names[2] if len(names) > 2 else names[1]
    return "recordings" if name == "files" else name
