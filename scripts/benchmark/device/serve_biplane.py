"""biplane, used as its README does. It serves no files; a handler can only return one whole."""

import biplane
import work
from biplane import Response


def run(spec, pool, beside):
    server = biplane.Server()

    @server.route(work.JSON_PATH, "GET")
    def _json(query_parameters, headers, body):
        return Response(work.JSON_BODY, content_type=work.TYPE_JSON, headers={})

    @server.route(work.FILE_PATH, "GET")
    def _file(query_parameters, headers, body):
        with open(spec["folder"] + "/" + work.FILE_NAME, "rb") as file:
            return Response(file.read(), content_type=work.TYPE_FILE, headers={})

    @server.route(work.POST_PATH, "POST")
    def _post(query_parameters, headers, body):
        return Response(work.posted(body), content_type=work.TYPE_JSON, headers={})

    steps = server.start(
        pool.socket(), listen_on=("127.0.0.1", spec["port"]), max_parallel_connections=work.PLACES
    )
    for _ in zip(steps, beside):
        pass
