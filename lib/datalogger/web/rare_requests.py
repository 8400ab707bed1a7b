"""The rare requests, and all that change something: their code is loaded for each of them.

The module in rare/ has a function for each method, called like a handler; put() takes the body in
pieces.
"""

import re

from ehttpserver import route
from micropython import const

from ..on_demand import on_demand
from ..turns import Turn

_MAX_UPLOAD = const(400000)  # bytes; the whole drive has 501,760
_MAX_BODY = const(1024)  # bytes: no allocation shall be larger
_PATIENCE_TENTHS = const(60)  # of waiting until no long answer is made
_LONG = ("/api/files", "/api/deploy")  # answers that take seconds: they have a queue of their own
_OF_A_SPAN = re.compile("(^|&)(from|to|points)(=|&|$)")


class RareRequests:
    """Mix-in of the admin server. Handlers are generators that wait for their turn and return the
    response."""

    @route("/metrics|/api/files(/[^/]+)?|/api/deploy|/api/wifi/(scan|try)", "GET", _MAX_BODY)
    @route("/api/(status|readings|history|outputs|i2c|settings([.]toml)?|log)", "GET", _MAX_BODY)
    def _get_rare(self, path, query_params, *request):
        name = _name(path)
        if name == "history" and _OF_A_SPAN.search(query_params):
            name = "spans"
        turn = self.app.turn(name == "spans" or path in _LONG)
        response = None
        try:
            yield from turn.wait()
            module = turn.borrow(name)
            yield  # loading takes a step of its own
            response = module.get(self, path, query_params, *request)
        finally:
            if response and hasattr(response.body, "__next__"):
                response.turn = turn  # ends when all has been sent
            else:
                turn.end()
        return response

    @route("/api/(files/[^/]+|log|deploy(/.+)?)", "DELETE", _MAX_BODY)
    def _delete(self, path, *request):
        return self._in_turn("delete", _name(path), path, *request)

    @route("/api/(recorder|outputs/[^/]+|deploy|wifi/try)", "POST", _MAX_BODY)
    def _control(self, path, *request):
        return self._post_to(_name(path), path, *request)

    @route("/api/(login|logout|time|restart|drive)", "POST", _MAX_BODY)
    def _post(self, *request):
        return self._post_to("actions", *request)

    def _post_to(self, name, path, query_params, headers, body):
        body = bytearray()
        while True:
            piece = yield
            if not piece:
                break
            body += piece
        return (yield from self._in_turn("post", name, path, query_params, headers, body))

    def _in_turn(self, method, name, *request):
        def steps():
            module = on_demand(name)
            yield  # loading takes a step of its own
            return getattr(module, method)(self, *request)

        return self.app.in_turn(steps)

    @route("/api/(settings([.]toml)?|deploy/.+)", "PUT", _MAX_UPLOAD)
    def _put(self, path, *request):
        """It takes the body in pieces, and no turn before it has all."""
        return on_demand(_name(path)).put(self, path, *request)

    def alone(self, steps):
        """Let steps that need much memory go on once no rare answer is made (a generator that returns
        what they return)."""
        app = self.app
        turns = [app.turn()]
        try:
            yield from turns[0].wait()
            turns.append(Turn(app.long_turns, (app.streams,), app.clock, _PATIENCE_TENTHS))
            yield from turns[1].wait()
            return (yield from steps)
        finally:
            for turn in turns:
                turn.end()


def _name(path):
    """Name of the module for /metrics, or for /api/NAME, /api/NAME/... and, NAME_toml,
    /api/NAME.toml."""
    names = path.replace(".toml", "_toml").split("/")
    name = names[2] if len(names) > 2 else names[1]
    return "recordings" if name == "files" else name
