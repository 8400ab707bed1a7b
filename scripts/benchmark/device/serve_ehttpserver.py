"""This library, and whatever else has its API (`--library`)."""

import work
from ehttpserver import FileResponse, Response, Server, route


class App(Server):
    @route(work.JSON_PATH, "GET")
    def _json(self, path, query_params, headers, body):
        return Response(work.JSON_BODY, content_type=work.TYPE_JSON)

    @route(work.FILE_PATH, "GET")
    def _file(self, path, query_params, headers, body):
        return FileResponse(self.folder + "/" + work.FILE_NAME)

    @route(work.POST_PATH, "POST")
    def _post(self, path, query_params, headers, body):
        return Response(work.posted(body), content_type=work.TYPE_JSON)


def run(spec, pool, beside):
    app = App()
    app.folder = spec["folder"]
    steps = app.start(
        pool.socket(), listen_on=("127.0.0.1", spec["port"]), max_parallel_connections=work.PLACES
    )
    for _ in zip(steps, beside):
        pass
