"""The rare requests, and all that change something: their code is imported for each of them.

The modules requests_….py have a function for each method, called like a handler.
"""

from ehttpserver import route
from micropython import const

from .on_demand import on_demand

_LARGEST_UPLOAD = const(400000)  # bytes; the whole drive has 501,760


class RareApi:
    """Mix-in of the admin server."""

    @route("/metrics", "GET")
    @route("/api/files(/[^/]+)?", "GET")
    @route("/api/(history|settings|settings[.]toml|log|deploy)", "GET")
    def _get_rare(self, path, *request):
        return _module(path).get(self, path, *request)

    @route("/api/settings([.]toml)?", "PUT")
    def _put_settings(self, path, *request):
        return _module(path).put(self, path, *request)

    @route("/api/deploy/.+", "PUT", max_streamed_bytes=_LARGEST_UPLOAD)
    def _put_deployed(self, path, *request):
        return _module(path).put(self, path, *request)

    @route("/api/(files/[^/]+|log|deploy/.+)", "DELETE")
    def _delete(self, path, *request):
        return _module(path).delete(self, path, *request)

    @route("/api/(login|logout|time|restart|drive)", "POST")
    def _post(self, path, *request):
        return on_demand("requests_actions").post(self, path, *request)


def _module(path):
    """The module for /metrics, or for /api/NAME, /api/NAME/... and /api/NAME.toml."""
    name = path.replace(".toml", "").split("/")
    return on_demand("requests_" + (name[2] if len(name) > 2 else name[1]))
