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
        work.Calls.count += 1
        return Response(work.post_body(len(body)), content_type=work.TYPE_JSON)

    @route(work.RAISE_PATH, "GET")
    def _raise(self, path, query_params, headers, body):
        raise ValueError("as asked")

    @route(work.CALLS_PATH, "GET")
    def _calls(self, path, query_params, headers, body):
        return Response(str(work.Calls.count))


def run(pool, port, folder, beside):
    app = App()
    app.folder = folder
    steps = app.start(
        pool.socket(), listen_on=("127.0.0.1", port), max_parallel_connections=work.PLACES
    )
    for _ in zip(steps, beside):
        pass
