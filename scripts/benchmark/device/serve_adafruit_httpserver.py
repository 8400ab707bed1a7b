"""adafruit_httpserver, polled as its example "Tasks between requests" does, OSError caught as there."""

import work
from adafruit_httpserver import GET, POST, FileResponse, Response, Server


class _Pattern:
    """A path's pattern whose matches have groups(), which CircuitPython's have and MicroPython's don't."""

    def __init__(self, pattern):
        self._pattern = pattern

    def match(self, path):
        return self if self._pattern.match(path) else None

    def groups(self):
        return ()


def run(spec, pool, beside):
    server = Server(pool, spec["folder"])

    @server.route(work.JSON_PATH, GET)
    def _json(request):
        return Response(request, work.JSON_BODY, content_type=work.TYPE_JSON)

    @server.route(work.FILE_PATH, GET)
    def _file(request):
        return FileResponse(request, work.FILE_NAME, content_type=work.TYPE_FILE)

    @server.route(work.POST_PATH, POST)
    def _post(request):
        return Response(request, work.posted(request.body), content_type=work.TYPE_JSON)

    for route in server._routes:
        route.path_pattern = _Pattern(route.path_pattern)
    server.start("127.0.0.1", spec["port"])
    for _ in beside:
        try:
            server.poll()
        except OSError:
            continue
