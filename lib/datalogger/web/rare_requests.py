"""The rare requests, and all that change something: their code is loaded for each of them.

The module in rare/ has a function for each method, called like a handler; put() takes the body in
pieces.
"""

from ehttpserver import route
from micropython import const

from ..on_demand import borrow, give_back, on_demand

_MAX_UPLOAD = const(400000)  # bytes; the whole drive has 501,760


class RareRequests:
    """Mix-in of the admin server."""

    @route("/metrics|/api/files(/[^/]+)?", "GET")
    @route("/api/(status|readings|history|outputs|i2c|settings([.]toml)?|log)", "GET")
    def _get_rare(self, path, *request):
        return self.get_by(_name(path), path, *request)

    @route("/api/deploy", "GET")
    def _get_deployed(self, *request):
        return self.get_by("deployed", *request)

    def get_by(self, name, *request):
        """The answer to a GET by the module of that name, which others may use at once."""
        if self.borrowed:
            give_back(self.borrowed)
        self.borrowed = name  # until the answer has been sent
        return borrow(name).get(self, *request)

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
